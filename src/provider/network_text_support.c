/*
 * Conversations of the technical-support scenario: a planned visit, and every other ticket.
 */
#include "base/mem.h"
#include "network_script_p.h"

/* The texts are laid out by hand. */
/* clang-format off */

#define GREETING_AR \
	"A: السلام عليكم، معكم المساعد الصوتي الآلي للدعم الفني في {companyNameAr|الشركة}، " \
	"والمكالمة مسجلة. هل أتحدث مع {customerName|صاحب البلاغ}؟"
#define GREETING_EN \
	"A: Hello, this is the automated technical support assistant of " \
	"{companyNameEn|our company}, on a recorded line. Am I speaking with " \
	"{customerName|the customer}?"

static const struct script_ending visit_endings[] = {
	{"visit_confirmed", 58, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: نعم، الموعد مناسب، وبكون في البيت.\n"
		 "A: ممتاز. هل من شيء يفيد الفني قبل أن يصل؟\n"
		 "C: الجهاز في الصالة، والموقف عند الباب الخلفي.",
		 "preferredTime={visitDate}\nsummary=الموعد مؤكد، والجهاز في الصالة، والموقف عند "
		 "الباب الخلفي."},
		{"C: تمام، ننتظركم.\n"
		 "A: شكرًا لكم. من واحد إلى خمسة، كيف تقيّمون الخدمة حتى الآن؟\n"
		 "C: {@scoreWords}.",
		 "score={@score}\npreferredTime={visitDate}\nsummary=أكد العميل موعد الزيارة."}},
	 [LANGUAGE_EN] = {
		{"C: Yes, that suits me. I will be at home.\n"
		 "A: Very good. Is there anything the technician should know?\n"
		 "C: The device is in the living room; park at the back door.",
		 "preferredTime={visitDate}\nsummary=Visit confirmed; device in the living room, "
		 "parking at "
		 "the back."},
		{"C: Fine, we will be waiting.\n"
		 "A: Thank you. From one to five, how do you rate the service so far?\n"
		 "C: I say {@scoreWords}.",
		 "score={@score}\npreferredTime={visitDate}\nsummary=The visit is confirmed."}}}},
	{"visit_reschedule", 20, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: هذا اليوم ما يناسبني، عندي سفر.\n"
		 "A: أي وقت أنسب لكم؟ سأنقل طلبكم دون أن أعدكم بموعد.\n"
		 "C: {@time}.",
		 "preferredTime={@time}\nsummary=الموعد لا يناسب العميل، ويفضّل {@time}."},
		{"C: ممكن نغيّر الموعد؟ ما حد في البيت.\n"
		 "A: بالتأكيد أنقل طلبكم. متى تكونون في البيت؟\n"
		 "C: {@time} أفضل.",
		 "preferredTime={@time}\nsummary=لا أحد في البيت في الموعد؛ يفضّل {@time}."}},
	 [LANGUAGE_EN] = {
		{"C: That day is not good, I am travelling.\n"
		 "A: Which time would be better? I will pass it on, without a promise.\n"
		 "C: Maybe {@time}.",
		 "preferredTime={@time}\nsummary=The visit does not suit; prefers {@time}."},
		{"C: Can we change it? Nobody is at home then.\n"
		 "A: I will pass that on. When is somebody at home?\n"
		 "C: Better {@time}.",
		 "preferredTime={@time}\nsummary=Nobody at home then; prefers {@time}."}}}},
};

static const struct script_ending endings[] = {
	{"resolved", 46, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: الحمد لله، رجعت الخدمة من أمس.\n"
		 "A: يسعدنا ذلك. كيف تقيّمون الخدمة من واحد إلى خمسة؟\n"
		 "C: {@scoreWords}.",
		 "score={@score}\nsummary=الخدمة تعمل منذ أمس، والعميل راضٍ."},
		{"C: للحين ضعيفة شوي.\n"
		 "A: هل يمكنكم إطفاء الجهاز دقيقة ثم تشغيله؟\n"
		 "C: طيب، لحظة… اشتغل الآن وصار أسرع.\n"
		 "A: ممتاز. هل تحبون تقييم الخدمة من واحد إلى خمسة؟\n"
		 "C: {@scoreWords}.",
		 "stepsTried=إطفاء الجهاز دقيقة وتشغيله: عادت الخدمة\nscore={@score}\n"
		 "summary=عادت الخدمة بعد إعادة تشغيل الجهاز."}},
	 [LANGUAGE_EN] = {
		{"C: It has been working again since yesterday.\n"
		 "A: Glad to hear it. How would you rate the service, from one to five?\n"
		 "C: I say {@scoreWords}.",
		 "score={@score}\nsummary=Works again since yesterday; the customer is content."},
		{"C: It is still a bit slow.\n"
		 "A: Could you switch the device off for a minute, and on again?\n"
		 "C: One moment… now it works, and it is faster.\n"
		 "A: Very good. Would you rate us from one to five?\n"
		 "C: I say {@scoreWords}.",
		 "stepsTried=Device off for a minute and on again: works\nscore={@score}\n"
		 "summary=Works after a restart of the device."}}}},
	{"not_resolved", 32, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: لا، نفس المشكلة.\n"
		 "A: هل الأضواء مضاءة على الجهاز؟\n"
		 "C: نعم، لكن الضوء الأحمر يومض.\n"
		 "A: أطفئوا الجهاز دقيقة ثم شغّلوه لو سمحتم.\n"
		 "C: سويتها، ونفس الشي.\n"
		 "A: سجلت ذلك ليتابعه الفني.",
		 "stepsTried=الأضواء: الأحمر يومض. إعادة التشغيل: لم تنفع\n"
		 "summary=العطل مستمر، والضوء الأحمر يومض بعد إعادة التشغيل."},
		{"C: ما تغيّر شي، وأنا جربت أطفيه وأشغله مرتين.\n"
		 "A: أعتذر منكم. سأنقل استعجالكم إلى الفريق الفني. متى يناسبكم الاتصال؟\n"
		 "C: {@time}.",
		 "stepsTried=جرّب العميل إعادة التشغيل مرتين: لم تنفع\npreferredTime={@time}\n"
		 "score={@scoreLow}\nsummary=العطل مستمر، ويستعجل العميل إصلاحه."}},
	 [LANGUAGE_EN] = {
		{"C: No, it is the same problem.\n"
		 "A: Are the lights on the device lit?\n"
		 "C: Yes, but the red one is blinking.\n"
		 "A: Please switch it off for one minute, and on again.\n"
		 "C: I did. Still the same.\n"
		 "A: I have noted that for the technician.",
		 "stepsTried=Lights: red is blinking. Restart: no change\n"
		 "summary=The fault goes on; red light blinks after a restart."},
		{"C: Nothing has changed, and I restarted it twice.\n"
		 "A: I am sorry. I will tell the team that it is urgent. When may we call you?\n"
		 "C: Please {@time}.",
		 "stepsTried=Restarted twice by the customer: no change\npreferredTime={@time}\n"
		 "score={@scoreLow}\nsummary=The fault goes on; the customer says it is "
		 "urgent."}}}},
};

#define COMMON_WEIGHTS \
	{ \
		[COMMON_CALLBACK] = 6, [COMMON_WANTS_HUMAN] = 5, [COMMON_WRONG_NUMBER] = 3, \
		[COMMON_NOT_AVAILABLE] = 3, [COMMON_VOICEMAIL] = 3, [COMMON_DO_NOT_CALL] = 2 \
	}

const struct script_family script_visit = {
	.scenario = "technical-support",
	.when_name = "ticketStatus",
	.when_value = "visit_planned",
	.time_field = "preferredTime",
	.greeting = {GREETING_AR, GREETING_EN},
	.matter = {{"A: أتصل بخصوص بلاغكم رقم {ticketNumber|المسجل} عن {@service}. زيارة الفني "
	"موعدها "
		    "{visitDate|قريب}. هل سيكون أحد في المنزل؟",
		    "A: نعتذر عن العطل في {@service}. للبلاغ {ticketNumber|المسجل} زيارة في "
		    "{visitDate|موعد قريب}. هل يناسبكم الموعد؟"},
		   {"A: It is about ticket {ticketNumber|on your line}, your {@service}. A "
		    "technician "
		    "comes on {visitDate|the planned day}. Will somebody be at home?",
		    "A: We are sorry about the fault. For ticket {ticketNumber|on your line} a "
		    "visit is "
		    "planned on {visitDate|the planned day}. Does that suit you?"}},
	.ending_count = COUNT_OF(visit_endings),
	.endings = visit_endings,
	.common = COMMON_WEIGHTS,
};

const struct script_family script_support = {
	.scenario = "technical-support",
	.time_field = "preferredTime",
	.greeting = {GREETING_AR, GREETING_EN},
	.matter = {{"A: نعتذر عن العطل. بلاغكم رقم {ticketNumber|المسجل} بتاريخ {openedOn|قريب} عن "
		    "{@service}: {issueSummary|انقطاع الخدمة}. كيف الخدمة الآن؟",
		    "A: أتابع معكم البلاغ {ticketNumber|المسجل}. ذكرتم هذه المشكلة: "
		    "{issueSummary|انقطاع الخدمة}. هل تعمل الخدمة الآن؟"},
		   {"A: We are sorry about the fault. Ticket {ticketNumber|on your line} of "
		    "{openedOn|this week}, your {@service}: {issueSummary|no service}. How is it "
		    "now?",
		    "A: I am following up on ticket {ticketNumber|on your line}. You told us: "
		    "{issueSummary|no service}. Does it work now?"}},
	.ending_count = COUNT_OF(endings),
	.endings = endings,
	.common = COMMON_WEIGHTS,
};

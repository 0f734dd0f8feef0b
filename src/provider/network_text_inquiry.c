/*
 * Conversations of the account-inquiry scenario.
 */
#include "base/mem.h"
#include "network_script_p.h"

/* The texts are laid out by hand. */
/* clang-format off */

static const struct script_ending endings[] = {
	{"answered", 56, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: آه، الآن فهمت. شكرًا لكم.\n"
		 "A: هل بقي شيء غير واضح؟\n"
		 "C: لا، الأمور واضحة.\n"
		 "A: من واحد إلى خمسة، كيف تقيّمون الخدمة؟\n"
		 "C: {@scoreWords}.",
		 "score={@score}\nsummary=وصل الرد إلى العميل وكفاه، وقيّم الخدمة "
		 "بـ{@scoreWords}."},
		{"C: تمام، هذا اللي كنت أبغى أعرفه.\n"
		 "A: سعدنا بخدمتكم. هل تحبون تقييم الخدمة من واحد إلى خمسة؟\n"
		 "C: {@scoreWords}.",
		 "score={@score}\nsummary=اكتفى العميل بالرد."}},
	 [LANGUAGE_EN] = {
		{"C: Ah, now I understand. Thank you.\n"
		 "A: Is anything still unclear?\n"
		 "C: No, it is clear.\n"
		 "A: From one to five, how would you rate the service?\n"
		 "C: I would say {@scoreWords}.",
		 "score={@score}\nsummary=The answer was clear and enough; rated {@scoreWords}."},
		{"C: Good, that is what I wanted to know.\n"
		 "A: Glad to hear it. Would you rate us from one to five?\n"
		 "C: That is {@scoreWords}.",
		 "score={@score}\nsummary=The customer was content with the answer."}}}},
	{"not_satisfied", 9, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: هذا الكلام قالوه لي من قبل، وما حل المشكلة.\n"
		 "A: أعتذر منكم. ما النقطة التي لم يجب عنها الرد؟\n"
		 "C: ليش المبلغ تغيّر من غير ما يبلغني أحد؟\n"
		 "A: سجلت سؤالكم، وسيراجعه موظف مختص.",
		 "score={@scoreLow}\nopenQuestion=لماذا تغيّر المبلغ دون إبلاغي؟\n"
		 "summary=لم يكتفِ العميل بالرد، ويسأل عن سبب تغيّر المبلغ دون إشعار."},
		{"C: بصراحة الرد غير مقنع.\n"
		 "A: أتفهم ذلك، وسأطلب مراجعة الرد. كيف تقيّمون الخدمة من واحد إلى خمسة؟\n"
		 "C: {@scoreLowWords}.",
		 "score={@scoreLow}\nsummary=العميل غير مقتنع بالرد ويطلب مراجعته."}},
	 [LANGUAGE_EN] = {
		{"C: They told me this before, and it did not help.\n"
		 "A: I am sorry. Which point does the answer leave open?\n"
		 "C: Why did the amount change without anyone telling me?\n"
		 "A: I have noted that, and a colleague will look into it.",
		 "score={@scoreLow}\nopenQuestion=Why did the amount change without notice?\n"
		 "summary=Not satisfied; asks why the amount changed without notice."},
		{"C: Honestly, that does not convince me.\n"
		 "A: I understand, and I will ask for a review. How would you rate us, one to "
		 "five?\n"
		 "C: That would be {@scoreLowWords}.",
		 "score={@scoreLow}\nsummary=Not convinced by the answer; wants a review."}}}},
	{"new_question", 9, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: واضح، لكن عندي سؤال ثاني: هل أقدر أنقل الخط لبيت جديد؟\n"
		 "A: ليس لدي جواب مؤكد عن ذلك. سأسجل سؤالكم ليتابعه موظف.\n"
		 "C: طيب، أنتظركم.",
		 "openQuestion=هل يمكن نقل الخط إلى بيت جديد؟\nsummary=كفاه الرد، وسأل عن نقل "
		 "الخط إلى بيت جديد."},
		{"C: شكرًا. وإذا سافرت، كيف أفعّل التجوال؟\n"
		 "A: سجلت سؤالكم عن التجوال، وسيتصل بكم موظف بالجواب.",
		 "openQuestion=كيف أفعّل التجوال عند السفر؟\nsummary=لدى العميل سؤال جديد عن "
		 "التجوال."}},
	 [LANGUAGE_EN] = {
		{"C: Clear. One more question: can I move the line to a new house?\n"
		 "A: I have no certain answer to that. I will note it for a colleague.\n"
		 "C: All right, I will wait for your call.",
		 "openQuestion=Can the line be moved to a new house?\n"
		 "summary=Content with the answer; asks about moving the line."},
		{"C: Thanks. And when I travel, how do I switch on roaming?\n"
		 "A: I have noted your question about roaming, and a colleague will call you.",
		 "openQuestion=How is roaming switched on?\nsummary=Has a new question about "
		 "roaming."}}}},
	{"not_verified", 6, COURSE_EARLY,
	{[LANGUAGE_AR] = {
		{"A: أتصل بخصوص استفسار وصلنا منكم. ما آخر أربعة أرقام من رقم حسابكم؟\n"
		 "C: ما أحفظها، والفاتورة ليست معي.\n"
		 "A: لا بأس. سنعاود الاتصال حين تكون الفاتورة معكم.",
		 "summary=لم يتم التحقق: الفاتورة ليست مع العميل."},
		{"A: لأتأكد أنكم صاحب الحساب، ما آخر أربعة أرقام منه؟\n"
		 "C: ما أعطي هذي المعلومات بالتلفون.\n"
		 "A: حذركم في محله. يمكنكم مراجعة الرد في التطبيق الرسمي.",
		 "summary=لم يتم التحقق: رفض العميل ذكر الأرقام."}},
	 [LANGUAGE_EN] = {
		{"A: I am calling about your question. What are the last four digits of your "
		 "account?\n"
		 "C: I do not remember, and I do not have the bill here.\n"
		 "A: That is fine. We will call again when you have it at hand.",
		 "summary=Not verified: no bill at hand."},
		{"A: To be sure, may I have the last four digits of your account number?\n"
		 "C: I do not give such things on the phone.\n"
		 "A: You are right to be careful. The answer is in the official app as well.",
		 "summary=Not verified: would not say the digits."}}}},
};

const struct script_family script_inquiry = {
	.scenario = "account-inquiry",
	.time_field = "callbackTime",
	.greeting = {"A: السلام عليكم، معكم المساعد الصوتي الآلي لخدمة العملاء في "
		     "{companyNameAr|الشركة}، والمكالمة مسجلة. هل أتحدث مع {customerName|صاحب "
		     "الحساب}؟",
		     "A: Hello, this is the automated customer care assistant of "
		     "{companyNameEn|our company}, on a recorded line. Am I speaking with "
		     "{customerName|the account holder}?"},
	.matter = {{"A: وصلنا استفساركم. للتحقق، ما آخر أربعة أرقام من رقم حسابكم؟\n"
		    "C: {accountLast4|الأرقام أمامي في الفاتورة}.\n"
		    "A: شكرًا لكم. سألتم يوم {inquiryDate|أمس} عن {@topic}. {answer|الرد جاهز "
		    "لديكم.} هل هذا "
		    "واضح؟",
		    "A: أتصل بخصوص سؤال أرسلتموه. ما آخر أربعة أرقام من الحساب لو سمحتم؟\n"
		    "C: لحظة من فضلك… {accountLast4|ها هي}.\n"
		    "A: تم التحقق، شكرًا. بخصوص {@topic}: {answer|الرد جاهز لديكم.} هل هذا كافٍ؟"},
		   {"A: We received your question. To verify, what are the last four digits of "
		    "your "
		    "account?\n"
		    "C: {accountLast4|I have them here on the bill}.\n"
		    "A: Thank you. On {inquiryDate|the phone} you asked about {@topic}. "
		    "{answer|The answer is ready.} Is that clear?",
		    "A: It is about a question you sent. May I have the last four digits of the "
		    "account?\n"
		    "C: One moment… {accountLast4|here they are}.\n"
		    "A: Thank you, that is right. About {@topic}: {answer|the answer is ready.} "
		    "Is that "
		    "enough?"}},
	.ending_count = COUNT_OF(endings),
	.endings = endings,
	.common = {[COMMON_CALLBACK] = 6,
		   [COMMON_WANTS_HUMAN] = 4,
		   [COMMON_WRONG_NUMBER] = 3,
		   [COMMON_NOT_AVAILABLE] = 3,
		   [COMMON_VOICEMAIL] = 2,
		   [COMMON_DO_NOT_CALL] = 2},
};

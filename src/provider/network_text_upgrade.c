/*
 * Conversations of the service-upgrade scenario.
 */
#include "base/mem.h"
#include "network_script_p.h"

/* The texts are laid out by hand. */
/* clang-format off */

static const struct script_ending endings[] = {
	{"interested", 22, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: العرض حلو. كيف أعرف التفاصيل؟\n"
		 "A: نرسلها لكم مكتوبة. كيف تفضلون استلامها؟\n"
		 "C: {@channelWords}.\n"
		 "A: تصلكم {@channelWords} بإذن الله، ولا يتغير شيء قبل موافقتكم.",
		 "preferredChannel={@channel}\nsummary=العميل مهتم ويريد التفاصيل "
		 "{@channelWords}."},
		{"C: إذا السرعة أفضل فأنا مهتم.\n"
		 "A: ممتاز. هل نرسل التفاصيل {@channelWords}؟\n"
		 "C: نعم، {@channelWords} أنسب لي.",
		 "preferredChannel={@channel}\nsummary=مهتم بالعرض من أجل السرعة، والتفاصيل "
		 "{@channelWords}."}},
	 [LANGUAGE_EN] = {
		{"C: That sounds good. How do I get the details?\n"
		 "A: We send them in writing. How would you like to receive them?\n"
		 "C: Please {@channelWords}.\n"
		 "A: You will get them {@channelWords}, and nothing changes until you agree.",
		 "preferredChannel={@channel}\nsummary=Interested; wants the details "
		 "{@channelWords}."},
		{"C: If it is really better, I am interested.\n"
		 "A: Very good. Shall we send the details {@channelWords}?\n"
		 "C: Yes, {@channelWords} is fine.",
		 "preferredChannel={@channel}\nsummary=Interested; details {@channelWords}."}}}},
	{"not_interested", 36, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: لا، باقتي الحالية تكفيني.\nA: أتفهم ذلك، شكرًا لكم.",
		 "objection=الباقة الحالية تكفيه\nsummary=غير مهتم؛ الباقة الحالية تكفيه."},
		{"C: السعر غالي عليّ.\nA: شكرًا لصراحتكم، سأسجل ذلك.",
		 "objection=السعر مرتفع\nsummary=غير مهتم بسبب السعر."}},
	 [LANGUAGE_EN] = {
		{"C: No, my present plan is enough for me.\nA: I understand, thank you.",
		 "objection=The present plan is enough\nsummary=Not interested; the present plan "
		 "is enough."},
		{"C: That is too expensive.\nA: Thank you for saying so, I will note it.",
		 "objection=Too expensive\nsummary=Not interested because of the price."}}}},
	{"undecided", 15, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: أحتاج أفكر وأشاور أهلي.\n"
		 "A: خذوا وقتكم، والعرض مستمر حتى {offerEnds|نهاية الشهر}.\n"
		 "C: طيب، إن شاء الله.",
		 "objection=يريد استشارة أهله\nsummary=متردد ويريد استشارة أهله."},
		{"C: هل فيه عقد لمدة سنة؟\n"
		 "A: التفاصيل المكتوبة تجيب عن ذلك. هل أرسلها لكم {@channelWords}؟\n"
		 "C: أرسلها وأشوف.",
		 "preferredChannel={@channel}\nobjection=يسأل عن مدة العقد\nsummary=متردد؛ يسأل "
		 "عن مدة العقد."}},
	 [LANGUAGE_EN] = {
		{"C: I need to think, and to ask my family.\n"
		 "A: Take your time. The offer runs until {offerEnds|the end of the month}.\n"
		 "C: All right, we will see.",
		 "objection=Wants to ask the family\nsummary=Undecided; wants to ask the family."},
		{"C: Is there a contract for a year?\n"
		 "A: The written details answer that. Shall I send them {@channelWords}?\n"
		 "C: Send them, and I will have a look.",
		 "preferredChannel={@channel}\nobjection=Asks about the contract\n"
		 "summary=Undecided; asks about the length of the contract."}}}},
};

const struct script_family script_upgrade = {
	.scenario = "service-upgrade",
	.time_field = "callbackTime",
	.greeting = {"A: السلام عليكم، معكم المساعد الصوتي الآلي من {companyNameAr|الشركة}، "
	"والمكالمة "
		     "مسجلة. هل أتحدث مع {customerName|صاحب الخط}؟",
		     "A: Hello, this is the automated assistant of {companyNameEn|our company}, "
		     "on a "
		     "recorded line. Am I speaking with {customerName|the owner of this line}?"},
	.matter = {{"A: لدينا عرض يخص باقتكم «{currentPlan|الحالية}». هل تسمحون بنصف دقيقة؟\n"
		    "C: تفضل.\n"
		    "A: باقة «{offerPlan|الجديدة}» بسعر {offerPrice|مناسب} ريال عُماني في الشهر، "
		    "وفائدتها "
		    "{offerBenefit|مزايا أكثر}. هل تهمكم؟",
		    "A: يمكنكم الانتقال من «{currentPlan|باقتكم}» إلى «{offerPlan|باقة أفضل}» "
		    "بمبلغ "
		    "{offerPrice|مناسب} ريال عُماني شهريًا: {offerBenefit|مزايا أكثر}. ما رأيكم؟"},
		   {"A: There is an offer for your plan, {currentPlan|the present one}. Do you "
		    "have half "
		    "a minute?\n"
		    "C: Go on.\n"
		    "A: {offerPlan|The new plan} costs {offerPrice|a few} Omani rials a month "
		    "and gives you "
		    "{offerBenefit|more}. Would you be interested?",
		    "A: You could move from {currentPlan|your plan} to {offerPlan|a better one} "
		    "for "
		    "{offerPrice|a few} Omani rials a month: {offerBenefit|more for you}. What "
		    "do you "
		    "think?"}},
	.ending_count = COUNT_OF(endings),
	.endings = endings,
	.common = {[COMMON_CALLBACK] = 8,
		   [COMMON_WANTS_HUMAN] = 4,
		   [COMMON_WRONG_NUMBER] = 4,
		   [COMMON_NOT_AVAILABLE] = 5,
		   [COMMON_VOICEMAIL] = 4,
		   [COMMON_DO_NOT_CALL] = 2},
};

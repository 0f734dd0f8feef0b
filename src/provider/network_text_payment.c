/*
 * Conversations of the payment-reminder scenario.
 */
#include "base/mem.h"
#include "network_script_p.h"

/* The texts are laid out by hand. */
/* clang-format off */

static const struct script_ending endings[] = {
	{"will_pay", 46, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: إن شاء الله أدفعه يوم {@promiseWords}.\n"
		 "A: إذن موعد السداد {@promiseWords}، هل هذا صحيح؟\n"
		 "C: نعم، صحيح. أدفع من التطبيق.",
		 "promisedDate={@promise}\npromisedAmount={accountBalance}\n"
		 "summary=وعد العميل بسداد المبلغ كاملًا يوم {@promiseWords} عن طريق التطبيق."},
		{"C: أنتظر الراتب. أقدر أدفع نصف المبلغ يوم {@promiseWords}.\n"
		 "A: أي {@half|نصف المبلغ} ريال يوم {@promiseWords}. هل أسجل ذلك؟\n"
		 "C: نعم، والباقي بعده بأسبوع بإذن الله.",
		 "promisedDate={@promise}\npromisedAmount={@half}\nreason=ينتظر نزول الراتب\n"
		 "summary=سيدفع العميل نصف المبلغ يوم {@promiseWords}، والباقي بعد أسبوع."}},
	 [LANGUAGE_EN] = {
		{"C: I will pay it on {@promiseWords}.\n"
		 "A: So you will pay on {@promiseWords}. Is that right?\n"
		 "C: Yes, through the app.",
		 "promisedDate={@promise}\npromisedAmount={accountBalance}\n"
		 "summary=Promised to pay the whole amount on {@promiseWords} through the app."},
		{"C: I am waiting for my salary. I can pay half of it on {@promiseWords}.\n"
		 "A: That is {@half} rials on {@promiseWords}. Shall I note that?\n"
		 "C: Yes please, and the rest a week later.",
		 "promisedDate={@promise}\npromisedAmount={@half}\nreason=Waiting for the salary\n"
		 "summary=Will pay half on {@promiseWords} and the rest a week later."}}}},
	{"already_paid", 12, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: دفعته أمس من التطبيق.\n"
		 "A: شكرًا لكم. قد يتأخر ظهور الدفعة قليلًا. هل دفعتم المبلغ كاملًا؟\n"
		 "C: نعم، كامل المبلغ.",
		 "reason=دفع أمس من التطبيق\nsummary=يقول العميل إنه دفع المبلغ كاملًا أمس من "
		 "التطبيق."},
		{"C: سددت الفاتورة قبل يومين في الفرع، والإيصال معي.\n"
		 "A: شكرًا لكم، احتفظوا بالإيصال لو سمحتم، وسنراجع الأمر.",
		 "reason=دفع في الفرع قبل يومين ومعه إيصال\nsummary=دفع العميل في الفرع ولديه "
		 "إيصال."}},
	 [LANGUAGE_EN] = {
		{"C: I paid it yesterday in the app.\n"
		 "A: Thank you. It can take a while to show. Did you pay the whole amount?\n"
		 "C: Yes, all of it.",
		 "reason=Paid yesterday in the app\nsummary=Says the whole amount was paid "
		 "yesterday."},
		{"C: I paid at the branch two days ago, and I have the receipt.\n"
		 "A: Thank you. Please keep the receipt; we will look into it.",
		 "reason=Paid at a branch two days ago, has a receipt\n"
		 "summary=Paid at a branch and keeps the receipt."}}}},
	{"disputes", 7, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: المبلغ هذا غير صحيح، أنا غيّرت الباقة الشهر الماضي.\n"
		 "A: فهمت أن الباقة تغيّرت ولم يظهر ذلك في الفاتورة. سيراجع موظف الأمر.\n"
		 "C: أتمنى تراجعونه قبل تاريخ الاستحقاق.",
		 "reason=يقول إنه غيّر الباقة الشهر الماضي\nsummary=يعترض العميل على المبلغ "
		 "ويطلب مراجعته."},
		{"C: عليّ مكالمات دولية ما سويتها.\n"
		 "A: سجلت أنكم لا تعرفون المكالمات الدولية في الفاتورة، وسيراجعها موظف.",
		 "reason=ينكر مكالمات دولية في الفاتورة\nsummary=يعترض العميل على مكالمات دولية "
		 "لم يُجرها."}},
	 [LANGUAGE_EN] = {
		{"C: That amount is wrong. I changed my plan last month.\n"
		 "A: I see: the plan changed and the bill does not show it. A colleague will "
		 "check.\n"
		 "C: Please do that before the due date.",
		 "reason=Changed the plan last month\nsummary=Disputes the amount after a change "
		 "of plan."},
		{"C: There are international calls on it that I never made.\n"
		 "A: I have noted that you do not know these calls. A colleague will review them.",
		 "reason=Does not know the international calls on the bill\n"
		 "summary=Disputes international calls."}}}},
	{"cannot_pay", 8, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: والله الظروف صعبة هالشهر، ما أقدر.\n"
		 "A: أتفهم ظروفكم. هل يناسبكم جزء من المبلغ في وقت لاحق؟\n"
		 "C: صراحة لا، ليس هذا الشهر.\n"
		 "A: لا بأس، سأسجل ذلك.",
		 "reason=ظروف مالية صعبة هذا الشهر\nsummary=لا يستطيع العميل الدفع هذا الشهر."},
		{"C: أنا بدون عمل حاليًا.\n"
		 "A: يسّر الله أمركم. سأسجل ذلك ليطّلع عليه الزملاء.\n"
		 "C: شكرًا على تفهمكم.",
		 "reason=بدون عمل حاليًا\nsummary=العميل بدون عمل ولا يستطيع الدفع الآن."}},
	 [LANGUAGE_EN] = {
		{"C: It is a difficult month. I cannot pay now.\n"
		 "A: I understand. Would a part of it be possible later?\n"
		 "C: Honestly, not this month.\n"
		 "A: That is all right, I will note it.",
		 "reason=A difficult month\nsummary=Cannot pay this month."},
		{"C: I am without work at the moment.\n"
		 "A: I am sorry to hear that. I will note it for my colleagues.\n"
		 "C: Thank you for understanding.",
		 "reason=Without work at the moment\nsummary=Cannot pay now; without work."}}}},
};

const struct script_family script_payment = {
	.scenario = "payment-reminder",
	.time_field = "callbackTime",
	.greeting = {"A: السلام عليكم، معكم المساعد الصوتي الآلي من {companyNameAr|الشركة}، "
	"والمكالمة "
		     "مسجلة. هل أتحدث مع {customerName|صاحب الحساب}؟",
		     "A: Hello, this is the automated assistant of {companyNameEn|our company}, "
		     "on a "
		     "recorded line. Am I speaking with {customerName|the account holder}?"},
	.matter = {{"A: شكرًا لكم. هل الوقت مناسب لدقيقة واحدة؟\n"
		    "C: نعم، تفضل.\n"
		    "A: على حسابكم مبلغ {accountBalance|مستحق} ريال عُماني، وتاريخ استحقاقه "
		    "{dueDate|قريب}. متى يناسبكم السداد؟",
		    "A: حياكم الله. أذكّركم بمبلغ {accountBalance|مستحق} ريال عُماني يستحق في "
		    "{dueDate|موعده}. متى تنوون السداد؟"},
		   {"A: Thank you. Do you have a minute?\n"
		    "C: Yes, go ahead.\n"
		    "A: There are {accountBalance|some} Omani rials on your account, due on "
		    "{dueDate|the due date}. When would you like to pay?",
		    "A: I am calling to remind you of {accountBalance|some} Omani rials, due on "
		    "{dueDate|the due date}. When do you plan to pay?"}},
	.ending_count = COUNT_OF(endings),
	.endings = endings,
	.common = {[COMMON_CALLBACK] = 9,
		   [COMMON_WANTS_HUMAN] = 5,
		   [COMMON_WRONG_NUMBER] = 4,
		   [COMMON_NOT_AVAILABLE] = 4,
		   [COMMON_VOICEMAIL] = 3,
		   [COMMON_DO_NOT_CALL] = 2},
};

/*
 * Endings that any conversation can have, and the conversations of a scenario that nobody knows.
 */
#include "base/mem.h"
#include "network_script_p.h"

/* The texts are laid out by hand. */
/* clang-format off */

const struct script_ending script_common_endings[COMMON_COUNT] = {
	[COMMON_CALLBACK] = {"callback", 0, COURSE_EARLY,
	{[LANGUAGE_AR] = {
		{"C: أنا مشغول الآن، ممكن تتصلون في وقت ثاني؟\n"
		 "A: بالتأكيد. ما الوقت الأنسب لكم؟\n"
		 "C: {@time} أفضل.\n"
		 "A: سجلت رغبتكم: {@time}.",
		 "@time={@time}\nsummary=العميل مشغول ويفضّل معاودة الاتصال {@time}."},
		{"C: أنا أقود السيارة، ما أقدر أتكلم الحين.\n"
		 "A: سلامتكم أهم. متى نعاود الاتصال بكم؟\n"
		 "C: خلّها {@time}.\n"
		 "A: حسنًا، {@time} بإذن الله.",
		 "@time={@time}\nsummary=العميل يقود سيارته، ويفضّل الاتصال {@time}."}},
	 [LANGUAGE_EN] = {
		{"C: I am in a meeting. Can you call me later?\n"
		 "A: Of course. Which time suits you?\n"
		 "C: Better {@time}.\n"
		 "A: I have noted it: {@time}.",
		 "@time={@time}\nsummary=Busy; would like a call {@time}."},
		{"C: I am driving now, I cannot talk.\n"
		 "A: Your safety comes first. When may we call again?\n"
		 "C: Make it {@time}.\n"
		 "A: All right, {@time}.",
		 "@time={@time}\nsummary=Was driving; would like a call {@time}."}}}},

	[COMMON_WANTS_HUMAN] = {"wants_human", 0, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: ما أحب أتكلم مع الآلة، أبغى موظف.\n"
		 "A: أتفهم ذلك. سأنقل طلبكم ليتصل بكم أحد الزملاء. ما الوقت المناسب؟\n"
		 "C: {@time}.\n"
		 "A: سجلت ذلك.",
		 "@time={@time}\nsummary=يطلب العميل التحدث إلى موظف، {@time}."},
		{"C: عندي تفاصيل كثيرة، أفضل أشرحها لموظف.\n"
		 "A: حاضر، سأطلب من موظف مختص الاتصال بكم. متى يناسبكم؟\n"
		 "C: {@time} إن أمكن.",
		 "@time={@time}\nsummary=لدى العميل تفاصيل يريد شرحها لموظف، {@time}."}},
	 [LANGUAGE_EN] = {
		{"C: I would rather talk to a real person.\n"
		 "A: I understand. I will pass it on, and a colleague will call you. When suits "
		 "you?\n"
		 "C: Perhaps {@time}.\n"
		 "A: I have noted that.",
		 "@time={@time}\nsummary=Asked for a person to call, {@time}."},
		{"C: It is complicated. Let me explain it to one of your staff.\n"
		 "A: Certainly, I will ask a colleague to call you. Which time is good?\n"
		 "C: If possible {@time}.",
		 "@time={@time}\nsummary=Wants to explain the matter to a person, {@time}."}}}},

	[COMMON_WRONG_NUMBER] = {"wrong_number", 0, COURSE_STRANGER,
	{[LANGUAGE_AR] = {
		{"C: لا، الرقم غلط. ما عندنا أحد بهذا الاسم.\n"
		 "A: عذرًا. هل هذا الرقم معكم منذ مدة؟\n"
		 "C: من سنة تقريبًا.\n"
		 "A: أعتذر عن الإزعاج، سنصحح بياناتنا. في أمان الله.\n"
		 "C: ما عليه، مع السلامة.",
		 "summary=الرقم لا يخص العميل."},
		{"C: من تقصد؟ أنا لا أعرف هذا الشخص.\n"
		 "A: هل سبق أن استخدم هذا الرقم أحد من معارفكم؟\n"
		 "C: لا، الرقم لي وحدي.\n"
		 "A: شكرًا للتوضيح، ونعتذر عن الإزعاج.\n"
		 "C: لا بأس.",
		 "summary=أجاب شخص لا يعرف العميل، والرقم خاطئ."}},
	 [LANGUAGE_EN] = {
		{"C: No, you have the wrong number.\n"
		 "A: I am sorry. Have you had this number for long?\n"
		 "C: About a year.\n"
		 "A: Thank you, we will correct our records. Sorry for the trouble.\n"
		 "C: No problem, bye.",
		 "summary=Wrong number; the line belongs to somebody else."},
		{"C: Who? There is nobody here with that name.\n"
		 "A: Do you perhaps know the person?\n"
		 "C: No, I have never heard the name.\n"
		 "A: Then I apologise for the call. Goodbye.\n"
		 "C: That is fine. Bye.",
		 "summary=The person who answered does not know the customer."}}}},

	[COMMON_NOT_AVAILABLE] = {"not_available", 0, COURSE_STRANGER,
	{[LANGUAGE_AR] = {
		{"C: لا، أنا أخوه، وهو خارج البيت الآن.\n"
		 "A: شكرًا لكم. متى يمكن أن نجده على هذا الرقم؟\n"
		 "C: {@time} تقريبًا. أقول له شي؟\n"
		 "A: لا داعي، سنعاود الاتصال. في أمان الله.\n"
		 "C: مع السلامة.",
		 "@time={@time}\nsummary=أجاب شخص آخر؛ العميل متاح {@time}."},
		{"C: صاحب الخط نسي هاتفه عندي في المكتب.\n"
		 "A: شكرًا لكم. هل تعرفون متى يعود؟\n"
		 "C: {@time} إن شاء الله.\n"
		 "A: سنتصل في وقت آخر، شكرًا لكم.\n"
		 "C: أهلًا وسهلًا.",
		 "@time={@time}\nsummary=أجاب زميل للعميل، والعميل غير موجود."}},
	 [LANGUAGE_EN] = {
		{"C: No, this is a family member. He is not at home now.\n"
		 "A: Thank you. When would be a good time to find him?\n"
		 "C: Try {@time}. Shall I tell him something?\n"
		 "A: No need, we will call again. Goodbye.\n"
		 "C: Bye.",
		 "@time={@time}\nsummary=Somebody else answered; try {@time}."},
		{"C: The owner left the phone here in the office.\n"
		 "A: Do you know when we can reach the owner?\n"
		 "C: I think {@time}.\n"
		 "A: Thank you, we will try another time.\n"
		 "C: You are welcome.",
		 "@time={@time}\nsummary=A colleague answered; the customer was away."}}}},

	[COMMON_VOICEMAIL] = {"voicemail", 0, COURSE_MACHINE,
	{[LANGUAGE_AR] = {
		{"C: صاحب هذا الرقم لا يستطيع الرد الآن. اترك رسالتك بعد سماع الصافرة.",
		 "summary=رد البريد الصوتي، ولم تُترك رسالة."},
		{"C: أهلًا، أنا غير متاح حاليًا، اترك رسالة وسأعاود الاتصال بك.",
		 "summary=رد البريد الصوتي، ولم تُترك رسالة."}},
	 [LANGUAGE_EN] = {
		{"C: The person you are calling cannot answer. Please leave a message after the "
		 "tone.",
		 "summary=Voicemail; no message was left."},
		{"C: Hi, I am not available. Leave me a message and I will call you back.",
		 "summary=Voicemail; no message was left."}}}},

	[COMMON_DO_NOT_CALL] = {"do_not_call", 0, COURSE_EARLY,
	{[LANGUAGE_AR] = {
		{"C: لو سمحتم، لا تتصلوا بي مرة أخرى.\n"
		 "A: أعتذر عن الإزعاج. سجلت طلبكم، ولن نتصل بهذا الرقم.\n"
		 "C: هذا كل ما أريده.",
		 "summary=طلب العميل عدم الاتصال به مرة أخرى."},
		{"C: كل يوم اتصالات! احذفوا رقمي من عندكم.\n"
		 "A: معكم حق، ونعتذر منكم. سجلت الآن ألا يُتصل بهذا الرقم.\n"
		 "C: أتمنى ذلك.",
		 "summary=انزعج العميل من الاتصالات وطلب حذف رقمه."}},
	 [LANGUAGE_EN] = {
		{"C: Please never call me again.\n"
		 "A: I apologise. I have noted it, and we will not call this number again.\n"
		 "C: That is all I want.",
		 "summary=Asked not to be called again."},
		{"C: I get calls like this every day. Take my number off your list.\n"
		 "A: I am sorry about that. Your number will not be called again.\n"
		 "C: I hope so.",
		 "summary=Annoyed by calls; asked to be taken off the list."}}}},
};

static const struct script_ending endings[] = {
	{"agreed", 50, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: نعم، واضح. ما عندي مانع.\nA: هل لديكم أي سؤال؟\nC: لا، شكرًا.", ""},
		{"C: تمام، موافق.\nA: ممتاز، سأسجل موافقتكم.", ""}},
	 [LANGUAGE_EN] = {
		{"C: Yes, that is clear. Fine with me.\nA: Do you have any question?\nC: No, "
		 "thank you.",
		 ""},
		{"C: All right, I agree.\nA: Good, I will note that.", ""}}}},
	{"declined", 23, COURSE_WHOLE,
	{[LANGUAGE_AR] = {
		{"C: لا، شكرًا، ما يناسبني.\nA: لا بأس، شكرًا لصراحتكم.", ""},
		{"C: لست مهتمًا بهذا الأمر.\nA: أتفهم ذلك.", ""}},
	 [LANGUAGE_EN] = {
		{"C: No, thank you, that does not suit me.\nA: That is fine, thank you for "
		 "saying so.",
		 ""},
		{"C: I am not interested.\nA: I understand.", ""}}}},
};

const struct script_family script_general = {
	.bare = true,
	.greeting = {"A: السلام عليكم، معكم المساعد الصوتي الآلي من {companyNameAr|الشركة}، "
	"والمكالمة "
		     "مسجلة. هل أتحدث مع {customerName|صاحب الخط}؟",
		     "A: Hello, this is the automated assistant of {companyNameEn|our company}, "
		     "on a "
		     "recorded line. Am I speaking with {customerName|the owner of this line}?"},
	.matter = {{"A: شكرًا لكم. أتصل بخصوص حسابكم لدينا، ولن آخذ من وقتكم كثيرًا. هل يناسبكم "
	"ذلك؟",
		    "A: حياكم الله. لدي رسالة قصيرة تخص خدمتكم. هل تسمحون؟"},
		   {"A: Thank you. I am calling about your account with us. Is that all right?",
		    "A: I have a short message about your service. May I go on?"}},
	.ending_count = COUNT_OF(endings),
	.endings = endings,
	.common = {[COMMON_CALLBACK] = 10,
		   [COMMON_WANTS_HUMAN] = 4,
		   [COMMON_WRONG_NUMBER] = 4,
		   [COMMON_NOT_AVAILABLE] = 4,
		   [COMMON_VOICEMAIL] = 3,
		   [COMMON_DO_NOT_CALL] = 2},
};

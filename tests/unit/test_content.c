/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The content pack: each rule of the lint refuses a pack that is the shipped one
 * with one thing changed, on the line of the change; another commune is only
 * another pack. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gsm.h"
#include "intake/content.h"
#include "intake/lint.h"
#include "tempdir.h"

#define COMMUNE "commune.conf"
#define INTENTS "intents.conf"

/* Change the first `from` behind the first `after` in a file into `to`; the
 * fault is on the line of `to`, or of `at` when that is given; "" means the
 * whole file. */
struct lint_case {
	const char *file;
	const char *after;
	const char *from;
	const char *to;
	const char *at;
	const char *what; /* how the fault begins */
};

#define N1_BARE "Khong can nua: soan THOI."
#define N1_ACCENTED "Không cần nữa: THOI."

static const struct lint_case lint_cases[] = {
    /* Length and alphabet (R12). */
    {INTENTS, "", N1_BARE,
	"Khong can nua: soan THOI. Chuc ban va ca nha mot ngay that vui ve. Cam on ban da nhan.",
	NULL, "the reply takes 166 of 160 septets"},
    {INTENTS, "", N1_ACCENTED, "Không cần nữa: soạn THOI nhé.", NULL,
	"the reply takes 73 of 70 units"},
    {INTENTS, "", N1_BARE, "Không cần: THOI.", NULL,
	"the bare reply holds a character that is not in the GSM alphabet"},
    {INTENTS, "", "accented = \"Đã nhận tin. Cần gấp", "accented = \"\" # ",
	NULL, "accented must be a text of 1 to 640 bytes"},
    {INTENTS, "reply \"LANG\"", "Da doi", "{name} da doi", NULL,
	"the reply of an intent has no {braces}"},
    {INTENTS, "reply \"LANG\"", "	accented",
	"	bdq = \"Bao luc.\"\n	accented", "	bdq",
	"the reply names a category of help"},
    {INTENTS, "reply \"LANG\"", "	accented",
	"	jra = \"Kơdơ̆ng kơ tơlơi pơhiăp anŭn hŏng jrai kơ tơlơi pơhiăp"
	" hăng tơlơi pơhiăp\"\n	accented",
	"	jra", "the reply is not one segment"},
    {INTENTS, "intent \"LANG_BDQ\"", "language = bdq", "language = eng", NULL,
	"language is vi, bdq or jra"},
    {INTENTS, "intent \"SUPPORT\"", "urgency = U1",
	"urgency = U1\n	language = vi", "	language",
	"language is vi, bdq or jra"},
    {INTENTS, "intent \"SUPPORT\"", "urgency = U1",
	"urgency = U1\n	script = bare", "	script",
	"language is vi, bdq or jra"},
    {INTENTS, "intent \"SCRIPT_BARE\"", "script = bare", "script = bear", NULL,
	"script is bare or accented"},
    {INTENTS, "intent \"SCRIPT_BARE\"", "script = bare",
	"script = bare\n	language = vi", "	script",
	"language is vi, bdq or jra"},
    {COMMUNE, "hotline \"114\"", "name = ", "verified = \"1/11/2026\" name = ",
	NULL, "verified must be a day such as"},
    {COMMUNE, "hotline \"114\"", "name = ", "verified = \"2026-13-01\" name = ",
	NULL, "verified must be a day such as"},

    /* R1: one reply for everybody. */
    {INTENTS, "intent \"SUPPORT\"", "reply = N1", "reply = HEALTH", NULL,
	"the reply of an intent that opens a case is N1"},
    {INTENTS, "intent \"SUPPORT\"", "reply = N1", "reply = FALLBACK", NULL,
	"the reply of an intent that opens a case is N1"},
    {INTENTS, "intent \"SUPPORT\"", "	reply = N1\n", "", "intent \"SUPPORT\"",
	"the reply of an intent that opens a case is N1"},
    {INTENTS, "intent \"FALLBACK\"", "reply = FALLBACK", "reply = N2", NULL,
	"N2 is the reply of emergencies"},
    {INTENTS, "intent \"HEALTH\"", "reply_with_text = N1",
	"reply_with_text = SUBSCRIBE", NULL,
	"reply_with_text opens a case and must be N1"},
    {INTENTS, "intent \"OPTOUT\"", "reply = OPTOUT",
	"reply = OPTOUT\n\treply_with_text = N1",
	"\treply_with_text = N1\n\treply_with_argument",
	"reply_with_text is for the actions info and event only"},
    {INTENTS, "intent \"CALLBACK\"", "reply_with_argument = ACK",
	"reply_with_argument = N1", NULL,
	"reply_with_argument must be ACK (R1)"},
    {INTENTS, "intent \"CALLBACK\"", "	argument = hours\n", "",
	"	reply_with_argument", "reply_with_argument is for an intent"},
    {INTENTS, "intent \"SUBSCRIBE\"", "argument = hamlet",
	"argument = hamlet reply_with_argument = ACK", NULL,
	"reply_with_argument is for an intent"},
    {INTENTS, "intent \"OPTOUT\"", "action = optout", "action = event",
	"\treply_with_argument", "reply_with_argument is for an intent"},
    {INTENTS, "reply \"EVENT", "\"EVENT_NONE\"", "\"EVENT_NO\"",
	"action = event", "the action event needs the reply \"EVENT_NONE\""},
    {COMMUNE, "kind \"men\"", "words = {\"nam\"",
	"words = {\"phụ nữ\", \"nam\"", NULL,
	"\"phu nu\" means another one, too"},
    {COMMUNE, "theme \"", "\"GDVH\"", "\"GIADINHVANHOA123\"",
	"theme \"GIADINHVANHOA123\"", "the code of a kind or theme"},
    {INTENTS, "intent \"LIVELIHOOD\"", "reply = N1", "reply = FEEDBACK", NULL,
	"the reply of an intent that opens a case is N1"},
    {INTENTS, "intent \"HEALTH\"", "reply_with_text = N1",
	"reply_with_text = HEALTH", NULL,
	"reply_with_text opens a case and must be N1"},
    {INTENTS, "intent \"LIVELIHOOD\"", "reply = N1", "reply = ERASE", NULL,
	"the reply of an intent that opens a case is N1"},
    {INTENTS, "reply \"ACK\"", "Da nhan.", "Cong an da nhan.", NULL,
	"the reply names an agency or the commune"},
    {INTENTS, "reply \"ERASE\"", "Da nhan", "Song An da nhan", NULL,
	"the reply names an agency or the commune"},
    {INTENTS, "intent \"HUSH\"", "urgency = U1", "urgency = U1 reply = N1",
	NULL, "hush is silent"},

    /* R2, M19, R14 in a neutral reply, bare and accented. */
    {INTENTS, "", N1_BARE, "Ve viec bao luc.", NULL,
	"the reply names a category of help"},
    {INTENTS, "", N1_ACCENTED, "Bạo lực.", NULL,
	"the reply names a category of help"},
    {INTENTS, "", N1_BARE, "Nha TAM-LANH.", NULL,
	"the reply names a category of help"},
    {INTENTS, "", N1_BARE, "Nguoi to giac.", NULL,
	"the reply names a category of help"},
    {INTENTS, "", N1_ACCENTED, "Nạn nhân.", NULL,
	"the reply names a category of help"},
    {INTENTS, "", N1_BARE, "Dia chi: hoi.", NULL, "the reply holds an address"},
    {INTENTS, "", N1_ACCENTED, "Số nhà 3.", NULL, "the reply holds an address"},
    {INTENTS, "", N1_BARE, "Thon 2.", NULL, "the reply holds an address"},
    {INTENTS, "", N1_ACCENTED, "Xóm Bàu.", NULL, "the reply holds an address"},
    {INTENTS, "", N1_BARE, "To 5.", NULL, "the reply holds an address"},
    {INTENTS, "", N1_BARE, "Gap chi Lan.", NULL, "the reply names a person"},
    {INTENTS, "", N1_ACCENTED, "Gọi chị Ánh.", NULL,
	"the reply names a person"},
    {INTENTS, "", N1_BARE, "Gap rieng.", NULL,
	"the reply sounds like a secret meeting"},
    {INTENTS, "", N1_ACCENTED, "Giờ hẹn: 9.", NULL,
	"the reply sounds like a secret meeting"},
    {INTENTS, "", N1_BARE, "Xoa tin nay.", NULL,
	"the reply advises to delete a text (R11)"},
    {INTENTS, "", N1_BARE, "Xem songan.vn.", NULL, "the reply holds a link"},
    {INTENTS, "", N1_BARE, "Gui ma OTP.", NULL,
	"the reply sounds like a demand"},
    {INTENTS, "", N1_BARE, "Cong an se goi.", NULL,
	"the reply names an agency or the commune"},
    {INTENTS, "", N1_BARE, "HPN goi.", NULL,
	"the reply names an agency or the commune"},
    {INTENTS, "", N1_ACCENTED, "Xã Song An.", NULL,
	"the reply names an agency or the commune"},
    /* The same holds for the fallback and for what is only informative, which
     * may name an agency. */
    {INTENTS, "reply \"FALLBACK\"", "Soan HD de xem huong dan.", "Cong an.",
	NULL, "the reply names an agency or the commune"},
    {INTENTS, "reply \"HEALTH\"", "kin dao. Den tram", "o thon 3. Den tram",
	NULL, "the reply holds an address"},

    /* Keywords. */
    {INTENTS, "intent \"OPTOUT\"", "\"stop\"", "\"giup\"", NULL,
	"keyword \"giup\" cannot be told from one of intent SUPPORT"},
    {INTENTS, "intent \"OPTOUT\"", "\"stop\"", "\"giups\"", NULL,
	"keyword \"giups\" cannot be told from one of intent SUPPORT"},
    {INTENTS, "intent \"OPTOUT\"", "\"stop\"", "\"giup1 to6i\"", NULL,
	"keyword \"giup1 to6i\" cannot be told from one of intent SUPPORT"},
    {INTENTS, "intent \"OPTOUT\"", "\"stop\"", "\"capcuu\"", NULL,
	"keyword \"capcuu\" cannot be told from one of intent SOS"},
    {INTENTS, "intent \"OPTOUT\"", "\"stop\"", "\"\"", NULL,
	"keyword \"\" has no letters"},
    {INTENTS, "intent \"OPTOUT\"", "\"stop\"", "\"!?\"", NULL,
	"keyword \"!?\" has no letters"},
    {INTENTS, "intent \"HEALTH\"", "\"y tế\"", "\"thai\"", NULL,
	"\"thai\" is a common word"},
    {INTENTS, "intent \"SAFE_ADDR\"", "\"DCTC\"", "\"nhà\"", NULL,
	"\"nhà\" is a common word"},
    {INTENTS, "intent \"SAFE_ADDR\"", "\"tạm lánh\"", "\"nhà\"", NULL,
	"\"nhà\" is a common word"},
    {INTENTS, "intent \"LAW\"", "aliases =",
	"keywords_inside = {\"thừa kế\"}\n\taliases =", "\tkeywords_inside",
	"keywords_inside is for the action case only"},
    {INTENTS, "intent \"LAW\"", "\"ly dị\"", "\"hocj\"",
	"keywords_alone = {\"học\"",
	"keyword \"học\" cannot be told from one of intent LAW"},
    {INTENTS, "intent \"LAW\"", "\"ly dị\"", "\"giusp\"", NULL,
	"keyword \"giusp\" cannot be told from one of intent SUPPORT"},
    {INTENTS, "slang", "\"ck=chồng\"", "\"ck\"", NULL,
	"\"ck\" is not one word"},
    {INTENTS, "slang", "\"ck=chồng\"", "\"ck=chồng em\"", NULL,
	"\"ck=chồng em\" is not one word"},
    {INTENTS, "danger", "\"giết\"", "\"...\"", NULL,
	"keyword \"...\" has no letters"},
    {INTENTS, "intent \"SAFE_ADDR\"", "{\"5\"}", "{\"99\"}", NULL,
	"keyword \"99\" cannot be told from one of intent SOS"},
    {INTENTS, "intent \"SAFE_ADDR\"", "{\"5\"}", "{\"5a\"}", NULL,
	"an alias is a number"},
    {INTENTS, "intent \"CONFIRM\"", "keywords = {\"có\"}", "#",
	"intent \"CONFIRM\"", "the intent has no keywords"},
    {INTENTS, "intent \"CHILD\"", "urgency = U0", "urgency = U1",
	"	child_age = any", "child_age needs an intent \"CHILD\" of U0"},
    {INTENTS, "intent \"LAW\"", "action = info",
	"action = info\n	child_age = any",
	"	child_age = any\n	agencies",
	"child_age is for the action case only"},
    {INTENTS, "intent \"LAW\"", "action = info",
	"action = info child_age = all", NULL, "child_age must be one of"},
    {INTENTS, "intent \"FALLBACK\"", "action = case",
	"action = case keywords = {\"gì\"}", "intent \"FALLBACK\"",
	"FALLBACK is what matches nothing"},

    /* Names that lead nowhere. */
    {INTENTS, "intent \"SUPPORT\"", "{\"HPN\"}", "{\"HPN\", \"XYZ\"}", NULL,
	"agency \"XYZ\" is not in commune.conf"},
    {INTENTS, "intent \"SUPPORT\"", "{\"VHXH\"}", "{\"XYZ\"}", NULL,
	"agency \"XYZ\" is not in commune.conf"},
    {INTENTS, "intent \"SUPPORT\"", "ladder = {\"VHXH\"}", "ladder = {\"HPN\"}",
	NULL, "agency \"HPN\" is named twice"},
    {INTENTS, "intent \"OPTOUT\"", "reply = OPTOUT", "reply = BYE", NULL,
	"there is no reply \"BYE\""},
    {INTENTS, "intent \"SUPPORT\"", "urgency = U1", "urgency = U9", NULL,
	"urgency must be one of U0|U1|U2|U3|U4"},
    {INTENTS, "intent \"SUPPORT\"", "urgency = U1", "urgency = U4", NULL,
	"an intent that opens a case has an urgency"},
    {INTENTS, "intent \"SUPPORT\"", "action = case", "action = panic", NULL,
	"action must be one of case|"},
    {INTENTS, "intent \"FALLBACK\"", "{\"TRIAGE\"}", "{\"HPN\"}", NULL,
	"FALLBACK must go to agency \"TRIAGE\""},
    {INTENTS, "intent \"SAFE_ADDR\"", "agencies = {\"DCTC\"}", "#",
	"intent \"SAFE_ADDR\"", "an intent that opens a case needs agencies"},
    {INTENTS, "intent \"OPTOUT\"", "action = optout",
	"action = optout agencies = {\"HPN\"}", NULL,
	"an intent that opens no case has no agencies"},
    {INTENTS, "intent \"OPTOUT\"", "reply = OPTOUT", "#", "intent \"OPTOUT\"",
	"the intent needs a reply"},

    /* What must be there. */
    {INTENTS, "", "intent \"SOS\"", "intent \"SOS2\"", "",
	"intent \"SOS\" is missing"},
    {INTENTS, "", "reply \"OPTOUT\"", "reply \"opt out\"", NULL,
	"a reply has an id of A-Z"},
    {INTENTS, "", "intent \"SAFE_ADDR\"", "intent \"safe\"", NULL,
	"an intent has a name of A-Z"},
    {COMMUNE, "", "name = \"xã Song An\"", "", "", "name is missing"},
    {COMMUNE, "", "send_until = \"21:00\"", "send_until = \"07:30\"", NULL,
	"send_until must be later than send_from"},
    {COMMUNE, "", "\"21:00\"", "\"24:00\"", NULL,
	"send_until must be a time such as 07:30"},
    {COMMUNE, "", "zone_minutes = 420", "zone_minutes = 7h", NULL,
	"zone_minutes must be a number from -720 to 840"},
    {COMMUNE, "", "reply_ttl = 300", "reply_ttl = 5", NULL,
	"reply_ttl must be a number from 30 to 3600"},
    {COMMUNE, "", "script = \"bare\"", "script = \"latin\"", NULL,
	"script must be one of bare|accented"},
    {COMMUNE, "", "agency \"QTDL\"", "agency \"RECOVERY\"", NULL,
	"\"RECOVERY\" is built in"},
    {COMMUNE, "", "agency \"QTDL\"", "agency \"Qtdl\"", NULL,
	"an agency has a code of A-Z"},
    {COMMUNE, "agency \"DCTC\"", "agency \"QTDL\"", "agency \"HPN\"", NULL,
	"found duplicate title 'HPN'"},
    {COMMUNE, "", "hotline \"112\"", "hotline \"11x\"", NULL,
	"a hotline is a number in digits"},
    {COMMUNE, "", "\"Trạm Y tế\"", "\"${HOME}\"", NULL,
	"\"${\" is not allowed"},
    {INTENTS, "", N1_BARE, "${HOME}", NULL, "\"${\" is not allowed"},
};

/* Every text of the catalogue: all of them can be sent. */
static const char *const catalogue[] = {
    "Song An - soan so: 1 suc khoe, 2 phap luat, 3 Hoi Phu nu goi lai, 4 su "
    "kien. Ngung nhan tin: TC. Can gap goi 113, 115, 111.",
    "Soạn: 1 sức khỏe, 2 pháp luật, 3 gọi lại, 4 sự kiện. Ngừng: TC.",
    "Kham thai du lich, sinh tai co so y te. Dau bung, ra mau, phu, dau dau: "
    "den tram ngay hoac goi 115.",
    "Khám thai đủ lịch. Đau bụng, ra máu: đến trạm ngay hoặc gọi 115.",
    "Tu phap xa Song An: hoi ve hon nhan, khai sinh, binh dang gioi. Soan "
    "LUAT va cau hoi, hoac GOI va gio de duoc goi lai.",
    "Tư pháp xã: soạn LUAT kèm câu hỏi, hoặc GOI và giờ để gọi lại.",
    "Truong hoc Song An: hoi ve che do, hoc bong cho con em. Soan HOC va ten "
    "lop, nha truong se goi lai.",
    "Nhà trường sẽ gọi lại về chế độ học sinh. Soạn HOC và tên lớp.",
    "Cong doan xa: hoi ve thai san, luong, hop dong lao dong nu. Soan LD va "
    "cau hoi, tra loi trong 2 ngay lam viec.",
    "Công đoàn xã: soạn LD và câu hỏi, trả lời trong 2 ngày làm việc.",
    "Song An: da ghi ten ban du su kien sap toi. Gio va noi to chuc se nhan "
    "truoc 1 ngay. Khong di duoc: soan HUYSK.",
    "Đã ghi tên dự sự kiện. Giờ và nơi sẽ nhắn trước 1 ngày.",
    "Da doi ngon ngu tin nhan. Muon doi lai tieng Viet: soan VIET.",
    "Đã đổi ngôn ngữ tin nhắn. Về tiếng Việt: soạn VIET.",
    "Cam on gop y cua ban. Mat tran xa da ghi nhan va se tong hop.",
    "Cảm ơn góp ý của bạn. Mặt trận xã đã ghi nhận.",
    "Da nhan yeu cau cua ban. Can bo se tra loi trong 2 ngay lam viec. Doi "
    "y: soan THOI.",
    "Đã nhận yêu cầu. Trả lời trong 2 ngày làm việc. Đổi ý: THOI.",
    "Đã ghi nhận, cảm ơn.",
};

struct pack {
	char *commune;
	char *intents;
};

static int
set_up(void **state)
{
	static struct pack pack;

	assert_int_equal(
	    file_read(TEST_ETC "/" COMMUNE, 65536, &pack.commune, NULL), 0);
	assert_int_equal(
	    file_read(TEST_ETC "/" INTENTS, 65536, &pack.intents, NULL), 0);
	*state = &pack;
	return 0;
}

static int
tear_down(void **state)
{
	struct pack *pack = *state;

	free(pack->commune);
	free(pack->intents);
	return 0;
}

static struct content *
load(const char *commune, const char *intents, struct faults *f)
{
	struct content *c;
	char *dir;

	dir = tempdir_new();
	tempdir_write(dir, COMMUNE, commune);
	tempdir_write(dir, INTENTS, intents);
	faults_init(f);
	c = content_load(dir, f);
	tempdir_remove(dir);
	return c;
}

/* A new string: text with `from` behind `after` changed into `to`. */
static char *
change(const char *text, const char *after, const char *from, const char *to)
{
	const char *at;

	at = strstr(text, after);
	at = at != NULL ? strstr(at, from) : NULL;
	if (at == NULL)
		fail_msg("'%s' is not in the pack", from);
	return xasprintf(
	    "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static int
line_of(const char *text, const char *after, const char *at)
{
	const char *end;
	int line = 1;

	if (at[0] == '\0')
		return 0;
	end = strstr(strstr(text, after), at);
	assert_non_null(end);
	for (; text < end; text++)
		line += *text == '\n';
	return line;
}

static bool
has_fault(const struct faults *f, const char *file, int line, const char *what)
{
	size_t i, len;

	for (i = 0; i < f->n; i++) {
		len = strlen(f->list[i].file);
		if (len > strlen(file) &&
		    strcmp(f->list[i].file + len - strlen(file), file) == 0 &&
		    f->list[i].line == line &&
		    strncmp(f->list[i].what, what, strlen(what)) == 0)
			return true;
	}
	return false;
}

static void
check_lint(const struct pack *pack, const struct lint_case *c)
{
	bool is_commune = strcmp(c->file, COMMUNE) == 0;
	struct content *content;
	struct faults f;
	char *changed;
	int line;

	changed = change(is_commune ? pack->commune : pack->intents, c->after,
	    c->from, c->to);
	line = line_of(changed, c->after, c->at != NULL ? c->at : c->to);
	content = load(is_commune ? changed : pack->commune,
	    is_commune ? pack->intents : changed, &f);
	if (content != NULL)
		fail_msg("accepted: %s", c->to);
	if (!has_fault(&f, c->file, line, c->what))
		fail_msg("'%s': not '%d %s' but '%d %s'", c->to, line, c->what,
		    f.list[0].line, f.list[0].what);
	faults_clear(&f);
	free(changed);
}

static void
test_lint(void **state)
{
	size_t i;

	for (i = 0; i < TC_NELEM(lint_cases); i++)
		check_lint(*state, &lint_cases[i]);
}

/* Several faults in both files, in one run, in order. */
static void
test_all_at_once(void **state)
{
	const struct pack *pack = *state;
	char *commune, *a, *b, *intents;
	struct faults f;
	size_t i;

	commune = change(pack->commune, "", "= 420", "= 4200");
	a = change(pack->intents, "", N1_BARE, "Bao luc.");
	b = change(a, "intent \"SUPPORT\"", "{\"VHXH\"}", "{\"XYZ\"}");
	intents = change(b, "intent \"OPTOUT\"", "\"stop\"", "\"giup\"");
	assert_null(load(commune, intents, &f));
	assert_int_equal(f.n, 4);
	assert_true(has_fault(
	    &f, COMMUNE, line_of(commune, "", "= 4200"), "zone_minutes"));
	assert_true(has_fault(
	    &f, INTENTS, line_of(intents, "", "Bao luc."), "the reply names"));
	assert_true(has_fault(
	    &f, INTENTS, line_of(intents, "", "{\"XYZ\"}"), "agency \"XYZ\""));
	assert_true(has_fault(
	    &f, INTENTS, line_of(intents, "", "\"giup\""), "keyword \"giup\""));
	for (i = 2; i < f.n; i++)
		assert_true(f.list[i - 1].line < f.list[i].line);
	faults_clear(&f);
	free(commune);
	free(a);
	free(b);
	free(intents);
}

static void
test_missing_file(void **state)
{
	struct faults f;
	char *dir;

	(void)state;
	faults_init(&f);
	dir = tempdir_new();
	assert_null(content_load(dir, &f));
	assert_true(has_fault(&f, COMMUNE, 0, "cannot be read"));
	assert_true(has_fault(&f, INTENTS, 0, "cannot be read"));
	faults_clear(&f);
	tempdir_remove(dir);
}

/* M18: another commune is other files; its own names are guarded. */
static void
test_other_commune(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} texts[] = {
	    {"Da nhan tin.", true},
	    {"Hen o An Thuong.", false},
	    {"Đến An Thượng nhé", false},
	    {"AN-THUONG", false},
	    {"Phuong An Thuong", false},
	    {"an thuongg", true},
	    {"Den Lang Bung", false},
	    {"bạo lực", false},
	    {"bao lực", false},
	    {"Gọi thôn trưởng", false},
	    {"thon gon", false},
	    {"thổn thức", true},
	    {"Xem tại www.example.com", false},
	    {"http://x", false},
	    {"Tổng đài.Vnpt", true},
	    {"Soan CO. Khong nhan: TC", true},
	    {"gap anh Hung", false},
	    {"gặp bà Đào", false},
	    {"chi Tram", false},
	    {"can bo se goi", true},
	    {"HPN: U1, ma 7K2P", true},
	    {"km 12", false},
	    {"12 km", true},
	};
	const struct pack *pack = *state;
	const char *why;
	char *commune, *a;
	struct content *c;
	struct faults f;
	size_t i;

	a = change(pack->commune, "", "xã Song An", "xã Đông");
	commune = change(
	    a, "", "hamlets = {}", "hamlets = {\"An Thượng\", \"Làng Bung\"}");
	c = load(commune, pack->intents, &f);
	if (c == NULL)
		fail_msg("%s", f.list[0].what);
	assert_string_equal(content_commune(c)->name, "xã Đông");
	assert_string_equal(content_commune(c)->hamlets[1], "Làng Bung");
	for (i = 0; i < TC_NELEM(texts); i++) {
		if ((content_lint_outbound(c, texts[i].text, &why) == 0) !=
		    texts[i].ok)
			fail_msg("%s", texts[i].text);
	}
	assert_int_equal(content_lint_outbound(c, "\xff", &why), TC_EINVAL);
	for (i = 0; i < TC_NELEM(catalogue); i++) {
		if (content_lint_outbound(c, catalogue[i], &why) != 0)
			fail_msg("%s: %s", catalogue[i], why);
	}
	content_free(c);
	faults_clear(&f);
	free(a);
	free(commune);
}

/* A reply in her language when there is one, whole; else the Vietnamese one. What
 * is not given without diacritics is made. */
static void
test_languages(void **state)
{
	const struct pack *pack = *state;
	const struct content_reply *reply;
	struct content *c;
	struct faults f;
	char *intents;

	intents = change(pack->intents, "reply \"LANG\"",
	    "	bare = \"Da doi ngon ngu tin nhan. Muon doi lai tieng Viet: "
	    "soan VIET.\"\n",
	    "	jra = \"Jrai\"\n");
	c = load(pack->commune, intents, &f);
	assert_non_null(c);
	reply = content_reply_by_id(c, "LANG");
	assert_string_equal(content_reply_text(reply, "", CONTENT_BARE),
	    "Da doi ngon ngu tin nhan. Ve tieng Viet: soan VIET.");
	assert_string_equal(
	    content_reply_text(reply, "jra", CONTENT_BARE), "Jrai");
	assert_string_equal(content_reply_text(reply, "bdq", CONTENT_ACCENTED),
	    content_reply_text(reply, "vi", CONTENT_ACCENTED));
	assert_true(content_is_language("bdq"));
	assert_false(content_is_language("eng"));
	content_free(c);
	free(intents);
	faults_clear(&f);
}

static void
on_stale(const struct content_hotline *h, void *ctx)
{
	assert_string_equal(h->number, "114");
	(*(int *)ctx)++;
}

static void
test_stale_hotlines(void **state)
{
	const int64_t day = 86400, verified = 1793491200; /* 2026-11-01 */
	const struct pack *pack = *state;
	struct content *c;
	struct faults f;
	char *commune;
	int seen = 0;

	commune = change(pack->commune, "hotline \"114\"",
	    "name = ", "verified = \"2026-11-01\" name = ");
	c = load(commune, pack->intents, &f);
	assert_non_null(c);
	assert_int_equal(
	    content_stale_hotlines(c, verified + 180 * day, NULL, NULL), 0);
	assert_int_equal(
	    content_stale_hotlines(c, verified + 181 * day, on_stale, &seen),
	    1);
	assert_int_equal(seen, 1);
	content_free(c);
	free(commune);
	faults_clear(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lint),
	    cmocka_unit_test(test_all_at_once),
	    cmocka_unit_test(test_missing_file),
	    cmocka_unit_test(test_other_commune),
	    cmocka_unit_test(test_languages),
	    cmocka_unit_test(test_stale_hotlines),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

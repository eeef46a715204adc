/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folding, and every accented keyword of the catalogue as it looks when it is
 * typed with Telex or VNI switched off. Every text is tried as NFC and as NFD.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "fold.h"
#include "fold_forms.h"

struct fold_case {
	const char *in;
	const char *text;
	const char *exact;
	bool has_marks;
	size_t ntokens;
};

struct keyword_case {
	const char *keyword;
	const char *text;
	const char *telex;
	const char *vni;
};

static void
check_one(const char *in, const struct fold_case *c)
{
	struct fold f, again;

	assert_int_equal(fold_text(in, strlen(in), &f), 0);
	if (strcmp(f.text, c->text) != 0 || strcmp(f.exact, c->exact) != 0 ||
	    f.has_marks != c->has_marks || f.ntokens != c->ntokens)
		fail_msg("'%s': '%s' '%s' marks=%d tokens=%zu", in, f.text,
		    f.exact, f.has_marks, f.ntokens);
	assert_int_equal(fold_text(f.text, strlen(f.text), &again), 0);
	assert_string_equal(again.text, f.text);
	fold_clear(&again);
	assert_int_equal(fold_text(f.exact, strlen(f.exact), &again), 0);
	assert_string_equal(again.exact, f.exact);
	assert_string_equal(again.text, f.text);
	fold_clear(&again);
	fold_clear(&f);
	assert_null(f.text);
	fold_clear(&f);
}

static char *
to_nfd(const char *s)
{
	char *out = (char *)utf8proc_NFD((const utf8proc_uint8_t *)s);

	assert_non_null(out);
	return out;
}

static void
check_all(const struct fold_case *cases, size_t n)
{
	char *nfd;
	size_t i;

	for (i = 0; i < n; i++) {
		check_one(cases[i].in, &cases[i]);
		nfd = to_nfd(cases[i].in);
		check_one(nfd, &cases[i]);
		free(nfd);
	}
}

static void
test_words(void **state)
{
	static const struct fold_case cases[] = {
	    {"", "", "", false, 0}, {" ", "", "", false, 0},
	    {"...", "", "", false, 0}, {"GIUP", "giup", "giup", false, 1},
	    {"Giúp tôi", "giup toi", "giúp tôi", true, 2},
	    {"TU CHOI", "tu choi", "tu choi", false, 2},
	    {"TU  CHOI", "tu choi", "tu choi", false, 2},
	    {" TU, CHOI!! ", "tu choi", "tu choi", false, 2},
	    {"TU-CHOI.", "tu choi", "tu choi", false, 2},
	    {"TU\tCHOI\r\n", "tu choi", "tu choi", false, 2},
	    {"\"TU\" (CHOI)", "tu choi", "tu choi", false, 2},
	    {"TỪ  CHỐI …", "tu choi", "từ chối", true, 2},
	    {"“Từ” – chối。", "tu choi", "từ chối", true, 2},
	    {"GOI 9", "goi 9", "goi 9", false, 2},
	    {"gọi_lại", "goi lai", "gọi lại", true, 2},
	    {"99", "99", "99", false, 1},
	    {"a'b`c^d", "a b c d", "a b c d", false, 4},
	    {"GOI@9#10", "goi 9 10", "goi 9 10", false, 3},
	    {"GI\x01UP", "gi up", "gi up", false, 2},
	    {"\x7f", "", "", false, 0},
	    {"cứu😀tôi", "cuu toi", "cứu tôi", true, 2},
	    {"1\xef\xb8\x8f\xe2\x83\xa3", "1", "1", false, 1}, /* keycap */
	};

	(void)state;
	check_all(cases, TC_NELEM(cases));
}

static void
test_letters(void **state)
{
	static const struct fold_case cases[] = {
	    {"đánh", "danh", "đánh", true, 1},
	    {"ĐÁNH", "danh", "đánh", true, 1},
	    {"ÐÁNH", "danh", "đánh", true, 1}, /* U+00D0 */
	    {"ðánh", "ðanh", "ðánh", true, 1}, /* U+00F0 is no d */
	    {"Ðong", "dong", "đong", true, 1},
	    {"à è é ì ò ù", "a e e i o u", "à è é ì ò ù", true, 6},
	    {"giup tôi", "giup toi", "giup tôi", true, 2},
	    {"ưỡng", "uong", "ưỡng", true, 1},
	    {"ẢẠẶỆỘỰỴ", "aaaeouy", "ảạặệộựỵ", true, 1},
	    /* Jrai and Bahnar */
	    {"ƀing", "bing", "ƀing", false, 1},
	    {"Ƀing", "bing", "ƀing", false, 1},
	    {"ñu čar", "nu car", "ñu čar", false, 2},
	    {"Bơ̆nâm", "bonam", "bơ̆nâm", true, 1},
	    {"ê̆ô̆ư̆", "eou", "ê̆ô̆ư̆", true, 1},
	    /* other scripts */
	    {"ПОМОЩЬ", "помощь", "помощь", false, 1},
	    {"ជួយ", "ជួយ", "ជួយ", false, 1},
	    {"帮助 我", "帮助 我", "帮助 我", false, 2},
	    {"＠Ａ", "ａ", "ａ", false, 1},
	    {"straße", "straße", "straße", false, 1},
	    {"n\xcc\x83o", "no", "ño", false, 1},
	    {"\xcc\x81gi", "gi", "gi", false, 1}, /* a mark on nothing */
	    {"a. \xcc\x81", "a", "a", false, 1},
	};

	(void)state;
	check_all(cases, TC_NELEM(cases));
}

/* The tone of an open syllable has two places. */
static void
test_tone_place(void **state)
{
	static const struct fold_case cases[] = {
	    {"hoà nhập", "hoa nhap", "hòa nhập", true, 2},
	    {"hòa nhập", "hoa nhap", "hòa nhập", true, 2},
	    {"HUỶ", "huy", "hủy", true, 1},
	    {"Hủy!", "huy", "hủy", true, 1},
	    {"khoẻ", "khoe", "khỏe", true, 1},
	    {"xoá dữ liệu", "xoa du lieu", "xóa dữ liệu", true, 3},
	    {"quý", "quy", "quý", true, 1},
	    {"thuý", "thuy", "thúy", true, 1},
	    {"uý", "uy", "úy", true, 1},
	    {"đoàn", "doan", "đoàn", true, 1}, /* closed: one place only */
	    {"thuế", "thue", "thuế", true, 1},
	    {"hoạ", "hoa", "họa", true, 1},
	};

	(void)state;
	check_all(cases, TC_NELEM(cases));
}

static void
test_zero_width(void **state)
{
	static const struct fold_case cases[] = {
	    {"gi\xe2\x80\x8bup", "giup", "giup", false, 1}, /* U+200B */
	    {"gi\xe2\x80\x8cup", "giup", "giup", false, 1}, /* U+200C */
	    {"gi\xe2\x80\x8dup", "giup", "giup", false, 1}, /* U+200D */
	    {"gi\xe2\x81\xa0up", "giup", "giup", false, 1}, /* U+2060 */
	    {"\xef\xbb\xbfgiup", "giup", "giup", false, 1}, /* U+FEFF */
	    {"gi\xc2\xadup", "giup", "giup", false, 1},     /* U+00AD */
	    {"\xe2\x80\xae"
	     "giup",
		"giup", "giup", false, 1}, /* U+202E */
	    {"giu\xe2\x80\x8b\xcc\x81p", "giup", "giúp", true, 1},
	    {"tu\xc2\xa0"
	     "choi",
		"tu choi", "tu choi", false, 2}, /* U+00A0 */
	    {"tu\xe3\x80\x80"
	     "choi",
		"tu choi", "tu choi", false, 2},
	    {"tu\xe2\x80\xa8"
	     "choi",
		"tu choi", "tu choi", false, 2},
	};

	(void)state;
	check_all(cases, TC_NELEM(cases));
}

static void
test_question(void **state)
{
	static const struct fold_case cases[] = {
	    {"gi?p t?i", "gi?p t?i", "gi?p t?i", false, 2},
	    {"GI?P TOI?", "gi?p toi", "gi?p toi", false, 2},
	    {"giup?", "giup", "giup", false, 1},
	    {"?giup", "giup", "giup", false, 1},
	    {"giup ? toi", "giup toi", "giup toi", false, 2},
	    {"giup? toi", "giup toi", "giup toi", false, 2},
	    {"giup ?toi", "giup toi", "giup toi", false, 2},
	    {"ng??i", "ng??i", "ng??i", false, 1},
	    {"a?.b", "a b", "a b", false, 2},
	    {"a.?b", "a b", "a b", false, 2},
	    {"???", "", "", false, 0},
	    {"", "", "", false, 0},
	    {"c?p cứu?", "c?p cuu", "c?p cứu", true, 2},
	    {"b?nh, đau?", "b?nh dau", "b?nh đau", true, 2},
	    {"đ?nh", "d?nh", "đ?nh", true, 1},
	    {"?đ", "d", "đ", true, 1},
	    {"đ??đ? đ", "d??d d", "đ??đ đ", true, 2},
	    {"c?\xcc\x81u", "c?u", "c?u", false, 1},
	};

	(void)state;
	check_all(cases, TC_NELEM(cases));
}

static void
test_invalid(void **state)
{
	static const char *const cases[] = {"\xff", "giup\xc3", "\xc0\x80",
	    "\xed\xa0\x80", "\xf5\x80\x80\x80", "a\xcc", "\x80"};
	struct fold f;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		assert_int_equal(
		    fold_text(cases[i], strlen(cases[i]), &f), TC_EINVAL);
		assert_null(f.text);
		fold_clear(&f);
		assert_null(fold_telex(cases[i]));
		assert_null(fold_vni(cases[i]));
	}
	assert_int_equal(fold_text("a\0b", 3, &f), 0);
	assert_string_equal(f.text, "a b");
	fold_clear(&f);
}

/* What is behind FOLD_TEXT_MAX does not count, but must still be UTF-8. */
static void
test_long(void **state)
{
	static const char letter[] = "\xe1\xbb\xad"; /* three bytes */
	char *s = xmalloc(3 * FOLD_TEXT_MAX);
	struct fold f;
	size_t i;

	(void)state;
	for (i = 0; i < FOLD_TEXT_MAX; i++)
		memcpy(s + 3 * i, letter, 3);
	assert_int_equal(fold_text(s, (size_t)3 * FOLD_TEXT_MAX, &f), 0);
	assert_int_equal(strlen(f.text), FOLD_TEXT_MAX / 3);
	assert_int_equal(strlen(f.exact), FOLD_TEXT_MAX / 3 * 3);
	fold_clear(&f);
	s[3 * FOLD_TEXT_MAX - 1] = 'x';
	assert_int_equal(
	    fold_text(s, (size_t)3 * FOLD_TEXT_MAX, &f), TC_EINVAL);
	memset(s, 'a', (size_t)3 * FOLD_TEXT_MAX);
	assert_int_equal(fold_text(s, (size_t)3 * FOLD_TEXT_MAX, &f), 0);
	assert_int_equal(strlen(f.text), FOLD_TEXT_MAX);
	fold_clear(&f);
	/* The most code points that 4096 bytes can become. */
	for (i = 0; i < FOLD_TEXT_MAX / 2; i++)
		memcpy(s + 2 * i, "\xce\x90", 2);
	assert_int_equal(fold_text(s, FOLD_TEXT_MAX, &f), 0);
	assert_int_equal(strlen(f.exact), FOLD_TEXT_MAX);
	fold_clear(&f);
	free(s);
}

static const struct keyword_case keywords[] = {
    {"hướng dẫn", "huong dan", "huwowngs daanx", "hu7o7ng1 da6n4"},
    {"cứu", "cuu", "cuwus", "cu7u1"},
    {"cấp cứu", "cap cuu", "caaps cuwus", "ca6p1 cu7u1"},
    {"khẩn cấp", "khan cap", "khaanr caaps", "kha6n3 ca6p1"},
    {"giúp", "giup", "giups", "giup1"},
    {"giúp tôi", "giup toi", "giups tooi", "giup1 to6i"},
    {"trợ giúp", "tro giup", "trowj giups", "tro75 giup1"},
    {"gọi", "goi", "goij", "goi5"},
    {"gọi lại", "goi lai", "goij laij", "goi5 lai5"},
    {"tin cậy", "tin cay", "tin caayj", "tin ca6y5"},
    {"nhà", "nha", "nhaf", "nha2"},
    {"tạm lánh", "tam lanh", "tamj lanhs", "tam5 lanh1"},
    {"bạo lực", "bao luc", "baoj luwcj", "bao5 lu7c5"},
    {"bị đánh", "bi danh", "bij ddanhs", "bi5 d9anh1"},
    {"chồng đánh", "chong danh", "choongf ddanhs", "cho6ng2 d9anh1"},
    {"báo tin", "bao tin", "baos tin", "bao1 tin"},
    {"tố giác", "to giac", "toos giacs", "to61 giac1"},
    {"báo", "bao", "baos", "bao1"},
    {"mua bán người", "mua ban nguoi", "mua bans nguwowif",
	"mua ban1 ngu7o7i2"},
    {"bán người", "ban nguoi", "bans nguwowif", "ban1 ngu7o7i2"},
    {"lừa bán", "lua ban", "luwaf bans", "lu7a2 ban1"},
    {"trở về", "tro ve", "trowr veef", "tro73 ve62"},
    {"hòa nhập", "hoa nhap", "hoaf nhaapj", "hoa2 nha6p5"},
    {"trẻ em", "tre em", "trer em", "tre3 em"},
    {"xâm hại trẻ", "xam hai tre", "xaam haij trer", "xa6m hai5 tre3"},
    {"xâm hại", "xam hai", "xaam haij", "xa6m hai5"},
    {"cưỡng ép", "cuong ep", "cuwowngx eps", "cu7o7ng4 ep1"},
    {"tảo hôn", "tao hon", "taor hoon", "tao3 ho6n"},
    {"ép cưới", "ep cuoi", "eps cuwowis", "ep1 cu7o7i1"},
    {"sức khỏe", "suc khoe", "suwcs khoer", "su7c1 khoe3"},
    {"y tế", "y te", "y tees", "y te61"},
    {"khám thai", "kham thai", "khams thai", "kham1 thai"},
    {"luật", "luat", "luaatj", "lua6t5"},
    {"pháp luật", "phap luat", "phaps luaatj", "phap1 lua6t5"},
    {"ly hôn", "ly hon", "ly hoon", "ly ho6n"},
    {"học", "hoc", "hocj", "hoc5"},
    {"học bổng", "hoc bong", "hocj boongr", "hoc5 bo6ng3"},
    {"trường", "truong", "truwowngf", "tru7o7ng2"},
    {"lao động", "lao dong", "lao ddoongj", "lao d9o6ng5"},
    {"công đoàn", "cong doan", "coong ddoanf", "co6ng d9oan2"},
    {"hỗ trợ", "ho tro", "hoox trowj", "ho64 tro75"},
    {"học nghề", "hoc nghe", "hocj ngheef", "hoc5 nghe62"},
    {"sự kiện", "su kien", "suwj kieenj", "su75 kie6n5"},
    {"đăng ký", "dang ky", "ddawng kys", "d9a8ng ky1"},
    {"từ chối", "tu choi", "tuwf choois", "tu72 cho6i1"},
    {"hủy", "huy", "huyr", "huy3"},
    {"dừng", "dung", "duwngf", "du7ng2"},
    {"tiếng Việt", "tieng viet", "tieengs vieetj", "tie6ng1 vie6t5"},
    {"thôi", "thoi", "thooi", "tho6i"},
    {"sai số", "sai so", "sai soos", "sai so61"},
    {"nhầm", "nham", "nhaamf", "nha6m2"},
    {"góp ý", "gop y", "gops ys", "gop1 y1"},
    {"phản ánh", "phan anh", "phanr anhs", "phan3 anh1"},
    {"xóa", "xoa", "xoas", "xoa1"},
    {"xóa dữ liệu", "xoa du lieu", "xoas duwx lieeuj", "xoa1 du74 lie6u5"},
    /* not in the catalogue */
    {"đánh", "danh", "ddanhs", "d9anh1"},
    {"ĐẶNG, Thị  Hoà!", "dang thi hoa", "ddawngj thij hoaf",
	"d9a8ng5 thi5 hoa2"},
    {"HD", "hd", "hd", "hd"},
    {"0", "0", "0", "0"},
    {"ƀơ̆ng ñŭ", "bong nu", "bowng nu", "bo7ng nu"},
    {"", "", "", ""},
};

static void
check_typed(const char *keyword, const struct keyword_case *c)
{
	char *t = fold_telex(keyword), *v = fold_vni(keyword);
	struct fold f;

	assert_non_null(t);
	assert_non_null(v);
	assert_string_equal(t, c->telex);
	assert_string_equal(v, c->vni);
	assert_int_equal(fold_text(keyword, strlen(keyword), &f), 0);
	assert_string_equal(f.text, c->text);
	fold_clear(&f);
	free(t);
	free(v);
}

static void
test_typed(void **state)
{
	char *nfd;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(keywords); i++) {
		check_typed(keywords[i].keyword, &keywords[i]);
		nfd = to_nfd(keywords[i].keyword);
		check_typed(nfd, &keywords[i]);
		free(nfd);
	}
}

/* No alias of one keyword is the alias or the folded form of another. */
static void
test_collisions(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < TC_NELEM(keywords); i++) {
		for (k = 0; k < TC_NELEM(keywords); k++) {
			if (i == k)
				continue;
			assert_string_not_equal(
			    keywords[i].telex, keywords[k].telex);
			assert_string_not_equal(
			    keywords[i].vni, keywords[k].vni);
			assert_string_not_equal(
			    keywords[i].telex, keywords[k].text);
			assert_string_not_equal(
			    keywords[i].vni, keywords[k].text);
		}
	}
}

/* For a message a "?" at the edge of a word may be a letter. */
static void
test_message(void **state)
{
	static const struct {
		const char *in;
		const char *text;
		size_t ntokens;
	} cases[] = {
	    {"b? ?anh", "b? ?anh", 2},
	    {"giup toi?", "giup toi?", 2},
	    {"??ng", "??ng", 1},
	    {"gi?p", "gi?p", 1},
	    {"a ? b", "a b", 2},
	    {"?", "", 0},
	    {"???", "", 0},
	    {"a?, ?b", "a? ?b", 2},
	    {"a ?", "a", 1},
	    {"? a", "a", 1},
	    {"a??", "a??", 1},
	    {"?ăng ký?", "?ang ky?", 2},
	    {"a😀?b", "a ?b", 2},
	    {"a?😀b", "a? b", 2},
	    {"ă ? b", "a b", 2},
	    {"", "", 0},
	};
	struct fold f;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		assert_int_equal(
		    fold_message(cases[i].in, strlen(cases[i].in), &f), 0);
		if (strcmp(f.text, cases[i].text) != 0 ||
		    f.ntokens != cases[i].ntokens)
			fail_msg("'%s': '%s'", cases[i].in, f.text);
		fold_clear(&f);
	}
	assert_int_equal(fold_message("\xff", 1, &f), TC_EINVAL);
}

struct forms {
	char all[FOLD_NFORMS][512]; /* each between spaces */
};

static void
on_form(const char *form, enum fold_form kind, void *ctx)
{
	struct forms *forms = ctx;
	char *all = forms->all[kind];

	strncat(all, form, sizeof(forms->all[kind]) - strlen(all) - 2);
	strncat(all, " ", 2);
}

/* Every form that people leave is made, and each of its own kind. */
static void
test_forms(void **state)
{
	static const struct {
		const char *word;
		enum fold_form kind;
		const char *want; /* words that are among them; "": none */
	} cases[] = {
	    {"giúp", FOLD_FORM_BARE, "giup"},
	    {"giúp", FOLD_FORM_EXACT, "giúp gíup"},
	    {"giúp", FOLD_FORM_TELEX, "giups giusp"},
	    {"giúp", FOLD_FORM_VNI, "giup1 giu1p"},
	    {"giúp", FOLD_FORM_LOST, "gi?p"},
	    {"tôi", FOLD_FORM_TELEX, "tooi toio"},
	    {"tôi", FOLD_FORM_VNI, "to6i toi6"},
	    {"cứu", FOLD_FORM_TELEX, "cuwus cuwsu cuuws cuusw"},
	    {"cứu", FOLD_FORM_VNI, "cu7u1 cu71u cuu71 cuu17"},
	    {"trường", FOLD_FORM_TELEX,
		"truwowngf truwownfg truwowfng truowngf truownfg truowfng "
		"truongwf truongfw"},
	    {"trường", FOLD_FORM_LOST, "tr??ng tr?ong tru?ng"},
	    {"đánh", FOLD_FORM_TELEX, "ddanhs ddansh ddasnh"},
	    {"đánh", FOLD_FORM_LOST, "??nh ?anh d?nh"},
	    {"khoẻ", FOLD_FORM_EXACT, "khỏe"},
	    {"nhà", FOLD_FORM_EXACT, "nhà"},
	    {"đ", FOLD_FORM_TELEX, "dd"},
	    {"giup", FOLD_FORM_BARE, "giup"},
	    {"giup", FOLD_FORM_TELEX, ""},
	    {"giup", FOLD_FORM_LOST, ""},
	    {"giup", FOLD_FORM_EXACT, ""},
	    /* No key makes these marks. */
	    {"ơ̆", FOLD_FORM_BARE, "o"},
	    {"ơ̆", FOLD_FORM_TELEX, ""},
	    {"ñ", FOLD_FORM_VNI, ""},
	    {"từchối", FOLD_FORM_TELEX, ""},
	};
	struct forms forms;
	const char *got;
	char *want, *word, *save, *padded, *needle;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		memset(&forms, 0, sizeof(forms));
		fold_forms(cases[i].word, on_form, &forms);
		got = forms.all[cases[i].kind];
		if (cases[i].want[0] == '\0')
			assert_string_equal(got, "");
		padded = xasprintf(" %s", got);
		want = xstrdup(cases[i].want);
		for (word = strtok_r(want, " ", &save); word != NULL;
		     word = strtok_r(NULL, " ", &save)) {
			needle = xasprintf(" %s ", word);
			if (strstr(padded, needle) == NULL)
				fail_msg("'%s': '%s' is not in '%s'",
				    cases[i].word, word, got);
			free(needle);
		}
		free(want);
		free(padded);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_letters),
	    cmocka_unit_test(test_tone_place),
	    cmocka_unit_test(test_zero_width),
	    cmocka_unit_test(test_question),
	    cmocka_unit_test(test_invalid),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_typed),
	    cmocka_unit_test(test_collisions),
	    cmocka_unit_test(test_message),
	    cmocka_unit_test(test_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The matcher, against the pack that is shipped: what people type, and what
 * must not be taken for it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "intake/match_index.h"
#include "tempdir.h"

struct match_case {
	const char *text;
	const char *intent;
	enum match_rule rule;
	const char *rest; /* what is behind the keyword; NULL: no free text */
};

static const struct match_case match_cases[] = {
    /* One keyword in every writing. */
    {"Giúp tôi", "SUPPORT", MATCH_ACCENTED, NULL},
    {"GIÚP TÔI", "SUPPORT", MATCH_ACCENTED, NULL},
    {"giúp   tôi!!!", "SUPPORT", MATCH_ACCENTED, NULL},
    {"\"Giúp-tôi.\"", "SUPPORT", MATCH_ACCENTED, NULL},
    {"giúp\u200b tôi\n", "SUPPORT", MATCH_ACCENTED, NULL},
    {"giup toi", "SUPPORT", MATCH_FOLDED, NULL},
    {"GIUP TOI", "SUPPORT", MATCH_FOLDED, NULL},
    {"giúp toi", "SUPPORT", MATCH_ACCENTED, NULL},
    {"giụp tôi", "SUPPORT", MATCH_FOLDED, NULL},
    {"giups tooi", "SUPPORT", MATCH_TELEX, NULL},
    {"Giups Tooi", "SUPPORT", MATCH_TELEX, NULL},
    {"giup1 to6i", "SUPPORT", MATCH_VNI, NULL},
    {"GIUPTOI", "SUPPORT", MATCH_NOSPACE, NULL},
    {"giúptôi", "SUPPORT", MATCH_NOSPACE, NULL},
    {"giụptôi", "FALLBACK", MATCH_NONE, "giụptôi"},
    {"gi?p t?i", "SUPPORT", MATCH_WILDCARD, NULL},
    {"Gi?p toi", "SUPPORT", MATCH_WILDCARD, NULL},
    {"giúp", "SUPPORT", MATCH_ACCENTED, NULL},
    {"giup", "SUPPORT", MATCH_FOLDED, NULL},
    {"giups", "SUPPORT", MATCH_TELEX, NULL},
    {"giup1", "SUPPORT", MATCH_VNI, NULL},
    {"gi?p", "SUPPORT", MATCH_WILDCARD, NULL},
    {"g?up", "FALLBACK", MATCH_NONE, "g?up"},
    {"Help", "SUPPORT", MATCH_FOLDED, NULL},
    {"trợ giúp", "SUPPORT", MATCH_ACCENTED, NULL},
    {"tro giup", "SUPPORT", MATCH_FOLDED, NULL},
    {"giup?", "SUPPORT", MATCH_FOLDED, NULL},

    /* The longest keyword first; the rest is kept. */
    {"giúp tôi với, chị ơi", "SUPPORT", MATCH_ACCENTED, "với, chị ơi"},
    {"  Giup toi: voi", "SUPPORT", MATCH_FOLDED, "voi"},
    {"giúp em", "SUPPORT", MATCH_ACCENTED, NULL},
    {"giúp anh", "SUPPORT", MATCH_ACCENTED, "anh"},
    {"giup 😀 anh", "SUPPORT", MATCH_FOLDED, "anh"},
    {"giup ?anh", "SUPPORT", MATCH_FOLDED, "anh"},
    {"gi?p t?i v?i", "SUPPORT", MATCH_WILDCARD, "v?i"},
    {"GIUPTOI voi", "SUPPORT", MATCH_NOSPACE, "voi"},

    /* Emergencies. */
    {"SOS", "SOS", MATCH_FOLDED, NULL},
    {"cứu", "SOS", MATCH_ACCENTED, NULL},
    {"cuwus", "SOS", MATCH_TELEX, NULL},
    {"cu7u1", "SOS", MATCH_VNI, NULL},
    {"Cứu em với", "SOS", MATCH_ACCENTED, "với"},
    {"Cứu nó với", "SOS", MATCH_ACCENTED, "nó với"},
    {"cấp cứu", "SOS", MATCH_ACCENTED, NULL},
    {"caaps cuwus", "SOS", MATCH_TELEX, NULL},
    {"ca6p1 cu7u1", "SOS", MATCH_VNI, NULL},
    {"kh?n c?p", "SOS", MATCH_WILDCARD, NULL},
    {"cựu", "FALLBACK", MATCH_NONE, "cựu"},
    {"c?u", "FALLBACK", MATCH_NONE, "c?u"},
    {"99", "SOS", MATCH_ALIAS, NULL},
    {"99.", "SOS", MATCH_ALIAS, NULL},
    {"99 cứu em", "SOS", MATCH_ALIAS, "cứu em"},
    {"so 99", "FALLBACK", MATCH_NONE, "so 99"},
    {"990", "FALLBACK", MATCH_NONE, "990"},

    /* Further inside: phrases and foreign words that ask for help. The whole
     * text is kept. */
    {"anh oi cap cuu", "SOS", MATCH_FOLDED, "anh oi cap cuu"},
    {"Chị ơi giúp tôi với", "SUPPORT", MATCH_ACCENTED, "Chị ơi giúp tôi với"},
    {"em can sos", "SOS", MATCH_FOLDED, "em can sos"},
    {"toi muon tam lanh", "SAFE_ADDR", MATCH_FOLDED, "toi muon tam lanh"},
    {"em xin gi?p t?i", "SUPPORT", MATCH_WILDCARD, "em xin gi?p t?i"},
    {"tra cứu bảo hiểm", "FALLBACK", MATCH_NONE, "tra cứu bảo hiểm"},
    {"cam on da giup", "FALLBACK", MATCH_NONE, "cam on da giup"},
    {"em xin tro giup, em xin giup toi, cuu, o cho tam lanh", "SUPPORT",
	MATCH_FOLDED, "em xin tro giup, em xin giup toi, cuu, o cho tam lanh"},
    /* Only an emergency wins over what stands first. */
    {"Y te: giup toi hoi lich tiem", "HEALTH", MATCH_FOLDED,
	"giup toi hoi lich tiem"},
    {"em xin tam lanh, cap cuu", "SOS", MATCH_FOLDED,
	"em xin tam lanh, cap cuu"},
    {"giup toi cap cuu", "SOS", MATCH_FOLDED, "giup toi cap cuu"},
    {"y tế ơi cấp cứu", "SOS", MATCH_ACCENTED, "y tế ơi cấp cứu"},
    {"TC giúp tôi", "SUPPORT", MATCH_ACCENTED, "TC giúp tôi"},
    {"cấp cứu, giúp tôi", "SOS", MATCH_ACCENTED, "giúp tôi"},

    /* dừng, đúng, dùng */
    {"dừng", "OPTOUT", MATCH_ACCENTED, NULL},
    {"Dung", "OPTOUT", MATCH_FOLDED, NULL},
    {"duwngf", "OPTOUT", MATCH_TELEX, NULL},
    {"du7ng2", "OPTOUT", MATCH_VNI, NULL},
    {"đúng", "FALLBACK", MATCH_NONE, "đúng"},
    {"Đúng", "FALLBACK", MATCH_NONE, "Đúng"},
    {"dùng", "FALLBACK", MATCH_NONE, "dùng"},
    {"Dũng", "FALLBACK", MATCH_NONE, "Dũng"},
    {"d?ng", "FALLBACK", MATCH_NONE, "d?ng"},
    {"dung roi", "FALLBACK", MATCH_NONE, "dung roi"},
    {"dừng lại", "FALLBACK", MATCH_NONE, "dừng lại"},

    /* Control words only alone. */
    {"TC", "OPTOUT", MATCH_FOLDED, NULL},
    {"tc.", "OPTOUT", MATCH_FOLDED, NULL},
    {"từ chối", "OPTOUT", MATCH_ACCENTED, NULL},
    {"TUCHOI", "OPTOUT", MATCH_NOSPACE, NULL},
    {"từchối", "OPTOUT", MATCH_NOSPACE, NULL},
    {"tuwf choois", "OPTOUT", MATCH_TELEX, NULL},
    {"tu72 cho6i1", "OPTOUT", MATCH_VNI, NULL},
    {"t? ch?i", "FALLBACK", MATCH_NONE, "t? ch?i"},
    {"tự chơi", "FALLBACK", MATCH_NONE, "tự chơi"},
    {"TC nhe", "FALLBACK", MATCH_NONE, "TC nhe"},
    {"huỷ", "OPTOUT", MATCH_ACCENTED, NULL},
    {"hủy", "OPTOUT", MATCH_ACCENTED, NULL},
    {"huy", "OPTOUT", MATCH_FOLDED, NULL},
    {"Huy", "OPTOUT", MATCH_FOLDED, NULL},
    {"Huy day", "FALLBACK", MATCH_NONE, "Huy day"},
    {"stop", "OPTOUT", MATCH_FOLDED, NULL},
    {"CO", "CONFIRM", MATCH_FOLDED, NULL},
    {"có", "CONFIRM", MATCH_ACCENTED, NULL},
    {"cô", "FALLBACK", MATCH_NONE, "cô"},
    {"co ai khong", "FALLBACK", MATCH_NONE, "co ai khong"},
    {"DK", "SUBSCRIBE", MATCH_FOLDED, NULL},
    {"đăng ký", "SUBSCRIBE", MATCH_ACCENTED, NULL},
    {"Đăng ký", "SUBSCRIBE", MATCH_ACCENTED, NULL},
    {"\u00d0\u0103ng k\u00fd", "SUBSCRIBE", MATCH_ACCENTED, NULL},
    {"ddawng kys", "SUBSCRIBE", MATCH_TELEX, NULL},
    {"d9a8ng ky1", "SUBSCRIBE", MATCH_VNI, NULL},
    {"dang ky ket hon", "FALLBACK", MATCH_NONE, "dang ky ket hon"},
    {"thôi", "HUSH", MATCH_ACCENTED, NULL},
    {"THOI", "HUSH", MATCH_FOLDED, NULL},
    {"thời", "FALLBACK", MATCH_NONE, "thời"},
    {"thoi nhe", "FALLBACK", MATCH_NONE, "thoi nhe"},
    {"sai so", "HUSH", MATCH_FOLDED, NULL},
    {"nhầm", "HUSH", MATCH_ACCENTED, NULL},
    {"nham so roi", "FALLBACK", MATCH_NONE, "nham so roi"},

    /* The trusted address: one word only alone. */
    {"nhà", "SAFE_ADDR", MATCH_ACCENTED, NULL},
    {"NHA", "SAFE_ADDR", MATCH_FOLDED, NULL},
    {"nhaf", "SAFE_ADDR", MATCH_TELEX, NULL},
    {"nhá", "FALLBACK", MATCH_NONE, "nhá"},
    {"nhà tôi mất điện", "FALLBACK", MATCH_NONE, "nhà tôi mất điện"},
    {"toi o nha", "FALLBACK", MATCH_NONE, "toi o nha"},
    {"tin cậy", "SAFE_ADDR", MATCH_ACCENTED, NULL},
    {"tin caayj", "SAFE_ADDR", MATCH_TELEX, NULL},
    {"tin ca6y5", "SAFE_ADDR", MATCH_VNI, NULL},
    {"TINCAY", "SAFE_ADDR", MATCH_NOSPACE, NULL},
    {"DCTC", "SAFE_ADDR", MATCH_FOLDED, NULL},
    {"5", "SAFE_ADDR", MATCH_ALIAS, NULL},
    {"5 con ga", "FALLBACK", MATCH_NONE, "5 con ga"},

    /* Health: a question makes a case of it. */
    {"sức khỏe", "HEALTH", MATCH_ACCENTED, NULL},
    {"sức khoẻ", "HEALTH", MATCH_ACCENTED, NULL},
    {"suc khoe", "HEALTH", MATCH_FOLDED, NULL},
    {"s?c kh?e", "HEALTH", MATCH_WILDCARD, NULL},
    {"Y tế: em hỏi lịch khám", "HEALTH", MATCH_ACCENTED, "em hỏi lịch khám"},
    {"1", "HEALTH", MATCH_ALIAS, NULL},
    {"1 nguoi bi thuong", "FALLBACK", MATCH_NONE, "1 nguoi bi thuong"},
    {"tram y te o dau", "FALLBACK", MATCH_NONE, "tram y te o dau"},

    /* Keys inside the word, and at its end. */
    {"Giusp tooi", "SUPPORT", MATCH_TELEX, NULL},
    {"giu1p toi6", "SUPPORT", MATCH_VNI, NULL},
    {"giusp toi", "SUPPORT", MATCH_TELEX, NULL},
    {"tr??ng", "SCHOOL", MATCH_WILDCARD, NULL},
    {"truowngf", "SCHOOL", MATCH_TELEX, NULL},
    {"tru7o7ng2", "SCHOOL", MATCH_VNI, NULL},

    /* "?" at the edge of a word: a letter, or only a question. */
    {"tr? em", "CHILD", MATCH_WILDCARD, NULL},
    {"b? ?anh", "DV_SELF", MATCH_WILDCARD, NULL},
    {"?ăng ký", "FALLBACK", MATCH_NONE, "?ăng ký"},
    {"giup toi?", "SUPPORT", MATCH_FOLDED, NULL},
    {"giup toi ??? ", "SUPPORT", MATCH_FOLDED, NULL},
    {"?giup", "FALLBACK", MATCH_NONE, "?giup"},
    {"TC?", "OPTOUT", MATCH_FOLDED, NULL},

    /* Slang, and one wrong letter in a long word of a phrase. */
    {"ck danh", "DV_SELF", MATCH_SLANG, NULL},
    {"ko nhan tin", "OPTOUT", MATCH_SLANG, NULL},
    {"huog dan", "HELP_MENU", MATCH_TYPO, NULL},
    {"hunog dan", "HELP_MENU", MATCH_TYPO, NULL},
    {"huuong dan", "HELP_MENU", MATCH_TYPO, NULL},
    {"huxxg dan", "FALLBACK", MATCH_NONE, "huxxg dan"},
    {"giuptoii", "SUPPORT", MATCH_TYPO, NULL},
    {"truog", "FALLBACK", MATCH_NONE, "truog"},
    {"mua ban nguoii", "FALLBACK", MATCH_NONE, "mua ban nguoii"},
    {"tucoi", "FALLBACK", MATCH_NONE, "tucoi"},
    {"capcuuu", "FALLBACK", MATCH_NONE, "capcuuu"},

    /* What can have an argument. */
    {"goi", "CALLBACK", MATCH_FOLDED, NULL},
    {"GOI 9", "CALLBACK", MATCH_FOLDED, "9"},
    {"GOI9", "CALLBACK", MATCH_NOSPACE, "9"},
    {"goi t3 8-10", "CALLBACK", MATCH_FOLDED, "t3 8-10"},
    {"goi ga", "FALLBACK", MATCH_NONE, "goi ga"},
    {"goi lai sau", "CALLBACK", MATCH_FOLDED, "sau"},
    {"hoc 5a", "SCHOOL", MATCH_FOLDED, "5a"},
    {"hoc bai", "FALLBACK", MATCH_NONE, "hoc bai"},
    {"vay 5", "FALLBACK", MATCH_NONE, "vay 5"},
    {"em goi 9", "FALLBACK", MATCH_NONE, "em goi 9"},
    {"DK thon 3", "FALLBACK", MATCH_NONE, "DK thon 3"}, /* not a hamlet */

    /* What lies in a harmless phrase is nothing, but never a cry for help. */
    {"cuu chien binh", "FALLBACK", MATCH_NONE, "cuu chien binh"},
    {"cựu chiến binh", "FALLBACK", MATCH_NONE, "cựu chiến binh"},
    {"bị đánh giá", "FALLBACK", MATCH_NONE, "bị đánh giá"},
    {"bị đánh đau", "DV_SELF", MATCH_ACCENTED, "đau"},
    {"bi danh roi", "DV_SELF", MATCH_FOLDED, "roi"},
    {"cuu chien binh oi cuu em", "SOS", MATCH_FOLDED,
	"cuu chien binh oi cuu em"},
    {"da giup toi voi", "SUPPORT", MATCH_FOLDED, "da giup toi voi"},

    /* Chatter, and what is no text. */
    {"xin chao", "FALLBACK", MATCH_NONE, "xin chao"},
    {"Alo, mai họp thôn lúc mấy giờ?", "FALLBACK", MATCH_NONE,
	"Alo, mai họp thôn lúc mấy giờ?"},
    {"vậy", "FALLBACK", MATCH_NONE, "vậy"},
    {"vay", "LIVELIHOOD", MATCH_FOLDED, NULL},
    {"???", "FALLBACK", MATCH_NONE, NULL},
    {"", "FALLBACK", MATCH_NONE, NULL},
    {" \n", "FALLBACK", MATCH_NONE, NULL},
    {"\xff\xfe", "FALLBACK", MATCH_NONE, "\xff\xfe"},
    {"giup \xc3", "FALLBACK", MATCH_NONE, "giup \xc3"},
};

static struct content *content;

static int
set_up(void **state)
{
	struct faults f;

	(void)state;
	faults_init(&f);
	content = content_load(TEST_ETC, &f);
	if (content == NULL)
		fail_msg("%s", f.list[0].what);
	faults_clear(&f);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	content_free(content);
	return 0;
}

static void
check_match(
    const char *text, size_t len, const struct match_case *c, const char *rest)
{
	struct match m;

	match_text(content, text, len, &m);
	if (strcmp(m.intent->name, c->intent) != 0 || m.rule != c->rule ||
	    m.has_text != (rest != NULL))
		fail_msg("'%s': %s by %s, text %d", text, m.intent->name,
		    match_rule_name(m.rule), m.has_text);
	assert_true(m.text_offset <= len);
	if (rest != NULL && strcmp(text + m.text_offset, rest) != 0)
		fail_msg("'%s': rest '%s'", text, text + m.text_offset);
}

static char *
to_nfd(const char *s)
{
	return (char *)utf8proc_NFD((const utf8proc_uint8_t *)s);
}

static void
test_cases(void **state)
{
	const struct match_case *c;
	char *text, *rest;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(match_cases); i++) {
		c = &match_cases[i];
		check_match(c->text, strlen(c->text), c, c->rest);
		text = to_nfd(c->text);
		if (text == NULL) /* the ones that are not UTF-8 */
			continue;
		rest = c->rest != NULL ? to_nfd(c->rest) : NULL;
		check_match(text, strlen(text), c, rest);
		free(text);
		free(rest);
	}
}

/* Every cut of every text, and hostile lengths: nothing is read past the end
 * and nothing but an intent of the pack comes out. */
static void
test_cuts(void **state)
{
	struct match m;
	size_t i, len;
	char *copy;

	(void)state;
	for (i = 0; i < TC_NELEM(match_cases); i++) {
		for (len = 0; len < strlen(match_cases[i].text); len++) {
			copy = xmalloc(len + 1);
			memcpy(copy, match_cases[i].text, len);
			match_text(content, copy, len, &m);
			assert_non_null(m.intent);
			assert_true(m.text_offset <= len);
			free(copy);
		}
	}
}

static void
test_long(void **state)
{
	const size_t len = 200000;
	char *text = xmalloc(len + 1);
	struct match m;
	size_t i;

	(void)state;
	for (i = 0; i < len; i++)
		text[i] = "g?p "[i % 4];
	text[len] = '\0';
	match_text(content, text, len, &m);
	assert_string_equal(m.intent->name, "FALLBACK");
	memcpy(text, "cap cuu ", 8);
	match_text(content, text, len, &m);
	assert_string_equal(m.intent->name, "SOS");
	assert_int_equal(m.text_offset, 8);
	free(text);
}

/* No intent can take a keyword that another one has in any form. */
static void
test_forms(void **state)
{
	static const struct content_intent a = {
	    .action = CONTENT_CASE, .urgency = CONTENT_U1};
	static const struct content_intent b = {
	    .action = CONTENT_CASE, .urgency = CONTENT_U1};
	static const struct match_phrase first = {.intent = &a};
	static const struct match_phrase second = {.intent = &b};
	static const char *const taken[] = {"báo tin", "BAO TIN", "baotin",
	    "baos tin", "bao1 tin", "baos tin", "ba1o tin", "bão tin",
	    "báo  tín"};
	static const char *const empty[] = {"...", "", "a b c d e f g"};
	const struct content_intent *other = NULL;
	struct match_index *ix;
	size_t i;

	(void)state;
	ix = match_index_new();
	assert_int_equal(match_index_add(ix, "báo tin", &first, &other), 0);
	for (i = 0; i < TC_NELEM(taken); i++) {
		other = NULL;
		if (match_index_add(ix, taken[i], &second, &other) !=
			TC_EEXIST ||
		    other != &a)
			fail_msg("%s", taken[i]);
	}
	for (i = 0; i < TC_NELEM(empty); i++)
		assert_int_equal(
		    match_index_add(ix, empty[i], &second, &other), TC_EINVAL);
	other = NULL;
	assert_int_equal(match_index_add(ix, "bao", &second, &other), 0);
	assert_int_equal(match_index_add(ix, "baos tin", &first, &other), 0);
	/* The other way round: what is there is a form of what comes. */
	assert_int_equal(match_index_add(ix, "hoix", &first, &other), 0);
	assert_int_equal(
	    match_index_add(ix, "hõi", &second, &other), TC_EEXIST);
	match_index_free(ix);
	match_index_free(NULL);
}

static void
on_path(const struct match_path *path, void *ctx)
{
	const struct match_phrase **found = ctx;

	assert_null(*found);
	*found = path->phrase;
}

static const struct match_phrase *
walk_one(const struct match_index *ix, const char *word)
{
	const struct match_phrase *found = NULL;
	struct match_token token = {.bare = word,
	    .exact = word,
	    .bare_len = strlen(word),
	    .exact_len = strlen(word)};

	match_index_resolve(ix, &token);
	match_index_walk(ix, &token, 1, on_path, &found);
	return found;
}

/* The tables grow and everything is still found. */
static void
test_many(void **state)
{
	static const struct content_intent a = {.action = CONTENT_CASE};
	static const struct match_phrase phrase = {.intent = &a};
	const struct content_intent *other = NULL;
	const struct match_phrase *found;
	struct match_index *ix;
	char word[16];
	int i;

	(void)state;
	ix = match_index_new();
	for (i = 0; i < 3000; i++) {
		assert_int_equal(str_printf(word, sizeof(word), "w%d", i), 0);
		assert_int_equal(match_index_add(ix, word, &phrase, &other), 0);
	}
	for (i = 0; i < 3000; i++) {
		assert_int_equal(str_printf(word, sizeof(word), "w%d", i), 0);
		found = walk_one(ix, word);
		assert_non_null(found);
		assert_string_equal(found->text, word);
	}
	assert_null(walk_one(ix, "w3000"));
	match_index_free(ix);
}

/* The shipped pack with these hamlets, which it has none of. */
static struct content *
load_with_hamlets(const char *hamlets)
{
	char *dir = tempdir_new(), *text, *at;
	struct content *c;
	struct faults f;

	assert_int_equal(
	    file_read(TEST_ETC "/intents.conf", 1 << 20, &text, NULL), 0);
	tempdir_write(dir, "intents.conf", text);
	free(text);
	assert_int_equal(
	    file_read(TEST_ETC "/commune.conf", 1 << 20, &text, NULL), 0);
	at = strstr(text, "hamlets = {}");
	assert_non_null(at);
	*at = '\0';
	at = xasprintf("%s%s%s", text, hamlets, at + strlen("hamlets = {}"));
	tempdir_write(dir, "commune.conf", at);
	free(at);
	free(text);
	faults_init(&f);
	c = content_load(dir, &f);
	if (c == NULL)
		fail_msg("%s", f.list[0].what);
	faults_clear(&f);
	tempdir_remove(dir);
	return c;
}

static void
test_hamlets(void **state)
{
	static const struct {
		const char *text;
		const char *hamlet; /* NULL: not understood */
	} cases[] = {{"DK thon 3", "Thôn 3"},
	    {"đăng ký Thượng An", "Thượng An"}, {"dk thuong an", "Thượng An"},
	    {"DK3", "Thôn 3"}, {"DK thon 4", NULL}, {"DK thuong an nhe", NULL}};
	struct content *c =
	    load_with_hamlets("hamlets = {\"Thôn 3\", \"Thượng An\"}");
	struct match m;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		match_text(c, cases[i].text, strlen(cases[i].text), &m);
		assert_string_equal(m.intent->name,
		    cases[i].hamlet != NULL ? "SUBSCRIBE" : "FALLBACK");
		if (cases[i].hamlet != NULL)
			assert_string_equal(m.argument.hamlet, cases[i].hamlet);
	}
	content_free(c);
}

static void
test_explain(void **state)
{
	static const char question[] = "Sức khỏe: em hỏi";
	struct match_report r;

	(void)state;
	match_explain(content, "Giups", 5, &r);
	assert_string_equal(r.fold.text, "giups");
	assert_string_equal(r.match.intent->name, "SUPPORT");
	assert_string_equal(r.reply->id, "N1");
	assert_int_equal(r.cost.coding, GSM_CODING_7BIT);
	assert_int_equal(r.cost.nsegments, 1);
	assert_int_equal(r.cost.units, strlen(r.reply_text));
	match_report_clear(&r);

	match_explain(content, "y te", 4, &r);
	assert_string_equal(r.reply->id, "HEALTH");
	assert_false(content_opens_case(r.match.intent, r.match.has_text));
	match_report_clear(&r);
	match_explain(content, question, strlen(question), &r);
	assert_string_equal(r.reply->id, "N1");
	assert_true(content_opens_case(r.match.intent, r.match.has_text));
	match_report_clear(&r);

	match_explain(content, "GOI 9", 5, &r);
	assert_string_equal(r.argument, "09:00-10:00");
	assert_string_equal(r.match.keyword, "gọi");
	assert_string_equal(r.reply->id, "ACK");
	assert_int_equal(r.match.argument.hours.from, 540);
	match_report_clear(&r);

	match_explain(content, "thoi", 4, &r);
	assert_null(r.reply);
	assert_null(r.reply_text);
	match_report_clear(&r);
	match_explain(content, "\xff", 1, &r);
	assert_null(r.fold.text);
	assert_string_equal(r.match.intent->name, "FALLBACK");
	match_report_clear(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_cuts),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_hamlets),
	    cmocka_unit_test(test_explain),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lint of campaigns: what each rule finds and what it lets pass. R10, R14,
 * R27, M10, M19, M24, M31, M33, M42, M52. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "outreach/lint.h"
#include "outbox_steps.h"
#include "tempdir.h"

#define HEAD                                                                   \
	"number,consent_source,consent_date,collector,nhom,minor,giam_ho_dong_y\n"

/* "rule@line " of each finding. */
static void
on_finding(const struct campaign_finding *f, void *ctx)
{
	(void)buf_printf(ctx, "%s@%d ", f->rule, f->line);
	assert_true(f->detail[0] != '\0');
}

/* What is found of these severities and above. */
struct found {
	struct buf words;
	enum finding_severity least;
};

static void
on_least(const struct campaign_finding *f, void *ctx)
{
	struct found *found = ctx;

	if (f->severity >= found->least)
		on_finding(f, &found->words);
}

static char *
lint(struct world *w, int64_t id, enum finding_severity least)
{
	struct found found = {.least = least};
	struct variants *v;
	struct campaign k;
	char *words;

	buf_init(&found.words, 4096);
	assert_int_equal(campaign_get(&w->core, id, &k), 0);
	assert_int_equal(variants_load(&w->core, &k, &v), 0);
	assert_int_equal(variants_count(&w->core, &k, v), 0);
	assert_int_equal(lint_campaign(&w->core, &k, v, on_least, &found), 0);
	variants_free(v);
	words = xstrdup(buf_str(&found.words));
	buf_clear(&found.words);
	return words;
}

static const struct {
	const char *text, *theme, *found;
} texts[] = {
    {"Mời bà con họp thôn tối nay.", NULL, ""},
    {"Họp ở nhà văn hóa {thon}, {xa}.", NULL, ""},
    {"Họp {phong}", NULL, "variable@1 "},
    {"Họp\nở {phong}", NULL, "variable@2 "},
    {"Họp }", NULL, "variable@0 "},
    /* links, money, codes */
    {"Xem https://a.vn", NULL, "link@1 "},
    {"Xem\nHTTP://A.VN", NULL, "link@2 "},
    {"Xem www.a", NULL, "link@1 "},
    {"Xem songan.gialai.gov.vn", NULL, "link@1 "},
    {"Gửi mã OTP cho cán bộ", NULL, "demand@1 demand@1 "},
    {"Moi nop tien quy", NULL, "demand@1 "},
    {"Chuyển khoản quỹ thôn", NULL, "demand@1 "},
    {"Nạp thẻ cào", NULL, "demand@1 demand@1 "},
    {"Tiền sử bệnh: đến trạm", NULL, ""},
    /* places: an event has one, a shelter has none */
    {"Họp ở số nhà 12", NULL, "address@1 "},
    {"Họp ở tổ 5", NULL, "address@1 "},
    {"Xã có địa chỉ tin cậy, soạn TIN CAY", NULL, ""},
    {"Nơi tạm lánh ở thôn 3", NULL, "shelter@1 "},
    {"Tin\ndia chi tin cay: {thon}", NULL, "shelter@2 "},
    {"Tạm lánh: gặp chị Lan", NULL, "shelter@1 "},
    {"Tạm lánh ở km 12", NULL, "shelter@1 address@1 "},
    {"Đi gặp riêng cán bộ", NULL, "secret@1 "},
    /* words that blame */
    {"Phụ nữ phải giữ lửa", NULL, "wording@1 "},
    {"a\nb\như ĐÀN BÀ", NULL, "wording@3 "},
    {"Bi danh la loi cua nan nhan", NULL, "wording@1 "},
    {"Phụ nữ phải\nnhẫn nhịn", NULL, "wording@1 wording@2 "},
    {"Phụ nữ\nphải", NULL, "wording@0 "}, /* over two lines */
    {"Phụ nữ có quyền", NULL, ""},
    /* a hotline for all readers */
    {"Chống bạo lực với phụ nữ", "BLPN", "hotline@0 "},
    {"Chống bạo lực với trẻ em", "BLTE", "hotline@0 "},
    {"Chống bạo lực. Gọi 111", "BLTE", ""},
    {"Chống bạo lực. Gọi {duong_day}", "BLPN", ""},
    {"Chống bạo lực. Gọi 1 1-1.", "BLPN", ""},
    {"Chống bạo lực. Gọi 1113", "BLPN", "hotline@0 "},
    {"Chống bạo lực. Năm 2111", "BLPN", "hotline@0 "},
    {"Chống bạo lực. Gọi 1 9", "BLPN", "hotline@0 "},
    {"Đọc sách", "GDVH", ""},
};

static void
test_rules_of_texts(void **state)
{
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	char *found;
	int64_t id;
	size_t i;

	steps_people(w, 1);
	for (i = 0; i < TC_NELEM(texts); i++) {
		d.theme = texts[i].theme;
		id = steps_draft(w, texts[i].text, &d);
		found = lint(w, id, FINDING_ACKNOWLEDGE);
		if (strcmp(found, texts[i].found) != 0)
			fail_msg("%s: found %s", texts[i].text, found);
		free(found);
	}
}

/* Refused as a whole, with nothing written. */
static void
test_check_is_refused(void **state)
{
	struct world *w = *state;
	struct campaign k;
	int64_t id;

	steps_people(w, 1);
	id = steps_draft(w, "Xem https://a.vn {phong}", NULL);
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CHECK), TC_EINVAL);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_DRAFT);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM campaign_text"), 0);
}

/* With the longest hamlet that somebody lives in it is over six segments. */
static void
test_length_with_the_longest_value(void **state)
{
	struct world *w = *state;
	char text[920], *found;
	int64_t id;

	steps_people(w, 1);
	memset(text, 'a', sizeof(text));
	memcpy(text, "{thon} ", 7);
	text[911] = '\0'; /* 904 and a name: 918 fit */
	id = steps_draft(w, text, NULL);
	found = lint(w, id, FINDING_REFUSE);
	assert_string_equal(found, "");
	free(found);
	assert_int_equal(world_sql(w, "UPDATE person SET hamlet ="
				      " 'Mot thon co ten rat dai'"),
	    SQLITE_OK);
	found = lint(w, id, FINDING_REFUSE);
	assert_string_equal(found, "length@0 length@0 ");
	free(found);
}

/* --- what only warns --- */

struct approve {
	struct world *world;
	int64_t id;
	const char *acknowledged;
	struct campaign_refusal why;
};

static int
op_approve(void *arg)
{
	struct approve *a = arg;

	return campaign_approve(
	    &a->world->core, &a->world->hoa, a->id, a->acknowledged, &a->why);
}

static void
test_warnings_are_acknowledged_by_name(void **state)
{
	static const struct {
		const char *acknowledged;
		int rc;
		const char *missing;
	} cases[] = {
	    {"", TC_ESTATE, "wording"},
	    {"address", TC_ESTATE, "wording"},
	    {"wordin", TC_ESTATE, "wording"},
	    {"wordings", TC_ESTATE, "wording"},
	    {"wording", TC_ESTATE, "address"},
	    {"wording,address", 0, NULL},
	};
	struct world *w = *state;
	struct approve a = {.world = w};
	struct campaign k;
	size_t i;
	int rc;

	steps_people(w, 1);
	a.id = steps_draft(w, "Phụ nữ phải đến số nhà 12", NULL);
	assert_int_equal(steps_act(w, &w->tuan, a.id, CAMPAIGN_CHECK), 0);
	assert_int_equal(
	    steps_act(w, &w->hoa, a.id, CAMPAIGN_APPROVE), TC_ESTATE);
	for (i = 0; i < TC_NELEM(cases); i++) {
		a.acknowledged = cases[i].acknowledged;
		rc = turn_run(w->core.turn, op_approve, &a);
		assert_int_equal(turn_commit(w->core.turn), 0);
		if (rc != cases[i].rc)
			fail_msg("%s: %d", cases[i].acknowledged, rc);
		if (rc != 0)
			assert_non_null(strstr(a.why.reason, cases[i].missing));
	}
	steps_get(w, a.id, &k);
	assert_string_equal(k.row.acknowledged, "wording,address");
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM campaign_act WHERE"
			   " act = 'approve' AND detail = 'wording,address'"),
	    1);
}

/* --- readers --- */

static void
import(struct world *w, const char *rows)
{
	struct people_import im = {.list = "l", .agency = "VHXH"};
	char *csv = xasprintf(HEAD "%s", rows);

	world_sheet(w, &im, csv);
	free(csv);
}

static int
op_variant(void *arg)
{
	struct draft_variant {
		struct world *world;
		int64_t id;
		struct variant_draft draft;
		struct campaign_refusal why;
	} *d = arg;

	return campaign_variant(
	    &d->world->core, &d->world->tuan, d->id, &d->draft, &d->why);
}

static void
variant(struct world *w, int64_t id, struct variant_draft draft)
{
	struct {
		struct world *world;
		int64_t id;
		struct variant_draft draft;
		struct campaign_refusal why;
	} d = {w, id, draft, {""}};

	world_expect(w, 0, op_variant, &d);
}

static void
expect(struct world *w, int64_t id, enum finding_severity least,
    const char *wanted)
{
	char *found = lint(w, id, least);

	assert_string_equal(found, wanted);
	free(found);
}

/* Pupils and minors get nothing that names violence or asks for help, and
 * nothing at all that nobody read as one of them. */
static void
test_pupils(void **state)
{
	static const struct {
		const char *text, *found;
	} cases[] = {
	    {"Mời các em đọc sách", ""},
	    {"Cần gấp gọi 111", ""},
	    {"Soạn LUAT để hỏi", ""},
	    {"Chống bạo lực học đường", "pupil@0 pupil@0 "},
	    {"Can thi soan GIUP", "pupil@0 pupil@0 "},
	    {"Cần thì nhắn tin: GIÚP TÔI", "pupil@0 pupil@0 "},
	    {"Soạn SOS", "pupil@0 pupil@0 "},
	};
	struct campaign_draft d = campaign_draft_empty;
	struct world *w = *state;
	int64_t id;
	size_t i;

	/* one who writes without accents, one minor with them */
	import(w, "+84900000101,hop,2026-01-05,Lan,Học sinh,,\n"
		  "+84900000102,hop,2026-01-05,Lan,,x,2026-01-05\n");
	assert_int_equal(world_sql(w, "UPDATE person SET script = 'bare'"
				      " WHERE kind <> ''"),
	    SQLITE_OK);
	id = steps_draft(w, "Mời các em đọc sách", NULL);
	expect(w, id, FINDING_REFUSE, "pupil_safe@0 ");
	d.is_pupil_safe = 1;
	for (i = 0; i < TC_NELEM(cases); i++) {
		id = steps_draft(w, cases[i].text, &d);
		expect(w, id, FINDING_REFUSE, cases[i].found);
	}
	/* grown-ups may read of it when pupils have a text of their own */
	id = steps_draft(w, "Chống bạo lực học đường", &d);
	variant(w, id,
	    (struct variant_draft){.kind = "Học sinh", .text = "Đọc sách"});
	expect(w, id, FINDING_REFUSE, "pupil@0 "); /* the minor */
	assert_int_equal(
	    world_sql(w, "DELETE FROM person WHERE is_minor"), SQLITE_OK);
	expect(w, id, FINDING_REFUSE, "");
}

static void
test_minority_text_needs_its_reviewer(void **state)
{
	struct world *w = *state;
	int64_t id;

	steps_people(w, 1);
	id = steps_draft(w, "Họp", NULL);
	variant(
	    w, id, (struct variant_draft){.language = "bdq", .text = "Hăm"});
	expect(w, id, FINDING_REFUSE, "reviewer@0 ");
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CHECK), TC_EINVAL);
	variant(w, id,
	    (struct variant_draft){.language = "bdq", .reviewer = "Đinh A"});
	expect(w, id, FINDING_REFUSE, "");
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CHECK), 0);
	/* a new text is one that he has not read */
	variant(w, id,
	    (struct variant_draft){.language = "bdq", .text = "Hăm hăm"});
	expect(w, id, FINDING_REFUSE, "reviewer@0 ");
}

/* --- the campaign as a whole --- */

/* 12 March 2026, ten in the morning. */
#define DAY_S 86400
#define NOON (INT64_C(1773285600))

static void
set_day(struct world *w, int64_t t)
{
	world_advance(w, t - clock_now());
}

static void
test_rules_of_the_campaign(void **state)
{
	static const struct {
		const char *basis, *review;
		int64_t from, until;
		const char *found;
	} cases[] = {
	    {"KH 47", "2026-12-31", -1, -1, ""},
	    {"", "", -1, -1, "basis@0 "},
	    {"KH 47", "2026-03-12", -1, -1, ""},
	    {"KH 47", "2026-03-11", -1, -1, "review@0 "},
	    {"KH 47", "12/3/2026", -1, -1, "review@0 "},
	    {"KH 47", "2026-13-01", -1, -1, "review@0 "},
	    {"KH 47", "", 21 * 60, 22 * 60, "hours@0 "},
	    {"KH 47", "", 6 * 60, 7 * 60 + 30, "hours@0 "},
	    {"KH 47", "", 6 * 60, 7 * 60 + 31, ""},
	};
	struct world *w = *state;
	struct campaign_draft d;
	size_t i;

	set_day(w, NOON);
	steps_people(w, 1);
	for (i = 0; i < TC_NELEM(cases); i++) {
		d = campaign_draft_empty;
		d.legal_basis = cases[i].basis;
		d.review_on = cases[i].review;
		d.send_from = cases[i].from;
		d.send_until = cases[i].until;
		expect(w, steps_draft(w, "Hop thon", &d), FINDING_WARN,
		    cases[i].found);
	}
}

static void
test_price_and_readers(void **state)
{
	struct campaign_draft d = campaign_draft_empty;
	struct world *w = *state;
	char text[] =
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaá";
	int64_t id;

	set_day(w, NOON);
	d.legal_basis = "KH 47";
	steps_people(w, 1);
	id = steps_draft(w, text, &d);
	expect(w, id, FINDING_WARN, "price@0 ");
	id = steps_draft(w, "ngắn", &d);
	variant(w, id, (struct variant_draft){.kind = "nam", .text = "a"});
	expect(w, id, FINDING_WARN, "unread@0 ");
}

/* In the action month somebody must speak to men (M10); on a single day such as
 * 8/3 nobody has to. */
static void
test_men_in_the_action_month(void **state)
{
	struct campaign_draft d = campaign_draft_empty;
	struct world *w = *state;
	int64_t id,
	    month = NOON + (30 - 12 + 30 + 31 + 30 + 31 + 31 + 30 + 31 + 20) *
			       (int64_t)DAY_S; /* 19 November */

	set_day(w, NOON);
	d.legal_basis = "KH 47";
	steps_people(w, 1);
	id = steps_draft(w, "Hop", &d);
	expect(w, id, FINDING_WARN, "");
	d.start_at = month - 30 * (int64_t)DAY_S; /* 20/10 */
	expect(w, steps_draft(w, "Hop", &d), FINDING_WARN, "");
	d.start_at = month;
	id = steps_draft(w, "Hop", &d);
	expect(w, id, FINDING_WARN, "men@0 ");
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CHECK), 0);
	/* another campaign of the month has a text for them */
	variant(w, steps_draft(w, "Hop", &d),
	    (struct variant_draft){.kind = "Nam giới", .text = "Anh em"});
	expect(w, id, FINDING_WARN, "");
	assert_int_equal(
	    world_sql(w, "DELETE FROM campaign_variant"), SQLITE_OK);
	expect(w, id, FINDING_WARN, "men@0 ");
	d.theme = "NAMGIOI";
	(void)steps_draft(w, "Hop", &d);
	expect(w, id, FINDING_WARN, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_rules_of_texts),
	    WORLD_TEST(test_check_is_refused),
	    WORLD_TEST(test_length_with_the_longest_value),
	    WORLD_TEST(test_warnings_are_acknowledged_by_name),
	    WORLD_TEST(test_pupils),
	    WORLD_TEST(test_minority_text_needs_its_reviewer),
	    WORLD_TEST(test_rules_of_the_campaign),
	    WORLD_TEST(test_price_and_readers),
	    WORLD_TEST(test_men_in_the_action_month),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

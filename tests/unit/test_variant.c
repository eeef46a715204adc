/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said to whom: variables, the order in which a text is chosen, that no
 * text grows after approval, a test to the author. M08, M29, M32, M49. */
#include "config.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "desk/duty.h"
#include "intake/broadcast.h"
#include "outreach/export.h"
#include "outreach/variable.h"
#include "outreach/variant.h"
#include "outbox_steps.h"

#define HEAD "number,consent_source,consent_date,collector,"

struct write_op {
	struct world *world;
	const struct user *user;
	int64_t id;
	struct variant_draft draft;
	struct campaign_refusal why;
	int64_t message_id;
};

static int
op_variant(void *arg)
{
	struct write_op *op = arg;

	return campaign_variant(
	    &op->world->core, &op->world->tuan, op->id, &op->draft, &op->why);
}

static int
op_trial(void *arg)
{
	struct write_op *op = arg;
	struct campaign_trial trial = {.which = op->draft};
	int rc;

	rc = campaign_trial(
	    &op->world->core, op->user, op->id, &trial, &op->why);
	op->message_id = trial.message_id;
	return rc;
}

static int
run(struct world *w, int (*op)(void *), struct write_op *arg)
{
	int rc;

	arg->world = w;
	rc = turn_run(w->core.turn, op, arg);
	assert_int_equal(turn_commit(w->core.turn), 0);
	return rc;
}

static void
variant(struct world *w, int64_t id, struct variant_draft draft)
{
	struct write_op op = {.id = id, .draft = draft};
	int rc = run(w, op_variant, &op);

	if (rc != 0)
		fail_msg("%s: %s", tc_strerror(rc), op.why.reason);
}

static void
start(struct world *w, int64_t id)
{
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CHECK), 0);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_APPROVE), 0);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_START), 0);
}

/* --- variables --- */

static const struct {
	const char *text, *filled, *unknown;
} fills[] = {
    {"Hop thon", "Hop thon", ""},
    {"Chu de: {chu_de_nam}.", "Chu de: M\xe1\xba\xabu.", ""},
    {"{xa} moi", "xã Song An moi", ""},
    {"Goi {so_113} ({ten_113})", "Goi 113 (Công an)", ""},
    {"Goi {duong_day}", "Goi 113, 114, 115, 111, 112", ""},
    {"Ba con {thon}", "Ba con {thon}", ""},
    {"{ten}", NULL, "ten"},
    {"{so_999}", NULL, "so_999"},
    {"{so_}", NULL, "so_"},
    {"{XA}", NULL, "XA"},
    {"{ xa}", NULL, " xa"},
    {"{xa", NULL, "xa"},
    {"{}", NULL, ""},
    {"xa}", NULL, "}"},
    {"{xa{xa}}", NULL, "xa"},
    {"{xa\n}", NULL, "xa"},
    {"{%s%n}", NULL, "%s%n"},
    {"{mot_ten_bien_dai_hon_bon_muoi_chu_cai_va_con_nua}", NULL,
	"mot_ten_bien_dai_hon_bon_muoi_chu_cai_v"},
};

static void
test_variables_are_a_table(void **state)
{
	struct world *w = *state;
	struct variables v = {w->core.content, 2025};
	char unknown[VARIABLE_NAME_MAX];
	const char *motto;
	struct buf out;
	size_t i;
	int rc;

	motto = broadcast_theme(content_broadcast(w->core.content), 2025);
	assert_non_null(motto);
	assert_null(broadcast_theme(content_broadcast(w->core.content), 2024));
	for (i = 0; i < TC_NELEM(fills); i++) {
		buf_init(&out, 1024);
		rc = variables_fill(&v, fills[i].text, &out, unknown);
		if (rc != (fills[i].filled != NULL ? 0 : TC_EINVAL))
			fail_msg("%s: %d", fills[i].text, rc);
		if (strstr(fills[i].text, "chu_de") != NULL)
			assert_non_null(strstr(buf_str(&out), motto));
		else if (rc == 0)
			assert_string_equal(buf_str(&out), fills[i].filled);
		assert_string_equal(unknown, fills[i].unknown);
		buf_clear(&out);
	}
	v.year = 2024;
	buf_init(&out, 1024);
	assert_int_equal(
	    variables_fill(&v, "{chu_de_nam}", &out, unknown), TC_EINVAL);
	assert_string_equal(unknown, "chu_de_nam");
	buf_clear(&out);
}

/* --- who gets which --- */

#define V(k, l, s)                                                             \
	{                                                                      \
		.kind = k, .language = l, .script = s                          \
	}
static const struct {
	struct variant_key text, reader;
	int rank;
} ranks[] = {
    {V("nam", "bdq", "bare"), V("nam", "bdq", "bare"), 3},
    {V("", "bdq", "bare"), V("nam", "bdq", "bare"), 2},
    {V("nam", "vi", "bare"), V("nam", "bdq", "bare"), 1},
    {V("", "vi", "bare"), V("nam", "bdq", "bare"), 0},
    {V("nu", "bdq", "bare"), V("nam", "bdq", "bare"), -1},
    {V("nam", "jra", "bare"), V("nam", "bdq", "bare"), -1},
    {V("nam", "bdq", "accented"), V("nam", "bdq", "bare"), -1},
    {V("", "vi", "bare"), V("", "vi", "bare"), 3},
    {V("nam", "vi", "bare"), V("", "vi", "bare"), -1},
};

static void
test_ranks(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(ranks); i++)
		if (variant_rank(&ranks[i].text, &ranks[i].reader) !=
		    ranks[i].rank)
			fail_msg("row %zu", i);
}

/* Three languages, two scripts, two groups: each his own, and who has none the
 * next one, whole. The last word of the number says who. */
static const struct {
	const char *language, *script, *kind, *text;
} readers[] = {
    {"vi", "", "", "Chung: họp xã"},
    {"vi", "accented", "", "Chung: họp xã"},
    {"vi", "bare", "", "Chung: hop xa"},
    {"vi", "", "nam", "Anh em: họp xã"},
    {"vi", "bare", "nam", "A em hop xa"}, /* written, not derived */
    {"vi", "bare", "nu", "Chung: hop xa"},
    {"bdq", "", "", "Bơngai: hăm"},
    {"bdq", "bare", "", "Bơngai: hăm"}, /* nobody derives what he cannot read */
    {"bdq", "", "nam", "Đơdrô: hăm"},
    {"jra", "", "", "Chung: họp xã"},
    {"jra", "", "nam", "Anh em: họp xã"},
    {"jra", "bare", "nu", "Chung: hop xa"},
};

static int64_t
campaign_of_six(struct world *w)
{
	int64_t id = steps_draft(w, "Chung: họp xã", NULL);

	variant(w, id,
	    (struct variant_draft){.kind = "nam", .text = "Anh em: họp xã"});
	variant(w, id,
	    (struct variant_draft){
		.kind = "nam", .script = "bare", .text = "A em hop xa"});
	variant(w, id,
	    (struct variant_draft){.language = "bdq",
		.text = "Bơngai: hăm",
		.reviewer = "Đinh Văn A"});
	variant(w, id,
	    (struct variant_draft){.language = "bdq",
		.kind = "nam",
		.text = "Đơdrô: hăm",
		.reviewer = "Đinh Văn A"});
	return id;
}

static void
import_readers(struct world *w)
{
	struct people_import im = {.list = "l", .agency = "VHXH"};
	struct buf csv;
	size_t i;

	buf_init(&csv, 65536);
	(void)buf_put_str(&csv, HEAD "ngon_ngu,chu_viet,nhom\n");
	for (i = 0; i < TC_NELEM(readers); i++)
		(void)buf_printf(&csv,
		    "+84900000%03zu,hop thon,2026-01-05,Lan,%s,%s,%s\n",
		    101 + i, readers[i].language,
		    strcmp(readers[i].script, "bare") == 0 ? "Không dấu"
		    : readers[i].script[0] != '\0'         ? "co dau"
							   : "",
		    readers[i].kind);
	world_sheet(w, &im, buf_str(&csv));
	buf_clear(&csv);
}

static void
test_each_reader_gets_his_own(void **state)
{
	struct world *w = *state;
	struct campaign_estimate before, after;
	struct radio_part p;
	struct campaign k;
	int64_t id, who;
	size_t n = 0;

	import_readers(w);
	id = campaign_of_six(w);
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CHECK), 0);
	steps_get(w, id, &k);
	assert_int_equal(campaign_estimate(&w->core, &k, NULL, &before), 0);
	assert_int_equal(before.recipients, TC_NELEM(readers));
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_APPROVE), 0);
	steps_get(w, id, &k);
	assert_int_equal(campaign_estimate(&w->core, &k, NULL, &after), 0);
	assert_int_equal(after.segments, before.segments);
	assert_int_equal(
	    world_count(w, "SELECT sum(people) FROM campaign_text"),
	    TC_NELEM(readers));
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_START), 0);
	while (steps_next(w, "m1", &p) == 1) {
		assert_int_equal(str_to_int64(p.number + strlen(p.number) - 3,
				     101, 100 + TC_NELEM(readers), &who),
		    0);
		who -= 101;
		if (strcmp(p.text, readers[who].text) != 0)
			fail_msg("row %d got %s", (int)who, p.text);
		assert_int_equal(steps_sent(w, p.id, 1), 0);
		n++;
	}
	assert_int_equal(n, TC_NELEM(readers));
}

/* The script of those who have not chosen is the campaign's. */
static void
test_script_of_the_campaign(void **state)
{
	struct campaign_draft d = campaign_draft_empty;
	struct world *w = *state;
	struct radio_part p;

	d.script = "bare";
	steps_people(w, 1);
	start(w, steps_draft(w, "Mời họp", &d));
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_string_equal(p.text, "Moi hop");
}

/* He asks for another language after the approval: that is what he gets. */
static void
test_chosen_at_the_moment_of_sending(void **state)
{
	struct world *w = *state;
	struct radio_part p;

	steps_people(w, 1);
	start(w, campaign_of_six(w));
	assert_int_equal(
	    world_sql(w, "UPDATE person SET language = 'bdq'"), SQLITE_OK);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_string_equal(p.text, "Bơngai: hăm");
}

/* --- hamlets --- */

#define LONG_HAMLET "Lang Ko Xam Thuong Nguon Ben Suoi Da Xanh Phia Dong Nam"

static void
import_hamlet(struct world *w, const char *hamlet)
{
	struct people_import im = {.list = "l", .agency = "VHXH"};
	char *csv = xasprintf(
	    HEAD "thon\n+84900000101,hop,2026-01-05,Lan,%s\n", hamlet);

	world_sheet(w, &im, csv);
	free(csv);
}

/* What he lives in is longer than any name at approval, or needs UCS-2: the
 * price that was approved stands. */
static void
test_segments_never_grow(void **state)
{
	static const struct {
		const char *at_approval, *later, *in_text;
		int segments;
	} cases[] = {
	    {"Thon 1", NULL, "Thon 1", 1},
	    {"Thon 1", LONG_HAMLET, "Song An", 1},
	    {"Thon 1", "Làng Đê", "Song An", 1},
	    {"", NULL, "Song An", 1},
	    {"Thon {1}", NULL, NULL, 0},
	    {LONG_HAMLET, NULL, LONG_HAMLET, 2},
	    {LONG_HAMLET, "Thon 1", "Thon 1", 1},
	};
	struct world *w = *state;
	struct campaign k;
	struct radio_part p;
	char text[160];
	char *sql;
	int64_t id;
	size_t i;

	/* 150 septets with a name of 7: one segment, but not with LONG_HAMLET. */
	memset(text, 'a', sizeof(text));
	memcpy(text, "{thon} ", 7);
	text[150] = '\0';
	for (i = 0; i < TC_NELEM(cases); i++) {
		if (cases[i].in_text == NULL)
			continue; /* the import refuses it */
		import_hamlet(w, cases[i].at_approval);
		sql = xasprintf(
		    "UPDATE person SET hamlet = '%s'", cases[i].at_approval);
		assert_int_equal(world_sql(w, sql), SQLITE_OK);
		free(sql);
		id = steps_run_campaign(w, text, NULL);
		if (cases[i].later != NULL) {
			sql = xasprintf(
			    "UPDATE person SET hamlet = '%s'", cases[i].later);
			assert_int_equal(world_sql(w, sql), SQLITE_OK);
			free(sql);
		}
		assert_int_equal(steps_next(w, "m1", &p), 1);
		if (strncmp(p.text, cases[i].in_text,
			strlen(cases[i].in_text)) != 0)
			fail_msg("row %zu: %s", i, p.text);
		assert_int_equal(world_count(w, "SELECT nparts FROM message"
						" ORDER BY id DESC LIMIT 1"),
		    cases[i].segments);
		assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_CANCEL), 0);
		assert_int_equal(steps_sent(w, p.id, 1), 0);
		while (steps_next(w, "m1", &p) == 1)
			assert_int_equal(steps_sent(w, p.id, 1), 0);
		steps_get(w, id, &k);
		assert_int_equal(k.counts.sending, 0);
		world_advance(w, 24 * 3600);
		assert_int_equal(
		    world_sql(w, "DELETE FROM recipient"), SQLITE_OK);
	}
}

/* --- changes --- */

static void
test_a_variant_undoes_approval(void **state)
{
	struct world *w = *state;
	struct write_op op = {.draft = {.kind = "nam", .text = "Anh em"}};
	struct campaign k;

	steps_people(w, 1);
	op.id = steps_draft(w, "Chung", NULL);
	assert_int_equal(steps_act(w, &w->tuan, op.id, CAMPAIGN_CHECK), 0);
	assert_int_equal(steps_act(w, &w->hoa, op.id, CAMPAIGN_APPROVE), 0);
	assert_int_equal(run(w, op_variant, &op), 0);
	steps_get(w, op.id, &k);
	assert_int_equal(k.state, CAMPAIGN_DRAFT);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM campaign_text"), 0);
	assert_string_equal(k.row.lists, "l");
	start(w, op.id);
	assert_int_equal(run(w, op_variant, &op), TC_ESTATE);
	assert_string_not_equal(op.why.reason, "");
}

static void
test_what_a_variant_may_be(void **state)
{
	static const struct {
		struct variant_draft draft;
		int rc;
	} cases[] = {
	    {{.kind = "nam", .text = "a"}, 0},
	    {{.kind = "nam", .reviewer = "Lan"}, 0},
	    {{.kind = "nam", .remove = true}, 0},
	    {{.kind = "nam", .remove = true}, TC_EINVAL},
	    {{.kind = "nam", .reviewer = "Lan"}, TC_EINVAL},
	    {{.kind = "nam"}, TC_EINVAL},
	    {{.text = "a"}, TC_EINVAL}, /* its own text */
	    {{.language = "vi", .script = "accented", .text = "a"}, TC_EINVAL},
	    {{.script = "bare", .text = "a"}, 0},
	    {{.language = "en", .text = "a"}, TC_EINVAL},
	    {{.script = "gothic", .kind = "nam", .text = "a"}, TC_EINVAL},
	    {{.kind = "\xff", .text = "a"}, TC_EINVAL},
	    {{.kind = "nam", .text = "\xff"}, TC_EINVAL},
	    {{.kind = "nam", .text = ""}, TC_EINVAL},
	    {{.kind = "mot nhom co ten dai hon ba muoi mot byte", .text = "a"},
		TC_EINVAL},
	};
	struct world *w = *state;
	struct write_op op = {0};
	size_t i;
	int rc;

	steps_people(w, 1);
	op.id = steps_draft(w, "Chung", NULL);
	for (i = 0; i < TC_NELEM(cases); i++) {
		op.draft = cases[i].draft;
		rc = run(w, op_variant, &op);
		if (rc != cases[i].rc)
			fail_msg("row %zu: %d", i, rc);
		assert_int_equal(op.why.reason[0] != '\0', rc != 0);
	}
	op.id = 12345;
	op.draft = cases[0].draft;
	assert_int_equal(run(w, op_variant, &op), TC_ENOENT);
}

/* Half of what they wrote must not be lost in last year's plan. */
static int
op_copy(void *arg)
{
	struct world *w = arg;

	return campaign_copy_year(&w->core, &w->tuan, 2026, 2027) == 1
		   ? 0
		   : TC_EINVAL;
}

static void
test_copies_have_all_variants(void **state)
{
	struct world *w = *state;

	steps_people(w, 1);
	(void)campaign_of_six(w);
	world_expect(w, 0, op_copy, w);
	assert_int_equal(world_count(w, "SELECT count(*) FROM"
					" campaign_variant v JOIN campaign c"
					" ON c.id = v.campaign_id"
					" WHERE c.plan_year = 2027"),
	    4);
}

/* --- a test to the author --- */

static int
op_phone(void *arg)
{
	struct world *w = arg;

	return duty_set_phone(&w->core, w->tuan.id, "+84900000777");
}

static void
test_trial_goes_to_the_author_alone(void **state)
{
	struct world *w = *state;
	struct write_op op = {.user = &w->tuan};
	struct radio_part p;
	struct campaign k;

	steps_people(w, 3);
	op.id = campaign_of_six(w);
	assert_int_equal(run(w, op_trial, &op), TC_ESTATE); /* a draft */
	assert_int_equal(steps_act(w, &w->tuan, op.id, CAMPAIGN_CHECK), 0);
	assert_int_equal(run(w, op_trial, &op), TC_ESTATE); /* no phone */
	assert_non_null(strstr(op.why.reason, "phone"));
	world_expect(w, 0, op_phone, w);
	op.user = &w->hoa;
	assert_int_equal(run(w, op_trial, &op), TC_EDENIED);
	op.user = &w->tuan;
	op.draft.kind = "nam";
	op.draft.language = "bdq";
	assert_int_equal(run(w, op_trial, &op), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_string_equal(p.number, "+84900000777");
	assert_string_equal(p.text, "[THU] Đơdrô: hăm");
	assert_false(p.report);
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_get(w, op.id, &k);
	assert_int_equal(k.counts.total, 0);
	assert_int_equal(k.row.spent, 0);
	assert_int_equal(k.state, CAMPAIGN_CHECKED);
	assert_int_equal(world_count(w, "SELECT count(*) FROM campaign_act"
					" WHERE act = 'test'"),
	    1);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM campaign_ledger"), 0);
}

/* A test that waits while the text is changed is not sent. */
static void
test_trial_of_a_changed_text(void **state)
{
	struct world *w = *state;
	struct write_op op = {.user = &w->tuan};
	struct radio_part p;

	steps_people(w, 1);
	world_expect(w, 0, op_phone, w);
	op.id = steps_draft(w, "Chung", NULL);
	assert_int_equal(steps_act(w, &w->tuan, op.id, CAMPAIGN_CHECK), 0);
	assert_int_equal(run(w, op_trial, &op), 0);
	variant(w, op.id, (struct variant_draft){.kind = "nam", .text = "a"});
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_expect_message(w, op.message_id, "suppressed");
}

/* --- on paper --- */

static void
expect_export(struct world *w, const struct campaign *k, enum export_as as,
    const char *const *lines)
{
	struct buf out;

	buf_init(&out, EXPORT_MAX);
	assert_int_equal(campaign_export(&w->core, k, as, &out), 0);
	for (; *lines != NULL; lines++)
		if (**lines == '!' ? strstr(buf_str(&out), *lines + 1) != NULL
				   : strstr(buf_str(&out), *lines) == NULL)
			fail_msg("%s: %s", *lines, buf_str(&out));
	buf_clear(&out);
}

static void
test_exports(void **state)
{
	static const char *const loud[] = {"BẢN TIN PHÁT THANH",
	    "Tiếng Việt:\nMời họp lúc 8.30. Cần gấp gọi 1-1-3, 1-1-1; "
	    "năm 2113.\n",
	    "Tiếng Ba Na:\nBơngai", "!Anh em", NULL};
	static const char *const banner[] = {
	    "MỜI HỌP LÚC 8.30\n", "!113", "!BẢN", NULL};
	static const char *const press[] = {"THÔNG TIN BÁO CHÍ",
	    "Căn cứ: KH 47/KH-UBND.", "  113: Công an\n", "!Bơngai", NULL};
	struct campaign_draft d = campaign_draft_empty;
	struct world *w = *state;
	struct campaign k;
	struct buf out;
	int64_t id;

	d.legal_basis = "KH 47/KH-UBND";
	steps_people(w, 1);
	id = steps_draft(
	    w, "Mời họp lúc 8.30. Cần gấp gọi {so_113}, 111; năm 2113.", &d);
	variant(w, id,
	    (struct variant_draft){
		.language = "bdq", .text = "Bơngai", .reviewer = "A"});
	variant(w, id, (struct variant_draft){.kind = "nam", .text = "Anh em"});
	steps_get(w, id, &k);
	buf_init(&out, EXPORT_MAX);
	assert_int_equal(
	    campaign_export(&w->core, &k, EXPORT_PRESS, &out), TC_ESTATE);
	buf_clear(&out);
	start(w, id);
	steps_get(w, id, &k);
	expect_export(w, &k, EXPORT_LOUDSPEAKER, loud);
	expect_export(w, &k, EXPORT_BANNER, banner);
	expect_export(w, &k, EXPORT_PRESS, press);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_variables_are_a_table),
	    cmocka_unit_test(test_ranks),
	    WORLD_TEST(test_each_reader_gets_his_own),
	    WORLD_TEST(test_script_of_the_campaign),
	    WORLD_TEST(test_chosen_at_the_moment_of_sending),
	    WORLD_TEST(test_segments_never_grow),
	    WORLD_TEST(test_a_variant_undoes_approval),
	    WORLD_TEST(test_what_a_variant_may_be),
	    WORLD_TEST(test_copies_have_all_variants),
	    WORLD_TEST(test_trial_goes_to_the_author_alone),
	    WORLD_TEST(test_trial_of_a_changed_text),
	    WORLD_TEST(test_exports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

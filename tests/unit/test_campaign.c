/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Campaigns: every act in every state, the two people, what is frozen when,
 * what a text may be. */
#include "config.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "outbox_steps.h"

#define SHORT "Moi ba con den hop thon toi nay."

struct draft {
	struct world *world;
	const char *name, *list, *text;
	int64_t id;
	struct campaign_refusal why;
};

static int
op_new(void *arg)
{
	struct draft *d = arg;

	struct campaign_draft draft = campaign_draft_empty;

	draft.name = d->name;
	draft.lists = &d->list;
	draft.nlists = 1;
	draft.text = d->text;
	draft.plan_year = 2026;
	return campaign_new(
	    &d->world->core, &d->world->tuan, &draft, &d->id, &d->why);
}

static int64_t
draft(struct world *w)
{
	struct draft d = {.world = w, .name = "c", .list = "l", .text = SHORT};

	world_expect(w, 0, op_new, &d);
	return d.id;
}

/* Straight into a state, with two people and one recipient. */
static void
put_in_state(struct world *w, int64_t id, enum campaign_state s)
{
	char *sql = xasprintf("UPDATE campaign SET state = '%s', approver_id ="
			      " CASE WHEN '%s' IN ('draft', 'checked') THEN"
			      " NULL ELSE %" PRId64 " END WHERE id = %" PRId64,
	    campaign_state_name(s), campaign_state_name(s), w->hoa.id, id);

	assert_int_equal(world_sql(w, sql), SQLITE_OK);
	free(sql);
}

/* Rows: states; columns: check approve start pause resume cancel. The letter
 * of the next state, or - when it is refused. */
static const char *const acts[CAMPAIGN_NSTATES] = {
    [CAMPAIGN_DRAFT] = "c----x",
    [CAMPAIGN_CHECKED] = "-a---x",
    [CAMPAIGN_APPROVED] = "--r--x",
    [CAMPAIGN_RUNNING] = "---p-x",
    [CAMPAIGN_PAUSED] = "----rx",
    [CAMPAIGN_DONE] = "------",
    [CAMPAIGN_CANCELLED] = "------",
};

static enum campaign_state
state_of_letter(char c)
{
	static const char letters[] = "dcarpDx";

	return (enum campaign_state)(strchr(letters, c) - letters);
}

static void
check_act(struct world *w, int s, int act)
{
	int64_t id = draft(w);
	bool legal = acts[s][act] != '-';
	struct campaign k;
	char *sql;
	int rc;

	put_in_state(w, id, CAMPAIGN_CHECKED);
	if (s != CAMPAIGN_DRAFT && s != CAMPAIGN_CHECKED) {
		sql = xasprintf("INSERT INTO recipient(campaign_id, person_id)"
				" SELECT %" PRId64 ", min(id) FROM person",
		    id);
		assert_int_equal(world_sql(w, sql), SQLITE_OK);
		free(sql);
	}
	put_in_state(w, id, s);
	rc = steps_act(w, &w->hoa, id, act);
	if (rc != (legal ? 0 : TC_ESTATE))
		fail_msg("%s, act %d: %d", campaign_state_name(s), act, rc);
	steps_get(w, id, &k);
	assert_int_equal(
	    k.state, legal ? state_of_letter(acts[s][act]) : (unsigned)s);
}

static void
test_every_act_in_every_state(void **state)
{
	struct world *w = *state;
	int s, act;

	steps_people(w, 2);
	for (s = 0; s < CAMPAIGN_NSTATES; s++)
		for (act = 0; act <= CAMPAIGN_CANCEL; act++)
			check_act(w, s, act);
	assert_int_equal(
	    steps_act(w, &w->hoa, 12345, CAMPAIGN_CHECK), TC_ENOENT);
}

/* Promise 7: author and approver are two people. */
static void
test_author_cannot_approve(void **state)
{
	struct world *w = *state;
	struct campaign k;
	int64_t id;

	steps_people(w, 2);
	id = draft(w);
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CHECK), 0);
	assert_int_equal(
	    steps_act(w, &w->tuan, id, CAMPAIGN_APPROVE), TC_EDENIED);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_CHECKED);
	assert_int_equal(k.counts.total, 0);
	assert_string_equal(k.row.approver, "");
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_APPROVE), 0);
	steps_get(w, id, &k);
	assert_string_equal(k.row.author, "tuan");
	assert_string_equal(k.row.approver, "hoa");
	assert_in_range(k.row.approved_at, clock_now() - 5, clock_now());
}

static void
test_recipients_are_frozen_at_approval(void **state)
{
	struct world *w = *state;
	struct campaign k;
	int64_t id;

	steps_people(w, 3);
	assert_int_equal(
	    world_sql(w, "UPDATE person SET consenting = 0 WHERE id ="
			 " (SELECT min(id) FROM person)"),
	    SQLITE_OK);
	id = draft(w);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_CHECK), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.total, 0);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_APPROVE), 0);
	steps_people(w, 6); /* too late */
	assert_int_equal(
	    world_sql(w, "UPDATE person SET consenting = 1"), SQLITE_OK);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_START), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.total, 2);
	assert_int_equal(k.counts.queued, 2);
}

static void
test_nobody_to_send_to(void **state)
{
	struct world *w = *state;
	struct campaign k;
	int64_t id;

	steps_people(w, 1);
	assert_int_equal(
	    world_sql(w, "UPDATE person SET consenting = 0"), SQLITE_OK);
	id = draft(w);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_CHECK), 0);
	assert_int_equal(
	    steps_act(w, &w->hoa, id, CAMPAIGN_APPROVE), TC_ESTATE);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_CHECKED);
}

static void
test_cancel_lets_go_of_the_rest(void **state)
{
	struct world *w = *state;
	struct campaign k;
	int64_t id;

	steps_people(w, 5);
	id = steps_campaign(w, SHORT);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_CANCEL), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_CANCELLED);
	assert_int_equal(k.counts.cancelled, 5);
	assert_true(k.row.ended_at != 0);
}

static void
test_started_once(void **state)
{
	struct world *w = *state;
	struct campaign k;
	int64_t id, started;

	steps_people(w, 1);
	id = steps_campaign(w, SHORT);
	steps_get(w, id, &k);
	started = k.row.started_at;
	assert_true(started != 0);
	world_advance(w, 600);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_PAUSE), 0);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_RESUME), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.row.started_at, started);
	assert_int_equal(k.row.ended_at, 0);
}

/* --- texts --- */

#define ACCENTED "Mời bà con đến họp thôn tối nay."

static const struct {
	const char *name, *list, *text; /* %N: N letters a; %Nđ: N letters đ */
	int letters;
	const char *letter;
	int rc;
	unsigned segments;
	const char *coding;
} texts[] = {
    {"c", "l", SHORT, 0, NULL, 0, 1, "gsm7"},
    {"c", "l", ACCENTED, 0, NULL, 0, 1, "ucs2"},
    {"c", "l", NULL, 160, "a", 0, 1, "gsm7"},
    {"c", "l", NULL, 161, "a", 0, 2, "gsm7"},
    {"c", "l", NULL, 306, "a", 0, 2, "gsm7"},
    {"c", "l", NULL, 307, "a", 0, 3, "gsm7"},
    {"c", "l", NULL, 918, "a", 0, 6, "gsm7"},
    {"c", "l", NULL, 919, "a", TC_EINVAL, 0, NULL},
    {"c", "l", NULL, 70, "đ", 0, 1, "ucs2"},
    {"c", "l", NULL, 71, "đ", 0, 2, "ucs2"},
    {"c", "l", NULL, 402, "đ", 0, 6, "ucs2"},
    {"c", "l", NULL, 403, "đ", TC_EINVAL, 0, NULL},
    {"c", "l", "", 0, NULL, TC_EINVAL, 0, NULL},
    {"c", "l", NULL, 1600, "a", TC_EINVAL, 0, NULL},
    {"c", "l",
	"h\xff"
	"p thon",
	0, NULL, TC_EINVAL, 0, NULL},
    {"c", "none", SHORT, 0, NULL, TC_ENOENT, 0, NULL},
    {"", "l", SHORT, 0, NULL, TC_EINVAL, 0, NULL},
    {"\xff", "l", SHORT, 0, NULL, TC_EINVAL, 0, NULL},
    {"12345678901234567890123456789012345678901234567890123456789012345678901"
     "23456789",
	"l", SHORT, 0, NULL, 0, 1, "gsm7"},
    {"12345678901234567890123456789012345678901234567890123456789012345678901"
     "234567890",
	"l", SHORT, 0, NULL, TC_EINVAL, 0, NULL},
};

static char *
text_of(size_t i)
{
	size_t n = texts[i].letters, len, j;
	char *s;

	if (texts[i].text != NULL)
		return xstrdup(texts[i].text);
	len = strlen(texts[i].letter);
	s = xcalloc(n * len + 1, 1);
	for (j = 0; j < n; j++)
		memcpy(s + j * len, texts[i].letter, len);
	return s;
}

static void
test_what_a_text_may_be(void **state)
{
	struct world *w = *state;
	struct draft d = {.world = w};
	struct campaign k;
	char *text;
	size_t i;
	int rc;

	steps_people(w, 1);
	for (i = 0; i < TC_NELEM(texts); i++) {
		d.name = texts[i].name;
		d.list = texts[i].list;
		d.text = text = text_of(i);
		rc = turn_run(w->core.turn, op_new, &d);
		assert_int_equal(turn_commit(w->core.turn), 0);
		if (rc != texts[i].rc)
			fail_msg("row %zu: %d", i, rc);
		assert_int_equal(d.why.reason[0] != '\0', rc != 0);
		if (rc == 0) {
			steps_get(w, d.id, &k);
			assert_string_equal(k.text, text);
			assert_string_equal(k.row.name, texts[i].name);
			assert_int_equal(k.row.segments, texts[i].segments);
			assert_string_equal(k.row.coding, texts[i].coding);
			assert_int_equal(k.row.plan_year, 2026);
			assert_int_equal(k.state, CAMPAIGN_DRAFT);
		}
		free(text);
	}
}

/* The text is boxed: the file does not hold it. */
static void
test_text_is_boxed(void **state)
{
	struct world *w = *state;
	char *path = xasprintf("%s/tincay.db", w->dir), *data;
	size_t len;

	steps_people(w, 1);
	(void)draft(w);
	world_restart(w);
	assert_int_equal(file_read(path, 64 << 20, &data, &len), 0);
	assert_null(memmem(data, len, SHORT, strlen(SHORT)));
	free(data);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_every_act_in_every_state),
	    WORLD_TEST(test_author_cannot_approve),
	    WORLD_TEST(test_recipients_are_frozen_at_approval),
	    WORLD_TEST(test_nobody_to_send_to),
	    WORLD_TEST(test_cancel_lets_go_of_the_rest),
	    WORLD_TEST(test_started_once),
	    WORLD_TEST(test_what_a_text_may_be),
	    WORLD_TEST(test_text_is_boxed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

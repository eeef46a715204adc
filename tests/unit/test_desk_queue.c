/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The desk as handlers use it: who may act, the cursor of the queues, the chain
 * of the ledger. */
#include "config.h"

#include <inttypes.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "desk_steps.h"
#include "turn.h"

#define NUMBER "+84900000001"

/* --- who may act --- */

static int
op_view_item(const struct desk_item *i, void *ctx)
{
	assert_string_equal(i->kind, "sms");
	*(int *)ctx += 1;
	return 0;
}

static int
op_view_event(const struct desk_event *e, void *ctx)
{
	*(int *)ctx += e->act[0] != '\0' ? 100 : 0;
	return 0;
}

struct view_op {
	struct world *world;
	const struct user *user;
	const char *code;
	struct desk_viewer viewer;
	int seen; /* items + 100 * events */
};

static int
op_view(void *arg)
{
	struct view_op *op = arg;

	op->viewer.on_item = op_view_item;
	op->viewer.on_event = op_view_event;
	op->viewer.ctx = &op->seen;
	return desk_view(&op->world->core, op->user, op->code, &op->viewer);
}

static void
test_view_is_logged_and_another_agency_sees_nothing(void **state)
{
	struct world *w = *state;
	struct view_op op = {.world = w};
	struct desk_case k;
	unsigned char sk[32];
	const struct case_key *hpn = world_key(w, "HPN");

	world_receive(w, NUMBER, "giup");
	op.code = steps_latest(w);
	op.user = &steps_police;
	world_expect(w, TC_ENOENT, op_view, &op);
	op.user = &steps_triage; /* his copy is withheld */
	world_expect(w, TC_ENOENT, op_view, &op);
	assert_int_equal(op.seen, 0);
	op.user = &w->lan;
	world_expect(w, 0, op_view, &op);
	assert_int_equal(op.seen, 1 + 200); /* opened, viewed */
	assert_int_equal(crypto_box_seal_open(sk, op.viewer.envelope.sealed_key,
			     80, hpn->pk, hpn->sk),
	    0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event"
					" WHERE act = 'viewed'"),
	    1);
	assert_int_equal(desk_get(&w->core, "CAX", op.code, &k), TC_ENOENT);
	assert_int_equal(desk_get(&w->core, "HPN", "AAAAAAAA", &k), TC_ENOENT);
	steps_claim(w, &steps_police, op.code, TC_ENOENT);
	steps_close(w, &steps_police, op.code, TC_ENOENT);
}

static void
test_claim_is_exclusive(void **state)
{
	struct world *w = *state;
	struct steps_act bad = {w, &w->lan, NULL, "forgotten"};
	const char *code;

	world_receive(w, NUMBER, "giup");
	code = steps_latest(w);
	steps_close(w, &w->lan, code, TC_ESTATE); /* nobody has claimed it */
	steps_claim(w, &w->lan, code, 0);
	steps_claim(w, &w->lan, code, 0); /* his own again */
	steps_claim(w, &steps_other, code, TC_ESTATE);
	steps_close(w, &steps_other, code, TC_EDENIED);
	bad.code = code;
	world_expect(w, TC_EINVAL, steps_op_close, &bad);
	steps_close(w, &w->lan, code, 0);
	steps_close(w, &w->lan, code, TC_ESTATE);
	steps_claim(w, &w->lan, code, TC_ESTATE);
	steps_claim(w, &steps_other, code, TC_ESTATE);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event"
					" WHERE act IN ('claimed', 'closed')"),
	    2);
}

static void
test_r7_hush_marks_open_cases(void **state)
{
	struct world *w = *state;
	const char *closed;
	char *code;

	world_receive(w, NUMBER, "giup");
	closed = steps_latest(w);
	steps_claim(w, &w->lan, closed, 0);
	steps_close(w, &w->lan, closed, 0);
	world_receive(w, NUMBER, "cuu");
	world_receive(w, "+84900000002", "giup");
	world_receive(w, NUMBER, "THOI");
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM \"case\" WHERE hushed"), 1);
	code = world_text(w, "SELECT queue FROM \"case\" WHERE hushed");
	assert_string_equal(code, "CAX,HPN");
	free(code);
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""
					" WHERE hushed AND state = 'new'"),
	    1); /* hushed, not closed */
	world_receive(w, NUMBER, "cuu");
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM \"case\" WHERE hushed"), 0);
}

/* --- the order of a queue --- */

struct page {
	struct desk_case last;
	int n;
	int64_t rank;
	char codes[64][CASE_CODE_MAX];
};

static int
on_page(const struct desk_case *k, void *ctx)
{
	struct page *page = ctx;

	assert_true(k->rank >= page->rank);
	page->rank = k->rank;
	page->last = *k;
	memcpy(page->codes[page->n++], k->code, sizeof(k->code));
	return 0;
}

/* The most urgent first, then what is due first; read in pages of any size it
 * is whole and nothing comes twice. */
static void
test_the_most_urgent_is_first(void **state)
{
	static const char *const texts[] = {"giup", "toi o nha me", "giup",
	    "toi can hoi", "cuu voi", "giup", "chao can bo"};
	struct world *w = *state;
	struct case_query q = {.agency = "HPN", .after = -1};
	struct page all = {.n = 0}, page;
	char number[20];
	size_t i;
	int n;

	for (i = 0; i < 14; i++) {
		assert_int_equal(
		    str_printf(number, sizeof(number), "+8490000%04d", (int)i),
		    0);
		world_receive(w, number, i < 7 ? texts[i] : "cuu");
		world_advance(w, i % 2 == 0 ? 60 : 0);
	}
	q.limit = 100;
	n = desk_queue(&w->core, &q, on_page, &all);
	assert_int_equal(n, all.n);
	assert_in_range(all.n, 8, 14);
	assert_int_equal(all.last.urgency, 1);
	for (q.limit = 1; q.limit < 6; q.limit++) {
		memset(&page, 0, sizeof(page));
		q.rank = q.id = 0;
		while (desk_queue(&w->core, &q, on_page, &page) == q.limit) {
			q.rank = page.last.rank;
			q.id = page.last.id;
		}
		assert_int_equal(page.n, all.n);
		assert_memory_equal(page.codes, all.codes, sizeof(all.codes));
	}
	/* what is closed is not in it */
	steps_claim(w, &w->lan, all.codes[0], 0);
	steps_close(w, &w->lan, all.codes[0], 0);
	memset(&page, 0, sizeof(page));
	q = (struct case_query){.agency = "HPN", .after = -1, .limit = 100};
	n = desk_queue(&w->core, &q, on_page, &page);
	assert_int_equal(n, all.n - 1);
	assert_string_equal(page.codes[0], all.codes[1]);
}

/* --- long polls and the cursor --- */

static char woken[64];

static void
on_wake(const char *agency, void *ctx)
{
	(void)ctx;
	strncat(woken, agency, sizeof(woken) - strlen(woken) - 2);
	strncat(woken, " ", 2);
}

static void
test_who_is_woken(void **state)
{
	struct world *w = *state;
	struct steps_act a = {w, &w->lan, NULL, NULL};

	desk_set_listener(on_wake, NULL);
	woken[0] = '\0';
	world_receive(w, NUMBER, "giup");
	assert_string_equal(woken, "HPN ");
	woken[0] = '\0';
	a.code = steps_latest(w);
	assert_int_equal(turn_run(w->core.turn, steps_op_claim, &a), 0);
	assert_string_equal(woken, ""); /* not before the commit */
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_string_equal(woken, "HPN ");
	desk_set_listener(NULL, NULL);
}

#define CURSOR_SENDERS 6
#define CURSOR_STEPS 300

struct poll {
	int64_t last;
	int64_t ids[64];
	char states[64][12];
	size_t n;
	int got;
};

static int
on_case(const struct desk_case *k, void *ctx)
{
	struct poll *p = ctx;
	size_t i;

	assert_true(k->change > p->last); /* in order, never again */
	p->last = k->change;
	p->got++;
	for (i = 0; i < p->n && p->ids[i] != k->id; i++)
		;
	if (i == p->n)
		p->n++;
	p->ids[i] = k->id;
	memcpy(p->states[i], k->state, sizeof(k->state));
	return 0;
}

/* What the poller believes is what the file says. */
static void
poll_check(struct world *w, const struct poll *p)
{
	char *sql, *state;
	size_t i;

	assert_int_equal(world_count(w, "SELECT count(*) FROM case_seal WHERE"
					" agency = 'HPN' AND released_at"
					" IS NOT NULL"),
	    p->n);
	for (i = 0; i < p->n; i++) {
		sql = xasprintf("SELECT state FROM \"case\" WHERE id ="
				" %" PRId64,
		    p->ids[i]);
		state = world_text(w, sql);
		assert_string_equal(state, p->states[i]);
		free(state);
		free(sql);
	}
}

static void
cursor_act(struct world *w, uint64_t *seed)
{
	static const char *const texts[] = {"giup", "cuu", "y te hoi", "abc"};
	const struct user *who =
	    world_draw(seed, 2) == 0 ? &w->lan : &steps_other;
	struct steps_act a = {w, who, NULL, "helped"};
	unsigned pick = world_draw(seed, 8);
	char number[16], *code;
	int rc = 0;

	code = world_text(w, "SELECT code FROM \"case\" ORDER BY random()"
			     " LIMIT 1");
	a.code = code;
	if (pick < 4) {
		assert_int_equal(
		    str_printf(number, sizeof(number), "+8490000000%u",
			world_draw(seed, CURSOR_SENDERS)),
		    0);
		world_receive(w, number, texts[pick]);
	} else if (pick < 6)
		rc = turn_run(w->core.turn, steps_op_claim, &a);
	else
		rc = turn_run(w->core.turn, steps_op_close, &a);
	assert_true(
	    rc == 0 || rc == TC_ESTATE || rc == TC_EDENIED || rc == TC_ENOENT);
	assert_int_equal(turn_commit(w->core.turn), 0);
	free(code);
}

static void
test_cursor_never_skips_nor_repeats(void **state)
{
	struct case_query query = {.agency = "HPN"};
	struct world *w = *state;
	struct poll *p = xcalloc(1, sizeof(*p));
	uint64_t seed = world_seed();
	int i, rc, limit;

	world_receive(w, NUMBER, "giup");
	for (i = 0; i < CURSOR_STEPS; i++) {
		cursor_act(w, &seed);
		if (world_draw(&seed, 4) != 0)
			continue;
		if (world_draw(&seed, 8) == 0)
			world_restart(w);
		limit = 1 + (int)world_draw(&seed, 3);
		do {
			p->got = 0;
			query.after = p->last;
			query.limit = limit;
			rc = desk_queue(&w->core, &query, on_case, p);
			assert_int_equal(rc, p->got);
			assert_true(rc <= limit);
		} while (rc > 0);
		poll_check(w, p);
	}
	assert_true(p->n >= CURSOR_SENDERS);
	assert_true(desk_cursor(&w->core) >= p->last);
	free(p);
}

/* --- the ledger --- */

/* Compute the chain from what stands in clear, as another agency would. */
static bool
ledger_is_whole(struct world *w)
{
	int64_t n = world_count(w, "SELECT count(*) FROM case_event"), i;
	unsigned char head[VAULT_MAC] = {0}, want[VAULT_MAC];
	char *sql, *line, hex[2 * VAULT_MAC + 1], *stored;
	bool is_whole = true;

	for (i = 0; i < n; i++) {
		sql = xasprintf("SELECT printf('%%016x %%d %%s %%016x %%s',"
				" case_id, at, act, coalesce(user_id, 0),"
				" agency) || iif(detail = '', '', ' ' ||"
				" detail) FROM case_event ORDER BY seq"
				" LIMIT 1 OFFSET %" PRId64,
		    i);
		line = world_text(w, sql);
		free(sql);
		vault_chain(head, line, strlen(line), want);
		free(line);
		sql = xasprintf("SELECT lower(hex(hash)) FROM case_event"
				" ORDER BY seq LIMIT 1 OFFSET %" PRId64,
		    i);
		stored = world_text(w, sql);
		free(sql);
		is_whole =
		    is_whole && strcmp(stored, hex_encode(hex, want, 32)) == 0;
		free(stored);
		memcpy(head, want, sizeof(head));
	}
	return is_whole;
}

static void
test_ledger_chain_breaks_when_a_line_is_changed(void **state)
{
	static const char *const changes[] = {
	    "UPDATE case_event SET at = at + 1 WHERE seq = 2",
	    "UPDATE case_event SET act = 'viewed' WHERE seq = 1",
	    "UPDATE case_event SET user_id = 77 WHERE user_id IS NOT NULL",
	    "UPDATE case_event SET agency = 'CAX' WHERE seq = 2",
	    "UPDATE case_event SET detail = 'mistaken' WHERE seq = 4",
	    "UPDATE case_event SET detail = 'x' WHERE seq = 1",
	    "DELETE FROM case_event WHERE seq = 2",
	    "UPDATE case_event SET hash = zeroblob(32) WHERE seq = 3",
	};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(changes); i++) {
		struct world w;
		char *sql;

		world_open(&w);
		world_receive(&w, NUMBER, "giup");
		world_receive(&w, NUMBER, "giup");
		steps_claim(&w, &w.lan, steps_latest(&w), 0);
		steps_close(&w, &w.lan, steps_latest(&w), 0);
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM case_event"), 4);
		assert_true(ledger_is_whole(&w));
		assert_int_not_equal(world_sql(&w, changes[i]), SQLITE_OK);
		sql = xasprintf("DROP TRIGGER case_event_is_append_only;"
				"DROP TRIGGER case_event_is_kept; %s",
		    changes[i]);
		assert_int_equal(world_sql(&w, sql), SQLITE_OK);
		free(sql);
		assert_false(ledger_is_whole(&w));
		world_close(&w);
	}
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, steps_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_view_is_logged_and_another_agency_sees_nothing),
	    TEST(test_claim_is_exclusive),
	    TEST(test_the_most_urgent_is_first),
	    TEST(test_r7_hush_marks_open_cases),
	    TEST(test_who_is_woken),
	    TEST(test_cursor_never_skips_nor_repeats),
	    cmocka_unit_test(test_ledger_chain_breaks_when_a_line_is_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A queue that is read by its cursor never skips a change and never repeats one:
 * many people write, a page ends anywhere, some turns fail, cases come and go;
 * whoever has read all pages knows the last of every case that he sees.
 */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "desk/due.h"
#include "desk/purge.h"
#include "desk/refer.h"
#include "desk_steps.h"
#include "intake_steps.h"
#include "log.h"
#include "store/store.h"
#include "store/store_private.h"
#include "turn.h"

#define ROUNDS 1200
#define NUMBERS 25
#define KNOWN 512
#define DAY 86400

/* A client of one agency, and what it was told. */
struct client {
	const char *agency;
	int64_t cursor;
	struct {
		int64_t id, change;
	} known[KNOWN];
	size_t nknown;
	uint64_t told;
};

struct play {
	struct world *world;
	uint64_t seed;
	struct client clients[4];
};

static const struct user *const people[] = {
    &steps_other, &steps_police, &steps_triage};
static const char *const texts[] = {"giup toi", "cuu toi", "bao luc", "thoi",
    "xin to giac", "khong cong an", "chuyen la", "tam lanh", "bi quay roi",
    "suc khoe cua con"};

/* --- the client --- */

static int
on_case(const struct desk_case *k, void *ctx)
{
	struct client *c = ctx;
	size_t i;

	if (k->change <= c->cursor)
		fail_msg("%s is told again of change %lld", c->agency,
		    (long long)k->change);
	c->cursor = k->change;
	c->told++;
	for (i = 0; i < c->nknown && c->known[i].id != k->id; i++)
		;
	assert_true(i < KNOWN);
	if (i == c->nknown)
		c->nknown++;
	assert_true(c->known[i].change < k->change);
	c->known[i].id = k->id;
	c->known[i].change = k->change;
	return 0;
}

struct poll_op {
	struct play *play;
	struct client *client;
	int limit;
};

static int
op_poll(void *arg)
{
	struct poll_op *op = arg;
	const struct case_query query = {.agency = op->client->agency,
	    .after = op->client->cursor,
	    .limit = op->limit};

	return desk_queue(&op->play->world->core, &query, on_case, op->client);
}

static void
play_poll(struct play *p)
{
	struct poll_op op = {p,
	    &p->clients[world_draw(&p->seed, TC_NELEM(p->clients))],
	    1 + (int)world_draw(&p->seed, 4)};

	/* As http does: behind what was said in this turn, or in the next. */
	if (world_draw(&p->seed, 2) == 0)
		assert_int_equal(turn_commit(p->world->core.turn), 0);
	assert_true(turn_run(p->world->core.turn, op_poll, &op) >= 0);
}

/* --- the others --- */

static void
play_receive(struct play *p)
{
	char *number =
	    xasprintf("+8490000%04u", 1 + world_draw(&p->seed, NUMBERS));
	struct arrival a = steps_arrival(
	    p->world, number, texts[world_draw(&p->seed, TC_NELEM(texts))]);

	assert_int_equal(
	    turn_run(p->world->core.turn, steps_op_receive, &a), 0);
	free(number);
}

/* A case that is there, or NULL; to be freed. */
static char *
play_code(struct play *p)
{
	char *code = NULL;
	sqlite3_stmt *st;

	assert_int_equal(
	    sqlite3_prepare_v2(p->world->core.store->db,
		"SELECT code FROM \"case\" ORDER BY id LIMIT 1 OFFSET"
		" ?1 % max(1, (SELECT count(*) FROM \"case\"))",
		-1, &st, NULL),
	    SQLITE_OK);
	sqlite3_bind_int64(st, 1, world_draw(&p->seed, 1000));
	if (sqlite3_step(st) == SQLITE_ROW)
		code = xstrdup((const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	return code;
}

static int
op_refer(void *arg)
{
	unsigned char sealed[SEALED_KEY_LEN] = {1};
	struct steps_act *a = arg;
	struct desk_consent consent = {
	    .agency = "YTE", .how = "voice", .is_given = true};
	struct desk_referral r = {
	    .agency = "YTE", .override = "", .sealed_key = sealed};
	int rc = desk_consent(&a->world->core, a->user, a->code, &consent);

	return rc != 0 ? rc : desk_refer(&a->world->core, a->user, a->code, &r);
}

static int
op_revoke(void *arg)
{
	struct steps_act *a = arg;

	return desk_revoke(&a->world->core, a->user, a->code);
}

/* Something is written, and taken back. */
static int
op_fails(void *arg)
{
	int rc = steps_op_claim(arg);

	return rc != 0 ? rc : TC_EAGAIN;
}

static int (*const acts[])(void *) = {steps_op_claim, steps_op_claim,
    steps_op_close, op_refer, op_revoke, op_fails};

static void
play_act(struct play *p)
{
	struct steps_act a = {p->world,
	    people[world_draw(&p->seed, TC_NELEM(people))], play_code(p),
	    "helped"};

	if (a.code != NULL)
		(void)!turn_run(p->world->core.turn,
		    acts[world_draw(&p->seed, TC_NELEM(acts))], &a);
	free((char *)a.code);
}

static void
play_house(struct play *p)
{
	if (world_draw(&p->seed, 4) == 0)
		world_advance(p->world, (int64_t)world_draw(&p->seed, 9 * DAY));
	(void)due_run(&p->world->core);
	(void)purge_run(&p->world->core);
}

static void (*const doings[])(struct play *p) = {play_receive, play_act,
    play_act, play_act, play_poll, play_poll, play_house};

/* --- the end --- */

static void
drain(struct play *p, struct client *c)
{
	struct poll_op op = {p, c, 3};
	int n;

	do {
		n = turn_run(p->world->core.turn, op_poll, &op);
		assert_true(n >= 0);
	} while (n > 0);
}

static void
check(struct play *p, struct client *c)
{
	sqlite3_stmt *st;
	size_t i, seen = 0;

	assert_int_equal(
	    sqlite3_prepare_v2(p->world->core.store->db,
		"SELECT c.id, c.change FROM \"case\" c JOIN case_seal s"
		" ON s.case_id = c.id WHERE s.agency = ?1"
		" AND s.shown_at IS NOT NULL",
		-1, &st, NULL),
	    SQLITE_OK);
	sqlite3_bind_text(st, 1, c->agency, -1, SQLITE_STATIC);
	while (sqlite3_step(st) == SQLITE_ROW) {
		for (i = 0; i < c->nknown; i++)
			if (c->known[i].id == sqlite3_column_int64(st, 0))
				break;
		if (i == c->nknown ||
		    c->known[i].change != sqlite3_column_int64(st, 1))
			fail_msg("%s was not told of a change", c->agency);
		seen++;
	}
	sqlite3_finalize(st);
	print_message("# %s: %llu changes, %zu cases at the end\n", c->agency,
	    (unsigned long long)c->told, seen);
	assert_true(c->told > 0);
}

static void
test_nothing_is_skipped_or_repeated(void **state)
{
	struct play p = {.world = *state,
	    .seed = world_seed(),
	    .clients = {{.agency = "HPN"}, {.agency = "CAX"},
		{.agency = "TRIAGE"}, {.agency = "YTE"}}};
	unsigned round;
	size_t i;

	for (round = 0; round < ROUNDS; round++)
		doings[world_draw(&p.seed, TC_NELEM(doings))](&p);
	for (i = 0; i < TC_NELEM(p.clients); i++) {
		drain(&p, &p.clients[i]);
		check(&p, &p.clients[i]);
	}
	assert_int_equal(turn_commit(p.world->core.turn), 0);
}

static int
setup(void **state)
{
	log_set_level(LOG_NLEVELS);
	return steps_setup(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_nothing_is_skipped_or_repeated, setup, world_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

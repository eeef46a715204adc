/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a committed turn said is there after a power cut, and nothing is half
 * done: the desk lives on a disk that loses what was not synchronised
 * (power_vfs.h), the power is cut at each of its writes, and the database that
 * is found is, table by table, the one behind the last turn that was committed,
 * or the one that was being committed.
 */
#include "config.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"
#include "clock.h"
#include "desk/audit.h"
#include "desk/due.h"
#include "desk/purge.h"
#include "desk/refer.h"
#include "desk_steps.h"
#include "intake_steps.h"
#include "log.h"
#include "outbox/outbox.h"
#include "power_vfs.h"
#include "radio/radio.h"
#include "store/store.h"
#include "store/store_private.h"
#include "tempdir.h"
#include "turn.h"

#define DAY 86400
#define TURNS 30 /* of a life */
/* A life takes many times as long with sanitizers: fewer of them do there. */
#if defined(__SANITIZE_ADDRESS__)
#define SPARSE 10
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SPARSE 10
#endif
#endif
#ifndef SPARSE
#define SPARSE 1
#endif
#define RANDOM_CUTS (120 / SPARSE)
#define PLACES (60 / SPARSE) /* of one life at which it is cut */
#define LIVES_SEEN (SPARSE > 1 ? 8 : 20)
#define NUMBERS 6

/* What stands in all tables; equal when nothing differs. */
struct print {
	uint64_t sum, rows;
};

/* A ledger line that was promised. */
struct head {
	int64_t seq;
	unsigned char hash[AUDIT_HASH];
};

/* A life on that disk, until the power fails. */
struct life {
	struct world *world;
	uint64_t seed;
	struct print now, promised; /* behind the last op; the last commit */
	struct head head, kept;
	uint64_t commits;  /* that were noted */
	bool is_cut_known; /* what was on its way when the power failed */
	char codes[64][CASE_CODE_MAX];
	unsigned ncodes;
};

static struct world *world; /* of all lives; its database is each life's own */
static char *template_db;   /* of a commune that has just been set up */
static size_t template_len;

/* --- what is in the database --- */

static uint64_t
print_bytes(uint64_t h, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	while (len-- > 0)
		h = (h ^ *p++) * UINT64_C(0x100000001b3);
	return h;
}

/* One statement a table, as long as the database is open. */
static sqlite3_stmt *tables[96];
static unsigned ntables;

static void
tables_open(struct store *s)
{
	sqlite3_stmt *st;
	char *sql;

	assert_int_equal(
	    sqlite3_prepare_v2(s->db,
		"SELECT name FROM sqlite_schema WHERE type = 'table'", -1, &st,
		NULL),
	    SQLITE_OK);
	for (ntables = 0; sqlite3_step(st) == SQLITE_ROW; ntables++) {
		assert_true(ntables < TC_NELEM(tables));
		sql = xasprintf("SELECT * FROM \"%s\"",
		    (const char *)sqlite3_column_text(st, 0));
		assert_int_equal(
		    sqlite3_prepare_v2(s->db, sql, -1, &tables[ntables], NULL),
		    SQLITE_OK);
		free(sql);
	}
	assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
}

static void
tables_close(void)
{
	while (ntables > 0)
		sqlite3_finalize(tables[--ntables]);
}

/* The order of rows does not count. */
static void
print_table(unsigned table, struct print *out)
{
	sqlite3_stmt *st = tables[table];
	uint64_t row;
	int i, type;

	while (sqlite3_step(st) == SQLITE_ROW) {
		row = print_bytes(
		    UINT64_C(0xcbf29ce484222325), &table, sizeof(table));
		for (i = 0; i < sqlite3_column_count(st); i++) {
			type = sqlite3_column_type(st, i);
			row = print_bytes(row, &type, sizeof(type));
			row = print_bytes(row, sqlite3_column_blob(st, i),
			    (size_t)sqlite3_column_bytes(st, i));
		}
		out->sum += row;
		out->rows++;
	}
	assert_int_equal(sqlite3_reset(st), SQLITE_OK);
}

static struct print
print_all(void)
{
	struct print out = {0, 0};
	unsigned i;

	for (i = 0; i < ntables; i++)
		print_table(i, &out);
	return out;
}

static bool
print_is(struct print a, struct print b)
{
	return a.sum == b.sum && a.rows == b.rows;
}

/* --- what is promised --- */

static void
on_promised(void *arg)
{
	struct life *l = arg;

	l->promised = l->now;
	l->kept = l->head;
}

/* The state behind what this turn did so far; promised when it is committed. */
static int
op_note(void *arg)
{
	struct life *l = arg;
	struct store *s = l->world->core.store;

	l->now = print_all();
	assert_int_equal(store_event_last(s, &l->head.seq), 0);
	assert_int_equal(store_event_head(s, l->head.hash), 0);
	turn_defer(l->world->core.turn, EFFECT_ANSWER, on_promised, NULL, l);
	return 0;
}

static uint64_t
commits(const struct life *l)
{
	struct turn_stats stats;

	turn_get_stats(l->world->core.turn, &stats);
	return stats.commits;
}

static bool
life_commit(struct life *l)
{
	struct turn *t = l->world->core.turn;
	int rc;

	if (power_is_out() || turn_run(t, op_note, l) != 0)
		return false;
	rc = turn_commit(t);
	l->is_cut_known = power_is_out();
	if (rc == 0)
		l->commits = commits(l);
	return rc == 0;
}

/* --- what people do --- */

static const char *const texts[] = {"giup toi voi", "cuu toi", "bao luc",
    "xin to giac nha ben", "thoi", "khong cong an", "ai do xin chao", "5",
    "suc khoe cua con", "tam lanh dem nay"};

static void
life_receive(struct life *l)
{
	char *number =
	    xasprintf("+8490000%04u", 1 + world_draw(&l->seed, NUMBERS));
	struct arrival a = steps_arrival(
	    l->world, number, texts[world_draw(&l->seed, TC_NELEM(texts))]);

	(void)!turn_run(l->world->core.turn, steps_op_receive, &a);
	free(number);
}

static const struct user *const people[] = {
    &steps_other, &steps_police, &steps_triage};

static const char *
life_code(struct life *l)
{
	return l->codes[world_draw(&l->seed, l->ncodes)];
}

static int
op_codes(void *arg)
{
	struct life *l = arg;
	sqlite3_stmt *st;

	assert_int_equal(
	    sqlite3_prepare_v2(l->world->core.store->db,
		"SELECT code FROM \"case\" ORDER BY change DESC LIMIT 64", -1,
		&st, NULL),
	    SQLITE_OK);
	for (l->ncodes = 0; sqlite3_step(st) == SQLITE_ROW; l->ncodes++)
		assert_int_equal(
		    str_printf(l->codes[l->ncodes], CASE_CODE_MAX, "%s",
			(const char *)sqlite3_column_text(st, 0)),
		    0);
	return sqlite3_finalize(st) == SQLITE_OK ? 0 : TC_EIO;
}

struct note_op {
	struct steps_act act;
	struct desk_note note;
};

static int
op_add_note(void *arg)
{
	struct note_op *n = arg;

	return desk_note(
	    &n->act.world->core, n->act.user, n->act.code, &n->note);
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

/* Most are refused, by the states; a refusal takes back its own half alone. */
static void
life_act(struct life *l)
{
	struct steps_act a = {l->world,
	    people[world_draw(&l->seed, TC_NELEM(people))], NULL, "helped"};
	struct turn *t = l->world->core.turn;
	char bytes[700] = "a note";
	struct note_op note;

	if (turn_run(t, op_codes, l) != 0 || l->ncodes == 0)
		return;
	a.code = life_code(l);
	note = (struct note_op){a, {bytes, sizeof(bytes)}};
	(void)!turn_run(t, steps_op_claim, &a);
	switch (world_draw(&l->seed, 4)) {
	case 0:
		(void)!turn_run(t, op_add_note, &note);
		break;
	case 1:
		(void)!turn_run(t, steps_op_close, &a);
		break;
	case 2:
		(void)!turn_run(t, op_refer, &a);
		break;
	default:
		break;
	}
}

struct send_op {
	struct core *core;
	struct radio_part part;
	int has_part;
};

static int
op_next(void *arg)
{
	const struct radio_offer offer = {.modem = "m1", .lanes = ~0u};
	struct send_op *op = arg;

	op->has_part = outbox_next_part(op->core, &offer, &op->part);
	return op->has_part;
}

static int
op_sent(void *arg)
{
	struct send_op *op = arg;
	const struct radio_result r = {.modem = "m1",
	    .part_id = op->part.id,
	    .outcome = ML_SENT,
	    .tp_mr = 7};

	return outbox_on_result(op->core, &r);
}

static void
life_send(struct life *l)
{
	struct send_op op = {.core = &l->world->core};
	struct turn *t = l->world->core.turn;

	if (turn_run(t, op_next, &op) == 1 && life_commit(l))
		(void)!turn_run(t, op_sent, &op);
}

/* What the daemon does by itself. */
static void
life_house(struct life *l)
{
	struct core *c = &l->world->core;

	world_advance(l->world, (int64_t)world_draw(&l->seed, 4 * DAY));
	(void)due_run(c);
	(void)purge_run(c);
	if (!life_commit(l))
		return;
	if (world_draw(&l->seed, 2) == 0)
		store_checkpoint(c->store);
	purge_finish(c);
	if (world_draw(&l->seed, 4) == 0)
		(void)!store_truncate(c->store);
	l->is_cut_known = l->is_cut_known || power_is_out();
}

static void (*const doings[])(struct life *l) = {
    life_receive, life_receive, life_act, life_act, life_send, life_house};

/* Until the power fails, or so many turns. */
static void
life_live(struct life *l)
{
	unsigned turns, n;

	for (turns = 0; turns < TURNS && !power_is_out(); turns++) {
		for (n = 1 + world_draw(&l->seed, 3); n > 0; n--)
			doings[world_draw(&l->seed, TC_NELEM(doings))](l);
		(void)life_commit(l);
	}
}

/* --- the disk --- */

static void
remove_database(void)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	char *path;
	size_t i;

	for (i = 0; i < TC_NELEM(ends); i++) {
		path = xasprintf("%s/tincay.db%s", world->dir, ends[i]);
		(void)unlink(path);
		free(path);
	}
}

static void
make_database(void)
{
	char *path = xasprintf("%s/tincay.db", world->dir);
	int fd;

	remove_database();
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, template_db, template_len), template_len);
	close(fd);
	free(path);
}

/* --- the lives --- */

enum end {
	END_WHOLE,  /* what was promised is there, and nothing is half done */
	END_LOST,   /* something that was promised is not */
	END_UNKNOWN /* a slow machine: the turn was committed half way */
};

/* A new life in a fresh commune; the power fails at the n-th write. */
static void
life_begin(struct life *l, uint64_t seed, uint64_t n)
{
	*l = (struct life){.world = world, .seed = seed};
	make_database();
	power_reset();
	world_set_minute(world, 9 * 60);
	world_up(world);
	tables_open(world->core.store);
	assert_true(life_commit(l));
	power_cut_at(n);
}

/* The ledger is a chain, and the line that was promised last is in it. */
static bool
life_has_ledger(const struct life *l)
{
	struct audit_check check = {.kept_seq = l->kept.seq};

	memcpy(check.kept_hash, l->kept.hash, sizeof(check.kept_hash));
	assert_int_equal(audit_walk(world->core.store, &check), 0);
	return audit_is_good(&check);
}

/* The power is back. It may fail again while the database is opened. */
static void
life_return(struct life *l, bool is_cut_again)
{
	struct store *s;

	tables_close();
	world_down(world);
	power_restore(&l->seed);
	if (is_cut_again) {
		power_cut_at(1 + world_draw(&l->seed, 12));
		if (store_open(world->dir, &s) == 0)
			store_close(s);
		power_restore(&l->seed);
	}
	world_up(world);
	tables_open(world->core.store);
}

static enum end
life_end(struct life *l)
{
	bool is_known =
	    commits(l) == l->commits && (l->is_cut_known || !power_is_out());
	bool is_whole;
	struct print found;

	life_return(l, world_draw(&l->seed, 4) == 0);
	assert_int_equal(store_check(world->core.store), 0);
	found = print_all();
	is_whole = (print_is(found, l->promised) || print_is(found, l->now)) &&
		   life_has_ledger(l);
	/* And life goes on. */
	world_receive(world, "+84900000099", "giup toi");
	tables_close();
	world_down(world);
	return is_whole ? END_WHOLE : is_known ? END_LOST : END_UNKNOWN;
}

/* One life. The seed says all of it but the ids and keys that are drawn. */
static enum end
live(uint64_t seed, uint64_t n)
{
	struct life l;

	life_begin(&l, seed, n);
	life_live(&l);
	return life_end(&l);
}

static void
expect_whole(uint64_t seed, uint64_t n, unsigned *unknown)
{
	enum end end = live(seed, n);

	if (end == END_LOST)
		fail_msg("something is lost or half done: life %llu, cut at "
			 "write %llu",
		    (unsigned long long)seed, (unsigned long long)n);
	*unknown += end == END_UNKNOWN;
}

/* How many writes a whole life makes, more or less. */
static uint64_t
count_writes(uint64_t seed)
{
	struct life l;
	uint64_t n;

	life_begin(&l, seed, 0);
	life_live(&l);
	n = power_ops();
	assert_int_equal(life_end(&l), END_WHOLE);
	return n;
}

static void
test_cut_anywhere_in_a_life(void **state)
{
	uint64_t seed = world_seed(), writes = count_writes(seed), n;
	uint64_t step = writes / PLACES + 1;
	unsigned unknown = 0;

	(void)state;
	assert_true(writes > 200);
	for (n = 1; n <= writes; n += step)
		expect_whole(seed, n, &unknown);
	print_message("# %llu writes, every %llu, not known %u\n",
	    (unsigned long long)writes, (unsigned long long)step, unknown);
}

static void
test_cut_in_many_lives(void **state)
{
	uint64_t seed = world_seed();
	unsigned unknown = 0, i;

	(void)state;
	for (i = 0; i < RANDOM_CUTS; i++)
		expect_whole(seed + i, 1 + world_draw(&seed, 1000), &unknown);
	print_message("# %u lives, not known %u\n", i, unknown);
	assert_true(unknown < RANDOM_CUTS / 2);
}

/* Wherever the very first start is cut, the next one makes the database. */
static void
test_cut_in_the_first_start(void **state)
{
	uint64_t seed = world_seed(), n;
	struct store *s;
	int rc;

	(void)state;
	for (n = 1;; n += 3 * SPARSE) {
		remove_database();
		power_reset();
		power_cut_at(n);
		rc = store_open(world->dir, &s);
		store_close(s);
		if (!power_is_out())
			break;
		power_restore(&seed);
		assert_int_equal(store_open(world->dir, &s), 0);
		assert_int_equal(store_check(s), 0);
		store_close(s);
	}
	assert_int_equal(rc, 0);
	assert_true(n > 20);
}

/* The disk is as bad as it says: without a synchronisation at each commit turns
 * are lost, and seen to be. */
static void
test_it_would_be_seen(void **state)
{
	uint64_t seed = world_seed();
	unsigned i, lost = 0;
	struct life l;

	(void)state;
	for (i = 0; i < LIVES_SEEN; i++) {
		life_begin(&l, seed + i, 100);
		assert_int_equal(
		    sqlite3_exec(world->core.store->db,
			"PRAGMA synchronous=NORMAL", NULL, NULL, NULL),
		    SQLITE_OK);
		life_live(&l);
		lost += life_end(&l) == END_LOST;
	}
	print_message("# lost %u of %u\n", lost, i);
	assert_true(lost > 0);
}

static int
setup(void **state)
{
	char *db;

	log_set_level(LOG_NLEVELS);
	power_install();
	world = xcalloc(1, sizeof(*world));
	steps_open(world);
	world_down(world);
	db = xasprintf("%s/tincay.db", world->dir);
	assert_int_equal(
	    file_read(db, 1 << 24, &template_db, &template_len), 0);
	free(db);
	*state = world;
	return 0;
}

static int
teardown(void **state)
{
	remove_database();
	power_reset();
	world_up(world);
	free(template_db);
	return world_teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cut_anywhere_in_a_life),
	    cmocka_unit_test(test_cut_in_many_lives),
	    cmocka_unit_test(test_cut_in_the_first_start),
	    cmocka_unit_test(test_it_would_be_seen),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

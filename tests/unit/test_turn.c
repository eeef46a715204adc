/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The turn: an op that fails takes back its own half and nobody else's; nothing
 * leaves before the commit; a commit that fails drops every effect and loads
 * the mirrors again (design.md 3). */
#include "config.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "unit.h"
#include "store/inbound.h"
#include "turn.h"
#include "world.h"

struct op {
	struct world *world;
	unsigned char hash[16];
	int rc;
};

static char trace[4 * TURN_MAX_OPS];
static size_t ntrace;
static int dropped, reloaded;

static char marks[128];

/* An effect's argument that says which effect it is. */
static void *
mark(char c)
{
	marks[(int)c] = c;
	return &marks[(int)c];
}

static void
let_out(void *arg)
{
	trace[ntrace++] = *(const char *)arg;
	trace[ntrace] = '\0';
}

static void
drop(void *arg)
{
	(void)arg;
	dropped++;
}

static void
reload(void *arg)
{
	(void)arg;
	reloaded++;
}

static int
setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));

	world_open(w);
	ntrace = 0;
	trace[0] = '\0';
	dropped = reloaded = 0;
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	world_close(*state);
	free(*state);
	return 0;
}

static int
op_write(void *arg)
{
	struct op *op = arg;
	int rc = store_seen_add(op->world->core.store, op->hash, 1);

	turn_defer(
	    op->world->core.turn, EFFECT_ANSWER, let_out, drop, mark('a'));
	return rc != 0 ? rc : op->rc;
}

static int64_t
seen(struct world *w)
{
	return world_count(w, "SELECT count(*) FROM seen");
}

static void
test_failed_op_takes_back_its_own(void **state)
{
	struct world *w = *state;
	struct op good = {w, "good one 1", 0}, bad = {w, "bad", TC_EINVAL};
	struct op after = {w, "good one 2", 0};

	assert_int_equal(turn_run(w->core.turn, op_write, &good), 0);
	assert_int_equal(turn_run(w->core.turn, op_write, &bad), TC_EINVAL);
	assert_int_equal(turn_run(w->core.turn, op_write, &after), 0);
	assert_int_equal(seen(w), 0);
	assert_string_equal(trace, "");
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_int_equal(seen(w), 2);
	assert_string_equal(trace, "aa");
	assert_int_equal(dropped, 1);
}

static int
op_effects(void *arg)
{
	struct world *w = arg;

	turn_defer(w->core.turn, EFFECT_HOUSE, let_out, drop, mark('h'));
	turn_defer(w->core.turn, EFFECT_ANSWER, let_out, drop, mark('a'));
	turn_defer(w->core.turn, EFFECT_CAMPAIGN, let_out, drop, mark('4'));
	turn_defer(w->core.turn, EFFECT_CRISIS, let_out, drop, mark('1'));
	turn_defer(w->core.turn, EFFECT_REPLY, let_out, drop, mark('3'));
	turn_defer(w->core.turn, EFFECT_CASE, let_out, drop, mark('2'));
	return 0;
}

static void
test_crisis_leaves_first(void **state)
{
	struct world *w = *state;

	assert_int_equal(turn_run(w->core.turn, op_effects, w), 0);
	assert_int_equal(turn_run(w->core.turn, op_effects, w), 0);
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_string_equal(trace, "11223344aahh");
}

/* Another connection holds the file: BEGIN IMMEDIATE is refused. */
static void
test_locked_database(void **state)
{
	struct world *w = *state;
	struct op op = {w, "kept", 0};
	char *path = xasprintf("%s/tincay.db", w->dir);
	sqlite3 *other;

	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(turn_run(w->core.turn, op_write, &op), TC_EIO);
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_string_equal(trace, "");
	assert_int_equal(
	    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	assert_int_equal(turn_run(w->core.turn, op_write, &op), 0);
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_int_equal(seen(w), 1);
	free(path);
}

/* The disk is full: no file of this process may grow, so that COMMIT cannot
 * write the log. */
static void
disk_full(bool is_full)
{
	struct rlimit lim;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &lim), 0);
	lim.rlim_cur = is_full ? 1 : lim.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &lim), 0);
}

static void
test_failed_commit_drops_everything(void **state)
{
	struct world *w = *state;
	struct op good = {w, "first", 0}, other = {w, "second", 0};
	struct turn_stats stats;
	int rc;

	turn_on_reload(w->core.turn, reload, NULL);
	assert_int_equal(turn_run(w->core.turn, op_write, &good), 0);
	assert_int_equal(turn_run(w->core.turn, op_write, &other), 0);
	disk_full(true);
	rc = turn_commit(w->core.turn);
	disk_full(false);
	assert_int_equal(rc, TC_EIO);
	assert_string_equal(trace, "");
	assert_int_equal(dropped, 2);
	assert_int_equal(reloaded, 1);
	assert_int_equal(seen(w), 0);
	turn_get_stats(w->core.turn, &stats);
	assert_int_equal(stats.failed_commits, 1);
	assert_int_equal(turn_run(w->core.turn, op_write, &good), 0);
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_int_equal(seen(w), 1);
	assert_string_equal(trace, "a");
}

static void
test_many_ops_commit_on_their_own(void **state)
{
	struct world *w = *state;
	struct turn_stats before, after;
	struct op op = {w, "", 0};
	unsigned i;

	turn_get_stats(w->core.turn, &before);
	for (i = 0; i < 2 * TURN_MAX_OPS + 1; i++) {
		memcpy(op.hash, &i, sizeof(i));
		assert_int_equal(turn_run(w->core.turn, op_write, &op), 0);
		ntrace = 0;
	}
	turn_get_stats(w->core.turn, &after);
	assert_true(after.commits - before.commits >= 2);
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_int_equal(seen(w), 2 * TURN_MAX_OPS + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_failed_op_takes_back_its_own, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_crisis_leaves_first, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_locked_database, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_failed_commit_drops_everything, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_many_ops_commit_on_their_own, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

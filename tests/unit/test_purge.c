/* SPDX-License-Identifier: GPL-2.0-or-later */
/* R21: what was closed long enough ago is destroyed, and nothing else. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "unit.h"
#include "desk/audit.h"
#include "desk/purge.h"
#include "desk_steps.h"
#include "store/store.h"
#include "tempdir.h"
#include "turn.h"

#define HER "+84900000001"
#define OTHER "+84900000002"
#define DAY 86400
#define COUNT(table) "SELECT count(*) FROM " table

static int
purge(struct world *w)
{
	int n = purge_run(&w->core);

	assert_int_equal(turn_commit(w->core.turn), 0);
	purge_finish(&w->core);
	return n;
}

static char *
closed_case(struct world *w, const char *number)
{
	char *code;

	world_receive(w, number, "giup");
	code = xstrdup(steps_latest(w));
	steps_claim(w, &w->lan, code, 0);
	steps_close(w, &w->lan, code, 0);
	return code;
}

static int64_t
wal_size(struct world *w)
{
	char *path = xasprintf("%s/tincay.db-wal", w->dir);
	struct stat sb;
	int rc = stat(path, &sb);

	free(path);
	return rc == 0 ? sb.st_size : -1;
}

static void
test_closed_cases_are_destroyed_in_time(void **state)
{
	struct world *w = *state;

	free(closed_case(w, HER));
	world_receive(w, OTHER, "giup"); /* open: stays for ever */
	world_advance(w, 30 * DAY - 60);
	assert_int_equal(purge(w), 0);
	assert_int_equal(world_count(w, COUNT("\"case\"")), 2);
	world_advance(w, 120);
	assert_true(wal_size(w) > 0);
	assert_int_equal(purge(w), 1);
	assert_int_equal(wal_size(w), 0);
	assert_int_equal(world_count(w, COUNT("\"case\"")), 1);
	assert_int_equal(world_count(w, COUNT("contact")), 1);
	assert_int_equal(world_count(w, COUNT("case_item")), 1);
	assert_int_equal(world_count(w, COUNT("case_seal WHERE case_id NOT IN"
					      " (SELECT id FROM \"case\")")),
	    0);
	/* what stays: the count and the ledger */
	assert_int_equal(world_count(w, COUNT("tally WHERE queue = 'HPN' AND"
					      " urgency = 1 AND n = 1 AND"
					      " outcome = 'helped'")),
	    1);
	assert_int_equal(
	    world_count(w, COUNT("case_event WHERE act = 'purged'")), 1);
	assert_int_equal(
	    world_count(w, COUNT("case_event WHERE act = 'viewed' OR"
				 " act = 'closed'")),
	    1);
	world_advance(w, 1000 * (int64_t)DAY);
	assert_int_equal(purge(w), 0);
}

static void
test_ledger_is_whole_after_it(void **state)
{
	struct audit_check check = {0};
	struct world *w = *state;
	struct store *reader;

	free(closed_case(w, HER));
	world_advance(w, 31 * DAY);
	assert_int_equal(purge(w), 1);
	assert_int_equal(store_open_reader(w->dir, &reader), 0);
	assert_int_equal(audit_walk(reader, &check), 0);
	store_close(reader);
	assert_true(audit_is_good(&check));
}

static bool
file_has(const char *dir, const char *name, const char *needle, size_t n)
{
	char *path = xasprintf("%s/%s", dir, name), *text;
	size_t len;
	bool is_there;

	assert_int_equal(file_read(path, 1 << 24, &text, &len), 0);
	is_there = memmem(text, len, needle, n) != NULL;
	free(text);
	free(path);
	return is_there;
}

static void
copy_to(struct world *w, const char *dir, const char *name)
{
	char *from = xasprintf("%s/%s", w->dir, name);
	char *to = xasprintf("%s/%s", dir, name), *text;
	size_t len;

	assert_int_equal(file_read(from, 1 << 24, &text, &len), 0);
	assert_int_equal(file_write(to, 0600, text, len), 0);
	free(text);
	free(to);
	free(from);
}

/* The daemon dies between the commit and the emptying of the WAL: the next start
 * does it. */
static void
test_start_empties_the_wal(void **state)
{
	struct world *w = *state;
	char *dir = tempdir_new(), *sealed;
	struct store *s;

	free(closed_case(w, HER));
	sealed = world_text(w, "SELECT hex(substr(sealed, 1, 24))"
			       " FROM case_item");
	assert_int_equal(hex_decode((unsigned char *)sealed, 24, sealed), 0);
	world_advance(w, 31 * DAY);
	assert_int_equal(purge_run(&w->core), 1);
	assert_int_equal(turn_commit(w->core.turn), 0);
	copy_to(w, dir, "tincay.db");
	copy_to(w, dir, "tincay.db-wal");
	assert_true(file_has(dir, "tincay.db-wal", sealed, 24));
	assert_int_equal(store_open(dir, &s), 0);
	assert_false(file_has(dir, "tincay.db-wal", sealed, 24));
	assert_false(file_has(dir, "tincay.db", sealed, 24));
	store_close(s);
	free(sealed);
	tempdir_remove(dir);
	purge_finish(&w->core);
}

/* Her number stays as long as any case of hers does. */
static void
test_contact_goes_with_her_last_case(void **state)
{
	struct world *w = *state;

	free(closed_case(w, HER));
	world_receive(w, HER, "cuu");
	world_advance(w, 31 * DAY);
	assert_int_equal(purge(w), 1);
	assert_int_equal(world_count(w, COUNT("\"case\"")), 1);
	assert_int_equal(world_count(w, COUNT("contact")), 1);
}

struct hold_op {
	struct world *world;
	const char *code, *reason;
};

static int
op_hold(void *arg)
{
	struct hold_op *op = arg;

	return desk_hold(
	    &op->world->core, &op->world->lan, op->code, op->reason);
}

static void
test_hold_stops_it(void **state)
{
	struct world *w = *state;
	char *code = closed_case(w, HER);
	struct hold_op op = {w, code, "whim"};

	world_expect(w, TC_EINVAL, op_hold, &op);
	op.reason = "report";
	world_expect(w, 0, op_hold, &op);
	world_advance(w, 31 * DAY);
	assert_int_equal(purge(w), 0);
	assert_int_equal(world_count(w, COUNT("\"case\"")), 1);
	op.reason = "";
	world_expect(w, 0, op_hold, &op);
	assert_int_equal(purge(w), 1);
	assert_int_equal(world_count(w, COUNT("case_event WHERE act IN"
					      " ('held', 'unheld')")),
	    2);
	free(code);
}

/* A handler's cursor must not skip what comes after a case that is gone. */
static void
test_cursor_goes_on(void **state)
{
	struct world *w = *state;
	int64_t cursor;

	free(closed_case(w, HER));
	cursor = desk_cursor(&w->core);
	world_advance(w, 31 * DAY);
	assert_int_equal(purge(w), 1);
	assert_int_equal(desk_cursor(&w->core), cursor);
	world_receive(w, OTHER, "giup");
	assert_true(desk_cursor(&w->core) > cursor);
}

/* She writes again: it is not closed any more, and the days start anew. */
static void
test_reopened_case_stays(void **state)
{
	struct world *w = *state;

	free(closed_case(w, HER));
	world_advance(w, 29 * DAY);
	world_receive(w, HER, "giup");
	world_advance(w, 29 * DAY);
	assert_int_equal(purge(w), 0);
	assert_int_equal(world_count(w, COUNT("case_item")), 2);
}

static void
test_old_messages_go(void **state)
{
	struct world *w = *state;

	world_receive(w, HER, "giup");
	world_receive(w, OTHER, "giup");
	assert_int_equal(
	    world_sql(w, "UPDATE message SET state = 'sent', settled_at = 1"
			 " WHERE rowid = (SELECT min(rowid) FROM message)"),
	    SQLITE_OK);
	world_advance(w, 31 * DAY);
	assert_int_equal(purge(w), 0);
	assert_int_equal(world_count(w, COUNT("message")), 1);
	assert_int_equal(world_count(w, COUNT("part")), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_closed_cases_are_destroyed_in_time),
	    WORLD_TEST(test_start_empties_the_wal),
	    WORLD_TEST(test_ledger_is_whole_after_it),
	    WORLD_TEST(test_contact_goes_with_her_last_case),
	    WORLD_TEST(test_hold_stops_it),
	    WORLD_TEST(test_cursor_goes_on),
	    WORLD_TEST(test_reopened_case_stays),
	    WORLD_TEST(test_old_messages_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

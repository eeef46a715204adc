/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ledger: whatever is done to it behind the daemon's back is found. */
#include "config.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "desk/audit.h"
#include "desk/duty.h"
#include "desk_steps.h"
#include "outbox_steps.h"
#include "store/inbound.h"
#include "store/store.h"

#define NUMBER "+84900000001"
/* The triggers stop an honest mistake; a thief drops them. */
#define FREE                                                                   \
	"DROP TRIGGER case_event_is_append_only;"                              \
	"DROP TRIGGER case_event_is_kept;"

static struct audit_check
walk(struct world *w, const struct audit_check *kept)
{
	struct audit_check check = {0};
	struct store *reader;

	if (kept != NULL) {
		check.kept_seq = kept->last_seq;
		check.kept_len = AUDIT_HASH;
		memcpy(check.kept_hash, kept->head, AUDIT_HASH);
	}
	assert_int_equal(store_open_reader(w->dir, &reader), 0);
	assert_int_equal(audit_walk(reader, &check), 0);
	store_close(reader);
	return check;
}

static void
fill(struct world *w)
{
	int i;

	for (i = 0; i < 3; i++) {
		world_receive(w, NUMBER, "giup");
		steps_claim(w, &w->lan, steps_latest(w), 0);
	}
}

/* What somebody does, and whether it is found without and with a kept head. */
static const struct {
	const char *name, *sql;
	bool is_found, is_found_with_head;
} tampers[] = {
    {"nothing", "SELECT 1", false, false},
    {"who", "UPDATE case_event SET user_id = 1 WHERE seq = 2", true, true},
    {"what", "UPDATE case_event SET act = 'viewed' WHERE seq = 2", true, true},
    {"when", "UPDATE case_event SET at = at + 1 WHERE seq = 1", true, true},
    {"whose", "UPDATE case_event SET agency = 'CAX' WHERE seq = 2", true, true},
    {"which case", "UPDATE case_event SET case_id = 9 WHERE seq = 2", true,
	true},
    {"first gone", "DELETE FROM case_event WHERE seq = 1", true, true},
    {"middle gone", "DELETE FROM case_event WHERE seq = 2", true, true},
    {"swapped",
	"UPDATE case_event SET seq = -1 WHERE seq = 1;"
	"UPDATE case_event SET seq = 1 WHERE seq = 2;"
	"UPDATE case_event SET seq = 2 WHERE seq = -1",
	true, true},
    {"cut", "DELETE FROM case_event WHERE seq > 2", false, true},
    {"all gone", "DELETE FROM case_event", false, true},
};

static void
test_tampering_is_found(void **state)
{
	struct audit_check kept, check;
	struct world w;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(tampers); i++) {
		world_open(&w);
		fill(&w);
		kept = walk(&w, NULL);
		assert_true(audit_is_good(&kept));
		assert_int_equal(kept.lines,
		    world_count(&w, "SELECT count(*) FROM case_event"));
		assert_int_equal(world_sql(&w, FREE), SQLITE_OK);
		assert_int_equal(world_sql(&w, tampers[i].sql), SQLITE_OK);
		check = walk(&w, NULL);
		if (audit_is_good(&check) == tampers[i].is_found)
			fail_msg("%s", tampers[i].name);
		check = walk(&w, &kept);
		if (audit_is_good(&check) == tampers[i].is_found_with_head)
			fail_msg("%s, with a head", tampers[i].name);
		world_close(&w);
	}
}

/* What was kept yesterday is still in the ledger of today. */
static void
test_an_old_head_counts(void **state)
{
	struct world *w = *state;
	struct audit_check kept, check;

	fill(w);
	kept = walk(w, NULL);
	fill(w);
	check = walk(w, &kept);
	assert_true(audit_is_good(&check));
	assert_true(check.last_seq > kept.last_seq);
	kept.head[0] ^= 1;
	check = walk(w, &kept);
	assert_false(audit_is_good(&check));
}

/* As the daily text has it: the first bytes are enough. */
static void
test_a_short_head_counts(void **state)
{
	struct world *w = *state;
	struct audit_check kept, check = {0};
	struct store *reader;
	int i;

	fill(w);
	kept = walk(w, NULL);
	for (i = 0; i < 2; i++) {
		check = (struct audit_check){
		    .kept_seq = kept.last_seq, .kept_len = AUDIT_HASH_MIN};
		memcpy(check.kept_hash, kept.head, AUDIT_HASH_MIN);
		check.kept_hash[AUDIT_HASH_MIN - 1] ^= (unsigned char)i;
		assert_int_equal(store_open_reader(w->dir, &reader), 0);
		assert_int_equal(audit_walk(reader, &check), 0);
		store_close(reader);
		assert_int_equal(audit_is_good(&check), i == 0);
	}
}

/* --- the daily text --- */

static int
op_push(void *arg)
{
	struct world *w = arg;

	return audit_push(&w->core, "30/11");
}

static int
op_phones(void *arg)
{
	struct world *w = arg;
	int64_t id;
	char number[16];
	int rc = 0;

	for (id = 90; id <= 92 && rc == 0; id++)
		rc = str_printf(
			 number, sizeof(number), "+849000001%02d", (int)id) != 0
			 ? TC_EFULL
			 : duty_set_phone(&w->core, id, number);
	return rc;
}

#define LEDGER " FROM message WHERE template = 'LEDGER'"

/* Reviewers get it, who is revoked or has no number does not. */
static void
test_head_goes_to_the_reviewers(void **state)
{
	struct world *w = *state;
	struct audit_check head;
	char hex[2 * AUDIT_HASH_MIN + 1], *slots, *wanted;
	struct radio_part part;

	assert_int_equal(
	    world_sql(w,
		"INSERT INTO user VALUES(90, 'ra', 'YTE', 64, 'x', 0, NULL),"
		" (91, 'rb', 'YTE', 64, 'x', 0, 1),"
		" (92, 'rc', 'YTE', 8, 'x', 0, NULL),"
		" (93, 'rd', 'CAX', 64, 'x', 0, NULL)"),
	    SQLITE_OK);
	world_expect(w, 0, op_phones, w);
	world_expect(w, 0, op_push, w); /* an empty ledger has no head */
	assert_int_equal(world_count(w, "SELECT count(*)" LEDGER), 0);
	fill(w);
	assert_int_equal(world_sql(w, "DELETE FROM message"), SQLITE_OK);
	head = walk(w, NULL);
	world_expect(w, 0, op_push, w);
	assert_int_equal(world_count(w, "SELECT count(*)" LEDGER), 1);
	slots = world_text(w, "SELECT slots" LEDGER);
	wanted = xasprintf("{\"date\":\"30/11\",\"head\":\"%" PRId64 ":%s\"}",
	    head.last_seq, hex_encode(hex, head.head, AUDIT_HASH_MIN));
	assert_string_equal(slots, wanted);
	free(wanted);
	wanted = xasprintf("%" PRId64 ":%s", head.last_seq, hex);
	assert_int_equal(steps_next(w, "m1", &part), 1);
	assert_string_equal(part.number, "+84900000190");
	assert_non_null(strstr(part.text, wanted));
	free(wanted);
	free(slots);
}

static void
test_reader_cannot_write(void **state)
{
	const unsigned char hash[16] = {1};
	struct world *w = *state;
	struct store *reader;

	assert_int_equal(store_open_reader(w->dir, &reader), 0);
	assert_int_equal(store_seen_add(reader, hash, 1), TC_EIO);
	store_close(reader);
	assert_int_equal(store_open_reader("/nonexistent", &reader), TC_EIO);
	assert_null(reader);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tampering_is_found),
	    WORLD_TEST(test_an_old_head_counts),
	    WORLD_TEST(test_a_short_head_counts),
	    WORLD_TEST(test_head_goes_to_the_reviewers),
	    WORLD_TEST(test_reader_cannot_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new key of an agency: who may, what is old then, and that every case opens
 * with the new one afterwards. M12. */
#include "config.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "desk/rekey.h"
#include "desk_steps.h"

struct rekey_op {
	struct world *world;
	const struct user *user;
	const char *agency, *from;
	struct case_key key;         /* the new one */
	const struct case_key *open; /* with what old copies are opened */
	int64_t ids[32];
	unsigned char copies[32][80];
	int n, i;
};

static int
op_rotate(void *arg)
{
	struct rekey_op *op = arg;

	return rekey_rotate(&op->world->core, op->user, op->agency, op->key.pk);
}

static int
on_copy(int64_t case_id, const void *sealed, size_t len, void *ctx)
{
	struct rekey_op *op = ctx;

	assert_int_equal(len, 80);
	op->ids[op->n] = case_id;
	memcpy(op->copies[op->n++], sealed, len);
	return 0;
}

static int
each(struct rekey_op *op)
{
	const struct rekey_query q = {op->agency, op->from, 32};

	op->n = 0;
	return rekey_each(&op->world->core, op->user, &q, on_copy, op);
}

static int
op_replace(void *arg)
{
	struct rekey_op *op = arg;
	unsigned char sk[32], sealed[80];
	const struct rekey_copy copy = {op->agency, op->ids[op->i], sealed};

	assert_int_equal(crypto_box_seal_open(sk, op->copies[op->i], 80,
			     op->open->pk, op->open->sk),
	    0);
	assert_int_equal(crypto_box_seal(sealed, sk, 32, op->key.pk), 0);
	return rekey_replace(&op->world->core, op->user, &copy);
}

/* Does every copy of the agency open with this key? */
static int64_t
opens(struct world *w, const char *agency, const struct case_key *key)
{
	char *path = xasprintf("%s/tincay.db", w->dir);
	unsigned char sk[32];
	sqlite3_stmt *st;
	sqlite3 *db;
	int64_t n = 0;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT sealed FROM case_seal WHERE agency = ?1",
			     -1, &st, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_bind_text(st, 1, agency, -1, SQLITE_STATIC), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		n += crypto_box_seal_open(sk, sqlite3_column_blob(st, 0), 80,
			 key->pk, key->sk) == 0;
	sqlite3_finalize(st);
	sqlite3_close(db);
	free(path);
	return n;
}

static void
some_cases(struct world *w, int n)
{
	static int number;
	char text[20];

	for (; n > 0; n--) {
		assert_int_equal(str_printf(text, sizeof(text), "+8490000%04d",
				     1000 + number++),
		    0);
		world_receive(w, text, "giup");
	}
}

static void
reseal(struct rekey_op *op)
{
	int n = each(op);

	assert_int_equal(n, op->n);
	for (op->i = 0; op->i < n; op->i++)
		world_expect(op->world, 0, op_replace, op);
}

static void
test_every_case_opens_with_the_new_key(void **state)
{
	struct world *w = *state;
	struct rekey_op op = {.world = w,
	    .user = &w->lan,
	    .agency = "HPN",
	    .from = "HPN",
	    .open = world_key(w, "HPN")};
	struct rekey_state now;

	some_cases(w, 5);
	assert_int_equal(each(&op), 0); /* nothing is old */
	vault_case_new(&op.key);
	world_expect(w, 0, op_rotate, &op);
	world_expect(w, TC_EEXIST, op_rotate, &op);
	some_cases(w, 2); /* sealed to the new one */
	assert_int_equal(opens(w, "HPN", &op.key), 2);
	assert_int_equal(each(&op), 5);
	/* interrupted after two */
	for (op.i = 0; op.i < 2; op.i++)
		world_expect(w, 0, op_replace, &op);
	op.i = 0;
	world_expect(w, TC_ENOENT, op_replace, &op); /* twice */
	{
		struct rekey_op again = op;

		vault_case_new(&again.key);
		world_expect(w, TC_ESTATE, op_rotate, &again);
	}
	reseal(&op);
	assert_int_equal(opens(w, "HPN", &op.key), 7);
	assert_int_equal(opens(w, "HPN", world_key(w, "HPN")), 0);
	assert_int_equal(store_rekey_state(w->core.store, "HPN", &now), 0);
	assert_int_equal(now.old, 0);
	/* and nobody else's was touched */
	assert_int_equal(opens(w, "VHXH", world_key(w, "VHXH")), 7);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event WHERE"
					" act = 'rekeyed'"),
	    5);
}

static void
test_who_may(void **state)
{
	struct world *w = *state;
	static const struct user admin = {
	    .id = 90, .name = "root", .roles = ROLE_ADMIN};
	struct rekey_op op = {.world = w, .agency = "HPN", .from = "HPN"};
	static const unsigned char zero[32];

	some_cases(w, 1);
	vault_case_new(&op.key);
	op.user = &steps_police;
	world_expect(w, TC_EDENIED, op_rotate, &op);
	op.user = &admin; /* he would read what comes */
	world_expect(w, TC_EDENIED, op_rotate, &op);
	assert_int_equal(each(&op), TC_EDENIED);
	op.user = &w->lan;
	memcpy(op.key.pk, zero, 32);
	world_expect(w, TC_EINVAL, op_rotate, &op);
	op.from = "RECOVERY";
	assert_int_equal(each(&op), TC_EDENIED);
	op.from = "VHXH";
	assert_int_equal(each(&op), TC_EDENIED);
	op.agency = "UBND"; /* has none, and is not his */
	world_expect(w, TC_EDENIED, op_rotate, &op);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM case_seal WHERE is_old"), 0);
}

/* The key is lost: RECOVERY opens its own copies for the new one. */
static void
test_recovered(void **state)
{
	struct world *w = *state;
	static const struct user admin = {
	    .id = 90, .name = "root", .roles = ROLE_ADMIN};
	struct rekey_op op = {.world = w,
	    .user = &w->lan,
	    .agency = "HPN",
	    .from = "RECOVERY",
	    .open = world_key(w, "RECOVERY")};

	assert_int_equal(
	    world_sql(w, "INSERT INTO user(id, name, agency, roles, password,"
			 " created_at) VALUES(90, 'root', '', 1, 'x', 0)"),
	    SQLITE_OK);
	some_cases(w, 3);
	vault_case_new(&op.key);
	world_expect(w, 0, op_rotate, &op);
	op.user = &admin;
	reseal(&op);
	assert_int_equal(opens(w, "HPN", &op.key), 3);
	assert_int_equal(opens(w, "RECOVERY", world_key(w, "RECOVERY")), 3);
}

static int
op_due(void *arg)
{
	struct world *w = arg;

	return rekey_due(&w->core, "HPN");
}

static void
test_due_until_there_is_a_new_one(void **state)
{
	struct world *w = *state;
	struct rekey_op op = {.world = w, .user = &w->lan, .agency = "HPN"};
	struct rekey_state now;
	int64_t first;

	world_expect(w, 0, op_due, w);
	assert_int_equal(store_rekey_state(w->core.store, "HPN", &now), 0);
	first = now.due_at;
	assert_true(first != 0);
	world_advance(w, 3600);
	world_expect(w, 0, op_due, w);
	assert_int_equal(store_rekey_state(w->core.store, "HPN", &now), 0);
	assert_int_equal(now.due_at, first);
	vault_case_new(&op.key);
	world_expect(w, 0, op_rotate, &op);
	assert_int_equal(store_rekey_state(w->core.store, "HPN", &now), 0);
	assert_int_equal(now.due_at, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STEPS_TEST(test_every_case_opens_with_the_new_key),
	    STEPS_TEST(test_who_may),
	    STEPS_TEST(test_recovered),
	    STEPS_TEST(test_due_until_there_is_a_new_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

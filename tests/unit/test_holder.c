/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who holds an agency's key: own keys, shares that somebody of the agency gives,
 * what revoking and another key take away. M12. */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "clock.h"
#include "desk/holder.h"
#include "world.h"

struct holder_op {
	struct world *world;
	const struct user *by;
	const char *to;
	unsigned char pk[32], sealed[80];
	struct holder seen[8];
	int n;
};

static int
op_key(void *arg)
{
	struct holder_op *op = arg;

	return holder_set_key(&op->world->core, op->by, op->pk);
}

static int
op_give(void *arg)
{
	struct holder_op *op = arg;
	const struct holder_gift gift = {"HPN", op->to, op->sealed};

	return holder_give(&op->world->core, op->by, &gift);
}

static int
op_add(void *arg)
{
	struct holder_op *op = arg;

	return store_user_add(op->world->core.store, op->by);
}

static int
on_holder(const struct holder *h, void *ctx)
{
	struct holder_op *op = ctx;

	op->seen[op->n++] = *h;
	return 0;
}

static void
look(struct holder_op *op)
{
	int n;

	op->n = 0;
	n = store_holder_each(op->world->core.store, "HPN", on_holder, op);
	assert_int_equal(n, op->n);
}

static struct user
user_of(const char *name, const char *agency, unsigned roles)
{
	struct user u = {
	    .id = vault_random_id(), .roles = roles, .password = "x"};

	assert_int_equal(str_printf(u.name, sizeof(u.name), "%s", name), 0);
	assert_int_equal(
	    str_printf(u.agency, sizeof(u.agency), "%s", agency), 0);
	return u;
}

static void
test_share(void **state)
{
	struct world *w = *state;
	struct user mai = user_of("mai", "HPN", ROLE_HANDLER);
	struct user cuc = user_of("cuc", "CAX", ROLE_HANDLER);
	struct holder_op op = {.world = w, .by = &mai, .to = "mai"};
	struct case_key own;

	world_expect(w, 0, op_add, &op);
	op.by = &cuc;
	world_expect(w, 0, op_add, &op);
	look(&op);
	assert_int_equal(op.n, 2); /* lan and mai, no cuc */
	assert_string_equal(op.seen[1].user, "mai");
	assert_false(op.seen[1].has_key);

	op.by = &w->lan;
	world_expect(w, TC_ESTATE, op_give, &op); /* she has no key */
	op.by = &mai;
	world_expect(w, TC_EINVAL, op_key, &op); /* all zero */
	vault_case_new(&own);
	memcpy(op.pk, own.pk, sizeof(op.pk));
	world_expect(w, 0, op_key, &op);
	world_expect(w, 0, op_key, &op); /* said twice */

	memset(op.sealed, 7, sizeof(op.sealed));
	op.by = &cuc;
	world_expect(w, TC_EDENIED, op_give, &op);
	op.by = &w->lan;
	op.to = "cuc";
	world_expect(w, TC_ENOENT, op_give, &op);
	op.to = "nobody";
	world_expect(w, TC_ENOENT, op_give, &op);
	op.to = "mai";
	world_expect(w, 0, op_give, &op);
	look(&op);
	assert_true(op.seen[1].has_share);
	assert_memory_equal(op.seen[1].sealed, op.sealed, 80);
	assert_memory_equal(op.seen[1].agency_key, world_key(w, "HPN")->pk, 32);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM case_event WHERE act IN"
			   " ('user_key', 'key_shared')"),
	    2);

	/* another key of her own: what was sealed to the last one is gone */
	vault_case_new(&own);
	memcpy(op.pk, own.pk, sizeof(op.pk));
	op.by = &mai;
	world_expect(w, 0, op_key, &op);
	look(&op);
	assert_true(op.seen[1].has_key);
	assert_false(op.seen[1].has_share);
}

static void
test_who_may(void **state)
{
	struct world *w = *state;
	struct user setup = user_of("setup", "", ROLE_SETUP);
	struct holder_op op = {.world = w, .by = &w->tuan};

	assert_true(holder_may(&w->lan, "HPN"));
	assert_false(holder_may(&w->lan, "CAX"));
	assert_false(holder_may(&w->tuan, "VHXH"));
	assert_true(holder_may(&setup, "CAX"));
	world_expect(w, TC_EDENIED, op_key, &op); /* no handler */
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_share),
	    WORLD_TEST(test_who_may),
	};

	return cmocka_run_group_tests_name("holder", tests, NULL, NULL);
}

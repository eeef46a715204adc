/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry of trusted addresses: who may see and act, places and who has
 * them, keys, and what a keeper writes. M19. */
#include "config.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "address_steps.h"
#include "buf.h"
#include "clock.h"
#include "desk/rekey.h"
#include "desk/say.h"
#include "outbox/guard.h"

#define HER "+84900000001"

static const struct user drafter_of_dctc = {
    .id = 81, .name = "du", .agency = "DCTC", .roles = ROLE_DRAFTER};

/* --- the registry --- */

static void
test_labels(void **state)
{
	static const struct {
		int64_t id;
		const char *label;
	} rows[] = {{1, "A"}, {26, "Z"}, {27, "AA"}, {52, "AZ"}, {53, "BA"},
	    {702, "ZZ"}, {703, "AAA"}};
	static const char *const none[] = {"", "a", "A1", "AAAAAAAA", "-"};
	char label[ADDRESS_LABEL_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		address_label(rows[i].id, label);
		assert_string_equal(label, rows[i].label);
		assert_int_equal(address_id(label), rows[i].id);
	}
	for (i = 0; i < TC_NELEM(none); i++)
		assert_int_equal(address_id(none[i]), 0);
}

struct place_op {
	struct world *world;
	const struct user *user;
	struct address_wish wish;
};

static int
op_assign(void *arg)
{
	struct place_op *op = arg;

	return address_assign(&op->world->core, op->user, &op->wish);
}

static int
op_release(void *arg)
{
	struct place_op *op = arg;

	return address_release(&op->world->core, op->user, &op->wish);
}

static int
op_remove(void *arg)
{
	struct place_op *op = arg;

	return address_remove(&op->world->core, op->user, op->wish.label);
}

static int
op_view(void *arg)
{
	struct place_op *op = arg;
	struct address_row row;
	struct buf sealed;
	int rc;

	buf_init(&sealed, ADDRESS_SEALED_MAX);
	rc = address_view(
	    &op->world->core, op->user, op->wish.label, &row, &sealed);
	buf_clear(&sealed);
	return rc;
}

static int
op_key(void *arg)
{
	struct place_op *op = arg;
	unsigned char key[WORDRUN_KEY];

	return address_key(&op->world->core, op->user, key);
}

static int
op_call(void *arg)
{
	struct place_op *op = arg;

	return desk_call(&op->world->core, op->user, op->wish.code, "asked");
}

static int
op_verified(void *arg)
{
	struct place_op *op = arg;

	return desk_compared_safe_word(
	    &op->world->core, op->user, op->wish.code, true);
}

static int
no_row(const struct address_row *a, void *ctx)
{
	(void)a;
	(void)ctx;
	return 0;
}

static void
test_only_dctc(void **state)
{
	struct world *w = *state;
	const struct user *const others[] = {
	    &w->lan, &steps_triage, &drafter_of_dctc, &w->hoa};
	int (*const acts[])(void *) = {
	    op_assign, op_release, op_remove, op_view, op_key};
	struct place_op op = {
	    .world = w, .wish = {"A", "AAAAAAAA", "person", 1, NULL}};
	struct steps_add again = {.world = w, .places = 1};
	size_t i, k;

	steps_address(w, PLACE, 1, 0);
	for (i = 0; i < TC_NELEM(others); i++) {
		op.user = again.user = others[i];
		for (k = 0; k < TC_NELEM(acts); k++)
			world_expect(w, TC_EDENIED, acts[k], &op);
		assert_int_equal(
		    address_each(&w->core, others[i], no_row, NULL),
		    TC_EDENIED);
		world_expect(w, TC_EDENIED, steps_op_add, &again);
	}
	assert_int_equal(steps_lines(w, "address_viewed"), 0);
	op.user = &steps_dao;
	world_expect(w, 0, op_view, &op);
	world_expect(w, 0, op_key, &op);
	assert_int_equal(steps_lines(w, "address_viewed"), 1);
	assert_int_equal(steps_lines(w, "address_key"), 1);
	op.wish.label = "B";
	world_expect(w, TC_ENOENT, op_view, &op);
}

/* A case of DCTC, claimed by dao. */
static struct place_op
case_of(struct world *w, const char *number)
{
	struct place_op op = {.world = w,
	    .user = &steps_dao,
	    .wish = {"A", NULL, "voice", 1, NULL}};

	world_receive(w, number, "tam lanh");
	op.wish.code = xstrdup(steps_latest(w));
	steps_claim(w, &steps_dao, op.wish.code, 0);
	return op;
}

static int
taken(struct world *w, const char *label)
{
	struct address_row row;

	assert_int_equal(
	    store_address_get(w->core.store, address_id(label), &row), 0);
	return row.taken;
}

static void
test_place_by_voice_only(void **state)
{
	struct world *w = *state;
	struct place_op op = case_of(w, HER);

	steps_address(w, PLACE, 2, 0);
	op.wish.how = "sms";
	world_expect(w, TC_EINVAL, op_assign, &op);
	op.wish.how = "voice";
	world_expect(w, TC_EAGAIN, op_assign, &op);
	assert_non_null(strstr(op.wish.why, "call"));
	world_expect(w, 0, op_call, &op);
	/* she has a safe word: it must have been compared */
	assert_int_equal(
	    world_sql(w, "UPDATE contact SET safe_word = 'x'"), SQLITE_OK);
	world_expect(w, TC_EAGAIN, op_assign, &op);
	assert_non_null(strstr(op.wish.why, "safe word"));
	world_expect(w, 0, op_verified, &op);
	world_advance(w, ADDRESS_CALL_S + 1);
	world_expect(w, TC_EAGAIN, op_assign, &op);
	world_expect(w, 0, op_call, &op);
	world_expect(w, 0, op_verified, &op);
	assert_int_equal(world_sql(w, "DELETE FROM message"), SQLITE_OK);
	world_expect(w, 0, op_assign, &op);
	assert_int_equal(taken(w, "A"), 1);
	assert_int_equal(steps_lines(w, "address_given"), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM message"), 0);
	free((char *)op.wish.code);
}

static void
test_places_are_counted(void **state)
{
	struct world *w = *state;
	struct place_op one = case_of(w, HER), two = case_of(w, "+84900000002");

	steps_address(w, PLACE, 3, 0);
	one.wish.how = two.wish.how = "person";
	one.wish.places = 4;
	world_expect(w, TC_EFULL, op_assign, &one);
	one.wish.places = 0;
	world_expect(w, TC_EINVAL, op_assign, &one);
	one.wish.places = 2;
	world_expect(w, 0, op_assign, &one);
	world_expect(w, TC_EFULL, op_assign,
	    &(struct place_op){
		w, &steps_dao, {"A", two.wish.code, "person", 2, NULL}});
	world_expect(w, 0, op_assign, &two);
	assert_int_equal(taken(w, "A"), 3);
	world_expect(w, TC_EFULL, op_assign, &two);
	/* nothing ends while somebody is there */
	world_expect(w, TC_ESTATE, op_remove, &one);
	steps_close(w, &steps_dao, one.wish.code, TC_ESTATE);
	world_expect(w, 0, op_release, &one);
	world_expect(w, TC_ENOENT, op_release, &one);
	assert_int_equal(taken(w, "A"), 1);
	steps_close(w, &steps_dao, one.wish.code, 0);
	one.wish.places = 1;
	world_expect(w, TC_ESTATE, op_assign, &one);
	world_expect(w, TC_EEXIST, op_assign, &two);
	world_expect(w, 0, op_release, &two);
	world_expect(w, 0, op_remove, &two);
	assert_int_equal(outbox_guard(&w->core, PLACE), 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM address_run"), 0);
	assert_string_equal(
	    steps_address(w, PLACE, 1, 0), "B"); /* A is gone for good */
	free((char *)one.wish.code);
	free((char *)two.wish.code);
}

/* --- keys --- */

struct rotate_op {
	struct world *world;
	struct case_key key;
};

static int
op_rotate(void *arg)
{
	struct rotate_op *op = arg;

	return rekey_rotate(&op->world->core, &steps_dao, "DCTC", op->key.pk);
}

static int
op_reseal(void *arg)
{
	struct rotate_op *op = arg;
	static const struct address a = {{"x", "y", "z", "", ""}};
	struct buf sealed;
	int rc;

	buf_init(&sealed, ADDRESS_SEALED_MAX);
	assert_int_equal(address_seal(&a, op->key.pk, &sealed), 0);
	rc = address_reseal(&op->world->core, &steps_dao, "A", &sealed);
	buf_clear(&sealed);
	return rc;
}

static void
test_new_key_makes_it_old(void **state)
{
	struct world *w = *state;
	struct rotate_op op = {.world = w};
	struct rekey_state s;

	steps_address(w, PLACE, 1, 0);
	vault_case_new(&op.key);
	world_expect(w, 0, op_rotate, &op);
	assert_int_equal(store_rekey_state(w->core.store, "DCTC", &s), 0);
	assert_int_equal(s.old, 1);
	assert_int_equal(store_rekey_state(w->core.store, "HPN", &s), 0);
	assert_int_equal(s.old, 0);
	vault_case_new(&op.key);
	world_expect(w, TC_ESTATE, op_rotate, &op);
	world_expect(w, 0, op_reseal, &op);
	assert_int_equal(store_rekey_state(w->core.store, "DCTC", &s), 0);
	assert_int_equal(s.old, 0);
	assert_int_equal(steps_lines(w, "address_rekeyed"), 1);
	/* what it is known by stays */
	assert_int_equal(outbox_guard(&w->core, PLACE), TC_EDENIED);
}

/* --- the keeper's file --- */

static const struct {
	const char *text;
	int rc;
} files[] = {
    {"place: a b c\nkeeper: d\nphone: 0900 000 001\n", 0},
    {"# x\r\n\r\nplace:a\r\nkeeper:\td\r\nphone:+84900000001", 0},
    {"place: a\nkeeper: d\n", TC_EINVAL},
    {"place: a\nphone: 0900000001\n", TC_EINVAL},
    {"keeper: a\nphone: 0900000001\n", TC_EINVAL},
    {"place: a\nkeeper: d\nphone: 113\n", TC_EINVAL},
    {"place: a\nkeeper: d\nphone: 0900000001\nstreet: x\n", TC_EINVAL},
    {"place: a\nkeeper: d\nphone: 0900000001\nnothing\n", TC_EINVAL},
    {"place: \xff\nkeeper: d\nphone: 0900000001\n", TC_EINVAL},
};

static void
test_file(void **state)
{
	struct address a;
	const char *why;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(files); i++) {
		text = xstrdup(files[i].text);
		if (address_parse(text, &a, &why) != files[i].rc)
			fail_msg("%s", files[i].text);
		assert_int_equal(why == NULL, files[i].rc == 0);
		free(text);
	}
}

/* Nothing but public words, or too few: the outbox could not know them. */
static void
test_place_must_be_recognisable(void **state)
{
	static const char *const places[] = {
	    "Trạm Y tế", "xã Song An", "thôn xã Song An", "nhà bà"};
	struct wordrun_public *p = wordrun_public_new();
	unsigned char key[WORDRUN_KEY] = {1};
	struct world *w = *state;
	struct address a = {{""}};
	json_t *list;
	size_t i;

	address_public(&w->core, steps_on_phrase, p);
	for (i = 0; i < TC_NELEM(places); i++) {
		assert_int_equal(str_printf(a.fields[ADDRESS_PLACE],
				     ADDRESS_FIELD_MAX, "%s", places[i]),
		    0);
		assert_int_equal(
		    address_fingerprints(&a, key, p, &list), TC_EINVAL);
	}
	wordrun_public_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_labels),
	    ADDRESS_TEST(test_only_dctc),
	    ADDRESS_TEST(test_place_by_voice_only),
	    ADDRESS_TEST(test_places_are_counted),
	    ADDRESS_TEST(test_new_key_makes_it_old),
	    cmocka_unit_test(test_file),
	    ADDRESS_TEST(test_place_must_be_recognisable),
	};

	if (vault_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

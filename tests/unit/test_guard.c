/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No text on any road of the daemon holds a trusted address: campaigns, slots,
 * replies, USSD screens, the content pack. M19, R2. */
#include "config.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "address_steps.h"
#include "buf.h"
#include "clock.h"
#include "intake/content.h"
#include "intake/ussd.h"
#include "outbox/guard.h"
#include "outbox_steps.h"

#define HER "+84900000001"

/* What nobody may send, however it is written. */
static const char *const leaks[] = {
    PLACE,
    "Mời đến Nhà sàn cạnh rẫy nhé",
    "moi den nha san canh ray nhe",
    "NHA SAN -- CANH RAY",
    "nha. san. canh. ray.",
    "hỏi chị siu h blin",
    ("hoi " KEEPER),
    "gọi 0900000077",
    "goi 0900.000.077",
    "goi +84 900 000 077",
    "goi 84900000077 ngay",
    "di qua cau treo, re trai",
    "re trai o goc da nhe",
};

/* Words in common, and what the commune says of itself. */
static const char *const harmless[] = {
    "Song An: moi ba con xem phim o nha van hoa",
    "UBND xã Song An: họp thôn",
    "nha san",
    "cau treo moi",
    "Siu H",
    "ray ca phe dang mua hai: coi chung chay",
    "goi 0900000078",
    "113 hoac 111",
};

static void
test_guard_knows_every_writing(void **state)
{
	struct world *w = *state;
	size_t i;

	for (i = 0; i < TC_NELEM(leaks); i++)
		assert_int_equal(outbox_guard(&w->core, leaks[i]), 0);
	assert_string_equal(steps_address(w, PLACE, 2, 0), "A");
	for (i = 0; i < TC_NELEM(leaks); i++)
		if (outbox_guard(&w->core, leaks[i]) != TC_EDENIED)
			fail_msg("it passes: %s", leaks[i]);
	for (i = 0; i < TC_NELEM(harmless); i++)
		if (outbox_guard(&w->core, harmless[i]) != 0)
			fail_msg("it does not pass: %s", harmless[i]);
	/* asked again, out of what is remembered */
	for (i = 0; i < TC_NELEM(harmless); i++)
		assert_int_equal(outbox_guard(&w->core, harmless[i]), 0);
}

struct draft_op {
	struct world *world;
	const char *name, *text, *budget_source;
	int64_t id;
	struct campaign_refusal why;
};

static int
op_draft(void *arg)
{
	struct draft_op *op = arg;
	struct campaign_draft d = campaign_draft_empty;
	const char *list = "l";

	d.name = op->name;
	d.text = op->text;
	d.budget_source = op->budget_source;
	d.lists = &list;
	d.nlists = 1;
	return campaign_new(
	    &op->world->core, &op->world->tuan, &d, &op->id, &op->why);
}

static void
test_no_campaign_holds_it(void **state)
{
	struct world *w = *state;
	struct draft_op op = {.world = w, .name = "c", .text = "ok"};
	size_t i;

	steps_people(w, 1);
	world_expect(w, 0, op_draft, &op);
	steps_address(w, PLACE, 2, 0);
	for (i = 0; i < TC_NELEM(leaks); i++) {
		op.text = leaks[i];
		world_expect(w, TC_EINVAL, op_draft, &op);
		/* which words they are is not told */
		assert_string_equal(
		    op.why.reason, "it holds words that must not go out (M19)");
	}
	op = (struct draft_op){.world = w, .name = leaks[1], .text = "ok"};
	world_expect(w, TC_EINVAL, op_draft, &op);
	op = (struct draft_op){
	    .world = w, .name = "c", .text = "ok", .budget_source = KEEPER};
	world_expect(w, TC_EINVAL, op_draft, &op);
	assert_int_equal(world_count(w, "SELECT count(*) FROM campaign"), 1);
}

/* Two have approved it when the address is registered: it stays here. */
static void
test_running_campaign_is_held_back(void **state)
{
	struct world *w = *state;
	struct radio_part p;

	steps_people(w, 1);
	(void)steps_campaign(w, "Moi den nha san canh ray");
	steps_address(w, PLACE, 2, 0);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM message WHERE"
			   " state = 'suppressed' AND reason = 'lint'"),
	    1);
}

struct staff_op {
	struct world *world;
	const char *slots;
	int64_t id;
};

static int
op_staff(void *arg)
{
	struct staff_op *op = arg;
	const struct outbox_staff staff = {.number = "+84900000009",
	    .template_id = "ALARM",
	    .slots = op->slots,
	    .lane = LANE_CRISIS,
	    .expires_at = clock_now() + 600,
	    .modem = "",
	    .not_modem = ""};

	return outbox_staff(&op->world->core, &staff, &op->id);
}

static void
test_no_slot_carries_it(void **state)
{
	struct world *w = *state;
	struct staff_op op = {.world = w,
	    .slots = "{\"modem\":\"m1\",\"event\":\"nhà sàn cạnh rẫy\"}"};
	struct radio_part p;

	world_expect(w, 0, op_staff, &op); /* waits in the queue */
	steps_address(w, PLACE, 2, 0);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_expect_reason(w, op.id, "suppressed", "lint");
	world_expect(w, TC_EDENIED, op_staff, &op);
	op.slots = "{\"modem\":\"m1\",\"event\":\"0900000077\"}";
	world_expect(w, TC_EDENIED, op_staff, &op);
	op.slots = "{\"modem\":\"m1\",\"event\":\"mất sóng\"}";
	world_expect(w, 0, op_staff, &op);
	assert_int_equal(steps_next(w, "m1", &p), 1);
}

/* --- the content pack --- */

static void
test_pack_with_it_is_known(void **state)
{
	struct world *w = *state;
	const char *text;

	/* N1 says "Can bo se goi lai": nobody lives there */
	text = steps_address(w, "Cán bộ sẽ gọi lại", 1, TC_EEXIST);
	assert_non_null(strchr(text, 'N'));
	assert_int_equal(world_count(w, "SELECT count(*) FROM address"), 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM address_run"), 0);
	assert_int_equal(steps_lines(w, "address_added"), 0);
	steps_address(w, PLACE, 1, 0);
	assert_int_equal(
	    outbox_guard_content(&w->core, w->core.content, &text), 0);
}

/* Past the check of the pack, as when another pack came later. */
static int
op_force(void *arg)
{
	struct steps_add *op = arg;
	const struct address_row row = {.places = 1, .added_at = 1};
	struct buf box;
	int64_t id;
	size_t i;
	int rc;

	buf_init(&box, 64);
	assert_int_equal(buf_put_str(&box, "sealed"), 0);
	rc = store_address_add(op->world->core.store, &row, &box, &id);
	for (i = 0; i < op->a.nruns && rc == 0; i++)
		rc = store_address_add_run(
		    op->world->core.store, id, op->runs[i]);
	buf_clear(&box);
	return rc;
}

static void
force(struct world *w, const char *place)
{
	struct steps_add op = {.world = w};

	assert_int_equal(str_printf(op.address.fields[ADDRESS_PLACE],
			     ADDRESS_FIELD_MAX, "%s", place),
	    0);
	steps_make_runs(&op);
	world_expect(w, 0, op_force, &op);
}

struct step_op {
	struct world *world;
	struct ussd_step step;
	char screen[MENU_SCREEN_MAX];
	bool more;
};

static int
op_step(void *arg)
{
	struct step_op *op = arg;

	return ussd_take_step(
	    &op->world->core, &op->step, op->screen, &op->more);
}

/* She sees an empty end; what she chose is kept all the same. */
static void
test_no_screen_shows_it(void **state)
{
	struct world *w = *state;
	struct step_op op = {.world = w,
	    .step = {.session = "s1", .number = "0900000011", .text = "1"}};
	const char *name;

	world_expect(w, 0, op_step, &op);
	assert_true(op.more);
	force(w, op.screen);
	assert_int_equal(
	    outbox_guard_content(&w->core, w->core.content, &name), TC_EDENIED);
	op.step.session = "s2";
	op.step.number = "0900000012";
	world_expect(w, 0, op_step, &op);
	assert_false(op.more);
	assert_string_equal(op.screen, "");
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""), 2);
}

static void
test_no_reply_says_it(void **state)
{
	struct world *w = *state;
	struct radio_part p;

	outbox_on_unsent(desk_on_unsent);
	force(w, "Cán bộ sẽ gọi lại");
	world_receive(w, HER, "giup");
	assert_int_equal(steps_next(w, "m1", &p), 0);
	outbox_on_unsent(NULL);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM message WHERE"
			   " state = 'suppressed' AND reason = 'lint'"),
	    1);
	/* a person learns of it */
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM \"case\" WHERE call_back = 1"),
	    1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ADDRESS_TEST(test_guard_knows_every_writing),
	    ADDRESS_TEST(test_no_campaign_holds_it),
	    ADDRESS_TEST(test_running_campaign_is_held_back),
	    ADDRESS_TEST(test_no_slot_carries_it),
	    ADDRESS_TEST(test_pack_with_it_is_known),
	    ADDRESS_TEST(test_no_screen_shows_it),
	    ADDRESS_TEST(test_no_reply_says_it),
	};

	if (vault_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

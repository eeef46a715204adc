/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fixed texts with slots, texts to our own staff, and who is told of a reply that never goes out. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "faults.h"
#include "gsm.h"
#include "intake/content.h"
#include "outbox/slots.h"
#include "outbox_steps.h"
#include "store/message.h"

#define STAFF "+84900000009"

/* --- slots --- */

#define TEN "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

static const struct {
	const char *text, *json;
	bool is_bare;
	int rc;
	const char *out;
} fills[] = {
    {"không", "", false, 0, "không"},
    {"", "", false, 0, ""},
    {"a {x} b", "{\"x\":\"1\"}", false, 0, "a 1 b"},
    {"{x}", "{\"x\":\"1\"}", false, 0, "1"},
    {"{x}{y_z}.", "{\"x\":\"1\",\"y_z\":\"2\"}", false, 0, "12."},
    {"{x} {x}", "{\"x\":\"mất sóng\"}", false, 0, "mất sóng mất sóng"},
    {"{x}", "{\"x\":\"Mất sóng\"}", true, 0, "Mat song"},
    {"{x}", "{\"x\":\"1\",\"more\":\"2\"}", false, 0, "1"},
    {"{x}", "{\"x\":\"" SIXTY "0123\"}", false, 0, SIXTY "0123"},
    /* a slot without a value, or none at all */
    {"{x}", "", false, TC_EINVAL, NULL},
    {"{x}", "{\"y\":\"1\"}", false, TC_EINVAL, NULL},
    {"{x", "{\"x\":\"1\"}", false, TC_EINVAL, NULL},
    {"{}", "{\"\":\"1\"}", false, TC_EINVAL, NULL},
    {"{X}", "{\"X\":\"1\"}", false, TC_EINVAL, NULL},
    {"{" SIXTY "0123}", "{}", false, TC_EINVAL, NULL},
    /* values that are none */
    {"a", "{\"x\":1}", false, TC_EINVAL, NULL},
    {"a", "{\"x\":\"\"}", false, TC_EINVAL, NULL},
    {"a", "{\"x\":\"{x}\"}", false, TC_EINVAL, NULL},
    {"a", "{\"x\":\"a\\nb\"}", false, TC_EINVAL, NULL},
    {"a", "{\"x\":\"a\\u007f\"}", false, TC_EINVAL, NULL},
    {"a", "{\"x\":\"a\\u0000b\"}", false, TC_EINVAL, NULL},
    {"a", "{\"x\":\"" SIXTY "01234\"}", false, TC_EINVAL, NULL},
    {"a", "{\"x\":\"1\",\"x\":\"2\"}", false, TC_EINVAL, NULL},
    {"a", "[\"x\"]", false, TC_EINVAL, NULL},
    {"a", "\"x\"", false, TC_EINVAL, NULL},
    {"a", "{", false, TC_EINVAL, NULL},
};

static void
test_fill(void **state)
{
	struct buf out;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < TC_NELEM(fills); i++) {
		buf_init(&out, 2048);
		rc = slots_fill(
		    fills[i].text, fills[i].json, fills[i].is_bare, &out);
		if (rc != fills[i].rc ||
		    (rc == 0 && strcmp(buf_str(&out), fills[i].out) != 0))
			fail_msg("%s with %s: %d \"%s\"", fills[i].text,
			    fills[i].json, rc, buf_str(&out));
		buf_clear(&out);
	}
}

/* --- staff --- */

struct staff_op {
	struct world *world;
	struct outbox_staff staff;
	int64_t message_id;
};

static int
op_staff(void *arg)
{
	struct staff_op *op = arg;

	return outbox_staff(&op->world->core, &op->staff, &op->message_id);
}

static struct staff_op
alarm_op(struct world *w)
{
	return (struct staff_op){.world = w,
	    .staff = {.number = STAFF,
		.template_id = "ALARM",
		.slots = "{\"modem\":\"m1\",\"event\":\"mất sóng\"}",
		.lane = LANE_CRISIS,
		.expires_at = clock_now() + 600,
		.modem = "",
		.not_modem = ""}};
}

static void
test_staff_text_goes_out(void **state)
{
	struct world *w = *state;
	struct staff_op op = alarm_op(w);
	struct radio_part p;

	world_expect(w, 0, op_staff, &op);
	assert_int_equal(steps_next(w, "m2", &p), 1);
	assert_string_equal(p.number, STAFF);
	assert_string_equal(
	    p.text, "May tin nhan: modem m1: mat song. Moi ky thuat xem lai.");
	assert_int_equal(p.lane, LANE_CRISIS);
	assert_int_equal(p.coding, GSM_CODING_7BIT);
	assert_int_equal(steps_result(w, p.id, ML_SENT, 0), 0);
	steps_expect_message(w, op.message_id, "sent");
	/* the number is nowhere in clear */
	assert_int_equal(world_count(w, "SELECT count(*) FROM message WHERE"
					" instr(staff_box, '900000009') > 0"),
	    0);
}

static void
test_staff_text_goes_where_it_may(void **state)
{
	static const struct {
		const char *modem, *not_modem, *asks;
		int rc;
	} rows[] = {
	    {"", "", "m1", 1},
	    {"", "m1", "m1", 0},
	    {"", "m1", "m2", 1},
	    {"m1", "", "m1", 1},
	    {"m1", "", "m2", 0},
	};
	struct world *w = *state;
	struct radio_part p;
	struct staff_op op;
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		op = alarm_op(w);
		op.staff.modem = rows[i].modem;
		op.staff.not_modem = rows[i].not_modem;
		world_expect(w, 0, op_staff, &op);
		assert_int_equal(steps_next(w, rows[i].asks, &p), rows[i].rc);
		assert_int_equal(world_sql(w, "DELETE FROM message"), 0);
	}
}

static void
test_staff_text_expires(void **state)
{
	struct world *w = *state;
	struct staff_op op = alarm_op(w);
	struct radio_part p;

	world_expect(w, 0, op_staff, &op);
	world_advance(w, 601);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_expect_message(w, op.message_id, "expired");
}

/* R4: the SMSC does not try beyond the end of the text itself. */
static void
test_r4_staff_validity(void **state)
{
	static const struct {
		int64_t left; /* seconds */
		unsigned minutes;
	} rows[] = {{30, 5}, {300, 5}, {301, 6}, {600, 10}, {3 * 3600, 60}};
	struct world *w = *state;
	struct radio_part p;
	struct staff_op op;
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		op = alarm_op(w);
		op.staff.expires_at = clock_now() + rows[i].left;
		world_expect(w, 0, op_staff, &op);
		assert_int_equal(steps_next(w, "m1", &p), 1);
		assert_in_range(p.validity_min, rows[i].minutes - 1,
		    rows[i].minutes); /* a second may pass */
		assert_true(p.validity_min >= 5);
		assert_false(p.report);
	}
}

/* R16 and the lint: what may not be said is refused when it is asked for. */
static const struct {
	const char *template_id, *slots;
	int rc;
} doors[] = {
    {"ALERT", "{\"queue\":\"CAX\",\"urgency\":\"U0\",\"code\":\"ABCDEFGH\"}",
	0},
    {"ALARM_OK", "{\"modem\":\"viettel1\"}", 0},
    {"TEST", "{\"time\":\"10:15\"}", 0},
    {"HEARTBEAT", "{\"date\":\"29/11\"}", 0},
    {"N1", NULL, 0},
    {"ALARM", NULL, TC_EINVAL},
    {"ALARM", "{\"modem\":\"m1\"}", TC_EINVAL},
    {"ALARM", "{\"modem\":\"m1\",\"event\":\"bao luc gia dinh\"}", TC_EDENIED},
    {"ALARM", "{\"modem\":\"m1\",\"event\":\"thôn 3\"}", TC_EDENIED},
    {"ALARM", "{\"modem\":\"" SIXTY "\",\"event\":\"" SIXTY "\"}", TC_EDENIED},
    {"ALERT", "{\"queue\":\"CAX\",\"urgency\":\"U0\",\"code\":\"http://x.vn\"}",
	TC_EDENIED},
    {"NOTHING", NULL, TC_ENOENT},
};

static void
test_r16_lint_at_the_door(void **state)
{
	struct world *w = *state;
	struct staff_op op;
	size_t i;

	for (i = 0; i < TC_NELEM(doors); i++) {
		op = alarm_op(w);
		op.staff.template_id = doors[i].template_id;
		op.staff.slots = doors[i].slots;
		world_expect(w, doors[i].rc, op_staff, &op);
		assert_int_equal(world_count(w, "SELECT count(*) FROM message"),
		    doors[i].rc == 0);
		assert_int_equal(world_sql(w, "DELETE FROM message"), 0);
	}
}

/* A commune that writes with accents: `name` of the shipped pack, changed. */
static void
copy_accented(const char *to, const char *name)
{
	static const char bare[] = "script = \"bare\"";
	char *from = xasprintf("%s/%s", TEST_ETC, name), *text, *at, *path,
	     *new;

	assert_int_equal(file_read(from, 1 << 20, &text, NULL), 0);
	at = strstr(text, bare);
	path = xasprintf("%s/%s", to, name);
	new = at == NULL ? xstrdup(text)
			 : xasprintf("%.*sscript = \"accented\"%s",
			       (int)(at - text), text, at + strlen(bare));
	assert_int_equal(file_write(path, 0600, new, strlen(new)), 0);
	free(new);
	free(path);
	free(text);
	free(from);
}

static void
use_accented(struct world *w)
{
	struct content *content;
	struct faults faults;

	copy_accented(w->dir, "commune.conf");
	copy_accented(w->dir, "intents.conf");
	faults_init(&faults);
	content = content_load(w->dir, &faults);
	assert_non_null(content);
	faults_clear(&faults);
	content_free((struct content *)w->core.content);
	w->core.content = content;
}

/* In accents when it fits one segment, bare when it does not. */
static void
test_accented_or_bare(void **state)
{
	static const struct {
		const char *slots;
		enum gsm_coding coding;
		const char *text;
	} rows[] = {
	    {"{\"modem\":\"m1\",\"event\":\"mất sóng\"}", GSM_CODING_UCS2,
		"Máy tin nhắn: modem m1: mất sóng. Mời kỹ thuật xem."},
	    {"{\"modem\":\"m1\",\"event\":\"mất sóng từ mười phút trước\"}",
		GSM_CODING_UCS2,
		"Máy tin nhắn: modem m1: mất sóng từ mười phút trước. Mời kỹ "
		"thuật xem."},
	    {"{\"modem\":\"m1\",\"event\":\"mất sóng từ mười phút trước đây\"}",
		GSM_CODING_7BIT,
		"May tin nhan: modem m1: mat song tu muoi phut truoc day. Moi "
		"ky thuat xem lai."},
	};
	struct world *w = *state;
	struct radio_part p;
	struct staff_op op;
	size_t i;

	use_accented(w);
	for (i = 0; i < TC_NELEM(rows); i++) {
		op = alarm_op(w);
		op.staff.slots = rows[i].slots;
		world_expect(w, 0, op_staff, &op);
		assert_int_equal(steps_next(w, "m1", &p), 1);
		assert_string_equal(p.text, rows[i].text);
		assert_int_equal(p.coding, rows[i].coding);
	}
}

/* case say: a reply with slots, to the contact, on her SIM. */
static void
test_reply_with_slots(void **state)
{
	struct world *w = *state;
	struct steps_reply r = {.world = w,
	    .reply = {.contact_id = steps_contact(w, "+84900000001"),
		.template_id = "TEST",
		.slots = "{\"time\":\"9:30\"}",
		.lane = LANE_CASE,
		.modem = "m1",
		.sensitive = true,
		.expires_at = clock_now() + 300}};
	struct radio_part p;

	world_expect(w, 0, steps_op_reply, &r);
	assert_int_equal(steps_next(w, "m2", &p), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_string_equal(p.number, "+84900000001");
	assert_string_equal(
	    p.text, "May tin nhan: tin thu luc 9:30. Khong can tra loi.");
	r.reply.slots = "{}";
	world_expect(w, TC_EINVAL, steps_op_reply, &r);
	/* what was queued with a pack that had other slots */
	r.reply.slots = NULL;
	world_expect(w, 0, steps_op_reply, &r);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_expect_reason(w, r.message_id, "suppressed", "slots");
}

/* --- who is told --- */

static struct {
	int calls;
	int64_t contact;
	char state[STATE_MAX], reason[REASON_MAX];
	int answer;
} told;

static int
on_unsent(
    struct core *c, int64_t contact_id, const char *state, const char *reason)
{
	(void)c;
	told.calls++;
	told.contact = contact_id;
	assert_int_equal(
	    str_printf(told.state, sizeof(told.state), "%s", state), 0);
	assert_int_equal(
	    str_printf(told.reason, sizeof(told.reason), "%s", reason), 0);
	return told.answer;
}

static int
tell_setup(void **state)
{
	memset(&told, 0, sizeof(told));
	outbox_on_unsent(on_unsent);
	return world_setup(state);
}

static int
tell_teardown(void **state)
{
	outbox_on_unsent(NULL);
	return world_teardown(state);
}

static const struct {
	enum ml_outcome outcome;
	int code;
	const char *state; /* NULL: nobody is told */
} tellings[] = {
    {ML_SENT, 0, NULL},
    {ML_REFUSED, 42, NULL}, /* it is tried again */
    {ML_REFUSED, 1, "failed"},
    {ML_UNCERTAIN, 0, "uncertain"},
};

static void
test_unsent_by_result(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	struct radio_part p;
	size_t i;

	for (i = 0; i < TC_NELEM(tellings); i++) {
		memset(&told, 0, sizeof(told));
		(void)steps_reply(w, contact, LANE_CRISIS);
		assert_int_equal(steps_next(w, "m1", &p), 1);
		(void)steps_result(
		    w, p.id, tellings[i].outcome, tellings[i].code);
		assert_int_equal(told.calls, tellings[i].state != NULL);
		if (tellings[i].state != NULL) {
			assert_string_equal(told.state, tellings[i].state);
			assert_true(told.contact == contact);
		}
		assert_int_equal(world_sql(w, "DELETE FROM message"), 0);
	}
}

static void
test_r3_unsent_when_too_late(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	struct radio_part p;

	(void)steps_reply(w, contact, LANE_CRISIS);
	world_advance(w, 301);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	assert_int_equal(told.calls, 1);
	assert_true(told.contact == contact);
	assert_string_equal(told.state, "expired");
	assert_string_equal(told.reason, "too_late");
}

/* R7: whoever was hushed wanted none. */
static void
test_r7_unsent_but_hushed(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	struct radio_part p;

	(void)steps_reply(w, contact, LANE_CRISIS);
	assert_int_equal(world_sql(w, "UPDATE contact SET hushed = 1"), 0);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	assert_int_equal(told.calls, 0);
}

/* When the case cannot be changed the result is not taken either. */
static void
test_unsent_error_takes_back(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001"), message;
	struct radio_part p;

	message = steps_reply(w, contact, LANE_CRISIS);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	told.answer = TC_EIO;
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 1), TC_EIO);
	steps_expect_part(w, p.id, "submitting");
	told.answer = 0;
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 1), 0);
	steps_expect_message(w, message, "failed");
}

#define TELL_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, tell_setup, tell_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fill),
	    WORLD_TEST(test_staff_text_goes_out),
	    WORLD_TEST(test_staff_text_goes_where_it_may),
	    WORLD_TEST(test_staff_text_expires),
	    WORLD_TEST(test_r4_staff_validity),
	    WORLD_TEST(test_r16_lint_at_the_door),
	    WORLD_TEST(test_accented_or_bare),
	    WORLD_TEST(test_reply_with_slots),
	    TELL_TEST(test_unsent_by_result),
	    TELL_TEST(test_r3_unsent_when_too_late),
	    TELL_TEST(test_r7_unsent_but_hushed),
	    TELL_TEST(test_unsent_error_takes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

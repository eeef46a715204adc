/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without the data key: what comes is kept sealed and leaves the SIM, in its
 * order; with it everything takes the usual road, once, and what cannot be taken
 * in does not stop the rest. The modem is a struct, its child a buffer. */
#include "config.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "house.h"
#include "radio/radio_private.h"
#include "store/locked.h"
#include "turn.h"
#include "world.h"

#define HER "+84900000001"

struct dark {
	struct world world;
	struct radio radio;
	struct conf_modem conf;
	struct modem modem;
	struct bufferevent *child;
	unsigned char key[VAULT_KEY];
	int64_t start;
	char seen[512]; /* what was handed over, a line each */
	int rc;         /* what the callbacks answer */
};

static int
dark_note(struct dark *d, const char *what, const char *text)
{
	size_t at = strlen(d->seen);

	if (d->rc == 0)
		assert_int_equal(str_printf(d->seen + at, sizeof(d->seen) - at,
				     "%s %s\n", what, text),
		    0);
	return d->rc;
}

static int
on_inbound(const struct inbound *in, void *ctx)
{
	struct dark *d = ctx;
	char what[64];

	/* its stamp, and about how long ago it came */
	assert_int_equal(
	    str_printf(what, sizeof(what), "%s +%lld %lld", in->modem,
		(long long)(in->smsc_time - d->start),
		(long long)(clock_now() - in->received_at + 20) / 100),
	    0);
	return dark_note(ctx, what, in->text);
}

static int
on_call(const char *modem, const char *number, int64_t at, void *ctx)
{
	assert_int_equal(at, 77);
	return dark_note(ctx, modem, number);
}

static int
on_report(const struct radio_report *r, void *ctx)
{
	return dark_note(ctx, "report", r->number);
}

static int
setup(void **state)
{
	struct dark *d = xcalloc(1, sizeof(*d));
	struct bufferevent *pair[2];
	char *source;

	world_open(&d->world);
	d->start = clock_now();
	assert_int_equal(house_open(&d->world.core), 0);
	source = xasprintf("file:%s/data.key", d->world.dir);
	assert_int_equal(vault_read_key(source, d->key), 0);
	free(source);
	vault_lock(d->world.core.vault);
	d->radio.core = &d->world.core;
	d->radio.ops = (struct radio_ops){.on_inbound = on_inbound,
	    .on_call = on_call,
	    .on_report = on_report,
	    .ctx = d};
	d->radio.base = event_base_new();
	assert_int_equal(bufferevent_pair_new(d->radio.base, 0, pair), 0);
	assert_int_equal(bufferevent_enable(pair[1], EV_READ), 0);
	d->conf.name = xstrdup("m1");
	d->modem.radio = &d->radio;
	d->modem.conf = &d->conf;
	d->modem.bev = pair[0];
	d->child = pair[1];
	d->radio.modems = &d->modem;
	d->radio.nmodems = 1;
	d->radio.is_locked = true;
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	struct dark *d = *state;

	bufferevent_free(d->modem.bev);
	bufferevent_free(d->child);
	event_base_free(d->radio.base);
	free(d->conf.name);
	world_close(&d->world);
	free(d);
	return 0;
}

/* One text with this stamp, seconds since the start; it leaves the SIM. */
static void
dark_text(struct dark *d, int stamp, const char *text)
{
	struct evbuffer *in = bufferevent_get_input(d->child);
	struct ml_sms_in sms = {.kind = ML_SMS_TEXT,
	    .smsc_time = d->start + stamp,
	    .number = HER,
	    .place = {.imsi = "452000000000001", .slot = 1}};

	assert_int_equal(str_printf(sms.text, sizeof(sms.text), "%s", text), 0);
	receive_sms(&d->modem, &sms);
	assert_int_equal(evbuffer_get_length(in), 0); /* not before */
	assert_int_equal(turn_commit(d->world.core.turn), 0);
	assert_true(evbuffer_get_length(in) > 0); /* DELETE_SMS */
	evbuffer_drain(in, evbuffer_get_length(in));
}

static void
dark_frames(struct dark *d)
{
	struct ml_call_in call = {.spool_id = 1, .number = HER, .at = 77};
	struct ml_report_in report = {.spool_id = 2, .number = HER, .tp_mr = 1};

	receive_call(&d->modem, &call);
	receive_report(&d->modem, &report);
	assert_int_equal(turn_commit(d->world.core.turn), 0);
}

static int64_t
dark_waiting(struct dark *d)
{
	return world_count(
	    &d->world, "SELECT count(*) FROM locked_inbound WHERE spoilt = 0");
}

static int
op_unlock(void *arg)
{
	struct dark *d = arg;

	return house_unlock(&d->world.core, d->key);
}

static void
dark_open(struct dark *d)
{
	world_expect(&d->world, 0, op_unlock, d);
	while (radio_take_in(&d->radio))
		;
	assert_int_equal(turn_commit(d->world.core.turn), 0);
}

static void
test_order_and_time(void **state)
{
	struct dark *d = *state;

	dark_text(d, 0, "giup toi");
	world_advance(&d->world, 100);
	dark_text(d, 100, "giup toi"); /* another stamp: another text */
	dark_frames(d);
	assert_string_equal(d->seen, "");
	assert_int_equal(dark_waiting(d), 4);
	assert_false(radio_take_in(&d->radio)); /* there is no key */
	world_advance(&d->world, 300);
	dark_open(d);
	assert_string_equal(d->seen, "m1 +0 4 giup toi\nm1 +100 3 giup toi\n"
				     "m1 " HER "\nreport " HER "\n");
	assert_int_equal(dark_waiting(d), 0);
	assert_false(radio_is_locked(&d->radio));
}

/* Offered again because the child did not hear of the commit. */
static void
test_twice_is_once(void **state)
{
	struct dark *d = *state;

	dark_text(d, 1, "giup toi");
	dark_text(d, 1, "giup toi");
	assert_int_equal(dark_waiting(d), 2);
	dark_open(d);
	assert_string_equal(d->seen, "m1 +1 0 giup toi\n");
	dark_text(d, 1, "giup toi");
	assert_string_equal(d->seen, "m1 +1 0 giup toi\n");
}

/* The disk: later again, and nothing may be sent until then. */
static void
test_refused_waits(void **state)
{
	struct dark *d = *state;

	dark_text(d, 0, "mot");
	dark_text(d, 0, "hai");
	d->rc = TC_EIO;
	dark_open(d);
	assert_true(radio_is_locked(&d->radio));
	assert_int_equal(dark_waiting(d), 2);
	dark_text(d, 0, "ba"); /* behind those that wait */
	d->rc = 0;
	dark_open(d);
	assert_string_equal(d->seen, "");
	d->radio.is_stuck = false; /* upkeep */
	dark_open(d);
	assert_int_equal(dark_waiting(d), 0);
	assert_non_null(strstr(strstr(d->seen, "hai"), "ba"));
}

static void
test_spoilt_does_not_stop(void **state)
{
	struct dark *d = *state;

	dark_text(d, 0, "mot");
	dark_text(d, 0, "hai");
	assert_int_equal(
	    world_sql(&d->world,
		"UPDATE locked_inbound SET sealed = zeroblob(200)"
		" WHERE id = (SELECT min(id) FROM locked_inbound)"),
	    0);
	dark_open(d);
	assert_null(strstr(d->seen, "mot"));
	assert_non_null(strstr(d->seen, "hai"));
	assert_false(radio_is_locked(&d->radio));
	assert_int_equal(
	    world_count(&d->world, "SELECT sum(spoilt) FROM locked_inbound"),
	    1);
}

/* The section was taken out of the configuration meanwhile. */
static void
test_modem_is_gone(void **state)
{
	struct dark *d = *state;

	dark_text(d, 0, "mot");
	dark_frames(d);
	d->radio.nmodems = 0;
	dark_open(d);
	d->radio.nmodems = 1;
	assert_non_null(strstr(d->seen, "mot"));
	assert_int_equal(dark_waiting(d), 0);
}

static void
test_another_key(void **state)
{
	struct dark *d = *state;

	dark_text(d, 0, "mot");
	d->key[0] ^= 1;
	world_expect(&d->world, TC_ECRYPTO, op_unlock, d);
	assert_true(vault_is_locked(d->world.core.vault));
	assert_false(radio_take_in(&d->radio));
	assert_int_equal(dark_waiting(d), 1);
	d->key[0] ^= 1;
	dark_open(d);
	assert_non_null(strstr(d->seen, "mot"));
	/* and at a start */
	assert_int_equal(house_open(&d->world.core), 0);
	vault_unlock(d->world.core.vault, (const unsigned char[32]){1});
	assert_int_equal(house_open(&d->world.core), TC_ECRYPTO);
}

/* Neither the number nor the text is in the row. */
static void
test_sealed(void **state)
{
	struct dark *d = *state;

	dark_text(d, 0, "chong toi danh");
	assert_int_equal(world_count(&d->world,
			     "SELECT count(*) FROM locked_inbound WHERE"
			     " instr(sealed, CAST('chong' AS BLOB))"
			     " OR instr(sealed, CAST('900000001' AS BLOB))"),
	    0);
	assert_int_equal(
	    world_count(&d->world, "SELECT count(*) FROM seen"), 0);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(test_order_and_time),
	    TEST(test_twice_is_once),
	    TEST(test_refused_waits),
	    TEST(test_spoilt_does_not_stop),
	    TEST(test_modem_is_gone),
	    TEST(test_another_key),
	    TEST(test_sealed),
	};

	return cmocka_run_group_tests_name("locked", tests, NULL, NULL);
}

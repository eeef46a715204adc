/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pool of modems between the turn and the outbox: what a commit that fails
 * does to it, when it must be asked again, that idle children are asked whether
 * they live. The children are played by the test. */
#include "config.h"

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"
#include "conf.h"
#include "clock.h"
#include "frame.h"
#include "intake/intake.h"
#include "outbox_steps.h"
#include "radio/radio_private.h"
#include "store/inbound.h"

struct pool {
	struct world world;
	struct conf conf;
	struct conf_modem modem_conf;
	struct event_base *base;
	struct radio *radio;
	struct modem *modem;
	int child; /* the other end of the modem's socket */
};

static int
pool_next_part(
    const struct radio_offer *offer, struct radio_part *out, void *ctx)
{
	return outbox_next_part(ctx, offer, out);
}

static int
pool_on_lost(const char *modem, void *ctx)
{
	return outbox_on_lost(ctx, modem);
}

static int
pool_on_inbound(const struct inbound *in, void *ctx)
{
	return intake_receive(ctx, in);
}

/* A modem that is up: its child is this process, which nobody will signal. */
static void
pool_modem_up(struct pool *p)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	p->child = fds[1];
	p->modem = &p->radio->modems[0];
	p->modem->bev =
	    bufferevent_socket_new(p->base, fds[0], BEV_OPT_CLOSE_ON_FREE);
	assert_non_null(p->modem->bev);
	p->modem->pid = getpid();
	p->modem->phase = ML_PHASE_READY;
	p->modem->state = MODEM_READY;
}

static int
setup(void **state)
{
	struct pool *p = xcalloc(1, sizeof(*p));
	struct radio_ops ops = {.on_inbound = pool_on_inbound,
	    .next_part = pool_next_part,
	    .on_lost = pool_on_lost,
	    .generation = outbox_generation,
	    .ctx = &p->world.core};

	world_open(&p->world);
	p->modem_conf.name = (char *)"m1";
	p->modem_conf.operator_name = (char *)"";
	p->modem_conf.campaign_share = 100;
	p->conf.state_dir = p->world.dir;
	p->conf.modems = &p->modem_conf;
	p->conf.nmodems = 1;
	p->world.core.conf = &p->conf;
	p->base = event_base_new();
	p->radio = radio_new(&p->world.core, p->base, &ops);
	pool_modem_up(p);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct pool *p = *state;
	char *spool = xasprintf("%s/spool", p->world.dir);

	close(p->child);
	radio_free(p->radio);
	event_base_free(p->base);
	assert_int_equal(rmdir(spool), 0);
	free(spool);
	world_close(&p->world);
	free(p);
	return 0;
}

static void
disk_full(bool is_full)
{
	struct rlimit lim;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &lim), 0);
	lim.rlim_cur = is_full ? 1 : lim.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &lim), 0);
}

struct seen_op {
	struct pool *pool;
	unsigned i;
};

static int
op_seen(void *arg)
{
	struct seen_op *op = arg;
	unsigned char hash[16] = {0};

	memcpy(hash, &op->i, sizeof(op->i));
	return store_seen_add(op->pool->world.core.store, hash, 1);
}

/* A turn that is as old as one may be: the next op ends it. */
static void
pool_fill_turn(struct pool *p)
{
	struct seen_op op = {.pool = p};
	int64_t old;

	assert_int_equal(turn_run(p->world.core.turn, op_seen, &op), 0);
	old = clock_mono_ms() + TURN_MAX_MS + 1;
	while (clock_mono_ms() < old)
		(void)poll(NULL, 0, 1);
}

/* The frames that the child has got, by type. */
static size_t
pool_frames(struct pool *p, enum ml_type types[8])
{
	unsigned char data[16384];
	struct frame f;
	size_t at = 0, n = 0, total;
	ssize_t len;

	assert_true(event_base_loop(p->base, EVLOOP_NONBLOCK) >= 0);
	len = recv(p->child, data, sizeof(data), MSG_DONTWAIT);
	while (len > 0 && at < (size_t)len && n < 8) {
		assert_int_equal(
		    frame_peek(data + at, (size_t)len - at, &f, &total), 1);
		types[n++] = f.type;
		at += total;
	}
	return n;
}

/* The turn of the handlers is committed when the pump opens its own, and that
 * fails: the child was told to stop and must not be given a part, which would
 * be uncertain for ever although it never left. */
static void
test_no_part_for_a_child_that_was_told_to_stop(void **state)
{
	struct pool *p = *state;
	struct world *w = &p->world;
	int64_t message;
	enum ml_type types[8];

	message = steps_reply(w, steps_contact(w, "+84900000001"), LANE_CRISIS);
	pool_fill_turn(p);
	disk_full(true);
	radio_pump(p->radio);
	disk_full(false);
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_int_equal(p->modem->state, MODEM_KILLING);
	steps_expect_part(w, steps_part(w, message, 1), "queued");
	assert_int_equal(p->modem->in_flight, 0);
	assert_int_equal(pool_frames(p, types), 1);
	assert_int_equal(types[0], ML_STOP);
}

/* A child dies in a turn that is not committed: what it was sending must not
 * stay "submitting" until the next start. */
static void
test_lost_part_is_settled_although_the_commit_failed(void **state)
{
	struct pool *p = *state;
	struct world *w = &p->world;
	int64_t message;

	message = steps_reply(w, steps_contact(w, "+84900000001"), LANE_CRISIS);
	radio_pump(p->radio);
	assert_int_equal(turn_commit(w->core.turn), 0);
	assert_int_equal(p->modem->state, MODEM_BUSY);
	p->modem->pid = 0;
	life_on_gone(p->modem);
	disk_full(true);
	assert_int_equal(turn_commit(w->core.turn), TC_EIO);
	disk_full(false);
	steps_expect_part(w, steps_part(w, message, 1), "submitting");
	radio_pump(p->radio);
	assert_int_equal(turn_commit(w->core.turn), 0);
	steps_expect_part(w, steps_part(w, message, 1), "uncertain");
}

/* Hundreds in a row who get nothing: the loop must not go to sleep on them. */
static void
test_asked_again_until_somebody_may_be_written_to(void **state)
{
	struct pool *p = *state;
	struct world *w = &p->world;
	int pumps;

	steps_people(w, 300);
	assert_int_equal(steps_campaign(w, "Hop thon toi nay.") != 0, 1);
	assert_int_equal(world_sql(w, "UPDATE person SET opted_out_at = 1"), 0);
	for (pumps = 0; pumps < 300; pumps++) {
		radio_pump(p->radio);
		assert_int_equal(turn_commit(w->core.turn), 0);
		if (!radio_has_more(p->radio))
			break;
	}
	assert_in_range(pumps, 2, 10);
	assert_int_equal(world_count(w, "SELECT count(*) FROM recipient"
					" WHERE state = 'suppressed'"),
	    300);
}

static void
test_idle_child_is_asked_whether_it_lives(void **state)
{
	struct pool *p = *state;
	enum ml_type types[8];

	radio_upkeep(p->radio);
	assert_int_equal(pool_frames(p, types), 1);
	assert_int_equal(types[0], ML_PING);
	assert_true(event_pending(p->modem->deadline, EV_TIMEOUT, NULL));
	radio_upkeep(p->radio); /* no second one while the first waits */
	assert_int_equal(pool_frames(p, types), 0);
	child_set_deadline(p->modem, 0);
	p->modem->state = MODEM_BUSY;
	radio_upkeep(p->radio);
	assert_int_equal(pool_frames(p, types), 0);
}

/* --- texts --- */

static void
pool_receive(struct pool *p, const struct ml_sms_in *in)
{
	receive_sms(p->modem, in);
	assert_int_equal(turn_commit(p->world.core.turn), 0);
}

static int64_t
items(struct pool *p)
{
	return world_count(&p->world, "SELECT count(*) FROM case_item");
}

/* 255 parts of what is longest in UTF-8 and in JSON: kept, as several items,
 * and in the way of nobody. */
static void
test_longest_text_is_kept(void **state)
{
	static const char *const units[] = {"\303\251", "\001", "\""};
	struct pool *p = *state;
	struct ml_sms_in in = {.number = "+84900000005",
	    .smsc_time = clock_now(),
	    .udh_present = 1,
	    .ref_bits = 8,
	    .total = 255};
	size_t i, n;

	for (i = 0; i < TC_NELEM(units); i++) {
		in.ref = (uint32_t)i;
		in.text[0] = '\0';
		for (n = 0; n < 153; n++)
			memcpy(in.text + n * strlen(units[i]), units[i],
			    strlen(units[i]) + 1);
		for (n = 1; n <= 255; n++) {
			in.seq = (uint8_t)n;
			pool_receive(p, &in);
		}
		assert_int_equal(
		    world_count(&p->world, "SELECT count(*) FROM inbound_part"),
		    0);
		assert_int_equal(
		    world_count(&p->world, "SELECT sum(items) FROM \"case\""),
		    items(p));
	}
	/* 78,030 and 39,015 bytes of text, 10,752 an item */
	assert_int_equal(items(p), 8 + 4 + 4);
}

/* Without the SMSC's stamp two equal texts are one only within the hour. */
static void
test_text_without_a_stamp_is_not_seen_for_ever(void **state)
{
	struct pool *p = *state;
	struct ml_sms_in in = {.number = "+84900000006", .text = "SOS"};

	pool_receive(p, &in);
	pool_receive(p, &in);
	assert_int_equal(items(p), 1);
	world_advance(&p->world, 7200);
	pool_receive(p, &in);
	assert_int_equal(items(p), 2);
}

/* The clock ran ahead when the part came, and was set right. */
static void
test_part_from_the_future_is_handed_over(void **state)
{
	struct pool *p = *state;
	struct ml_sms_in in = {.number = "+84900000007",
	    .text = "cuu toi",
	    .smsc_time = clock_now(),
	    .udh_present = 1,
	    .ref_bits = 8,
	    .total = 2,
	    .seq = 1};

	world_advance(&p->world, 86400);
	pool_receive(p, &in);
	world_advance(&p->world, -86400);
	radio_upkeep(p->radio);
	assert_int_equal(turn_commit(p->world.core.turn), 0);
	assert_int_equal(items(p), 1);
}

/* A campaign to everybody reached the box itself: it does not answer. */
static void
test_own_sim_gets_no_reply(void **state)
{
	struct pool *p = *state;
	struct ml_sms_in in = {
	    .number = "0900000901", .text = "HD", .smsc_time = clock_now()};

	memcpy(p->modem_conf.number, "+84900000901", sizeof("+84900000901"));
	pool_receive(p, &in);
	assert_int_equal(items(p), 1);
	assert_int_equal(
	    world_count(&p->world, "SELECT count(*) FROM message"), 0);
	in.number[9] = '2';
	pool_receive(p, &in);
	assert_int_equal(
	    world_count(&p->world, "SELECT count(*) FROM message"), 1);
}

/* --- a modem that is gone for good --- */

static int
op_drop_orphans(void *arg)
{
	struct pool *p = arg;

	return outbox_drop_orphans(&p->world.core);
}

static void
test_what_waits_for_a_removed_modem_is_suppressed(void **state)
{
	struct pool *p = *state;
	struct world *w = &p->world;
	int64_t contact = steps_contact(w, "+84900000001");
	int64_t other = steps_contact(w, "+84900000002"), kept, gone;

	kept = steps_reply(w, contact, LANE_REPLY);
	gone = steps_reply(w, other, LANE_REPLY);
	assert_int_equal(
	    world_sql(w, "UPDATE part SET modem = 'm0' WHERE message_id ="
			 " (SELECT max(message_id) FROM part)"),
	    0);
	if (gone < kept) {
		contact = gone;
		gone = kept;
		kept = contact;
	}
	world_expect(w, 1, op_drop_orphans, p);
	steps_expect_reason(w, gone, "suppressed", "no_modem");
	steps_expect_message(w, kept, "queued");
	world_expect(w, 0, op_drop_orphans, p);
}

#define POOL_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    POOL_TEST(test_no_part_for_a_child_that_was_told_to_stop),
	    POOL_TEST(test_lost_part_is_settled_although_the_commit_failed),
	    POOL_TEST(test_asked_again_until_somebody_may_be_written_to),
	    POOL_TEST(test_idle_child_is_asked_whether_it_lives),
	    POOL_TEST(test_longest_text_is_kept),
	    POOL_TEST(test_own_sim_gets_no_reply),
	    POOL_TEST(test_text_without_a_stamp_is_not_seen_for_ever),
	    POOL_TEST(test_part_from_the_future_is_handed_over),
	    POOL_TEST(test_what_waits_for_a_removed_modem_is_suppressed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

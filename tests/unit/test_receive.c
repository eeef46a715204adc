/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What comes in from a modem: once and only once, long texts put together in
 * whatever order, nothing deleted from the SIM before it is committed
 * (promise 1). The modem is a struct and the child the other end of a pair of
 * buffers. */
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
#include "radio/radio_private.h"
#include "turn.h"
#include "world.h"

#define HER "+84900000001"
#define GOT_MAX 64

struct air {
	struct world world;
	struct radio radio;
	struct conf_modem conf;
	struct modem modem;
	struct bufferevent *child;
	/* what was handed over */
	char *texts[GOT_MAX], *numbers[GOT_MAX];
	bool incomplete[GOT_MAX];
	size_t ntexts;
	int calls, reports;
	int rc; /* what the callbacks answer */
	int deletes, acks;
};

static int
on_inbound(const struct inbound *in, void *ctx)
{
	struct air *a = ctx;

	if (a->rc != 0)
		return a->rc;
	assert_true(a->ntexts < GOT_MAX);
	assert_string_equal(in->modem, "m1");
	assert_int_equal(strlen(in->text), in->len);
	a->incomplete[a->ntexts] = in->incomplete;
	a->numbers[a->ntexts] = xstrdup(in->number);
	a->texts[a->ntexts++] = xstrdup(in->text);
	return 0;
}

static int
on_call(const char *modem, const char *number, int64_t at, void *ctx)
{
	struct air *a = ctx;

	(void)modem;
	(void)number;
	(void)at;
	a->calls += a->rc == 0;
	return a->rc;
}

static int
on_report(const struct radio_report *r, void *ctx)
{
	struct air *a = ctx;

	assert_string_equal(r->number, HER);
	a->reports += a->rc == 0;
	return a->rc;
}

static int
setup(void **state)
{
	struct air *a = xcalloc(1, sizeof(*a));
	struct bufferevent *pair[2];

	world_open(&a->world);
	a->radio.core = &a->world.core;
	a->radio.ops = (struct radio_ops){.on_inbound = on_inbound,
	    .on_call = on_call,
	    .on_report = on_report,
	    .ctx = a};
	a->radio.base = event_base_new();
	assert_int_equal(bufferevent_pair_new(a->radio.base, 0, pair), 0);
	assert_int_equal(bufferevent_enable(pair[1], EV_READ), 0);
	a->conf.name = xstrdup("m1");
	a->modem.radio = &a->radio;
	a->modem.conf = &a->conf;
	a->modem.bev = pair[0];
	a->child = pair[1];
	a->radio.modems = &a->modem;
	a->radio.nmodems = 1;
	*state = a;
	return 0;
}

static void
air_forget(struct air *a)
{
	size_t i;

	for (i = 0; i < a->ntexts; i++) {
		free(a->texts[i]);
		free(a->numbers[i]);
	}
	a->ntexts = 0;
}

static int
teardown(void **state)
{
	struct air *a = *state;

	air_forget(a);
	bufferevent_free(a->modem.bev);
	bufferevent_free(a->child);
	event_base_free(a->radio.base);
	free(a->conf.name);
	world_close(&a->world);
	free(a);
	return 0;
}

/* What the child was told since the last look. */
static void
air_listen(struct air *a)
{
	struct evbuffer *in = bufferevent_get_input(a->child);
	union ml_body body;
	struct frame f;
	size_t total;

	a->deletes = a->acks = 0;
	while (frame_peek(evbuffer_pullup(in, -1), evbuffer_get_length(in), &f,
		   &total) == 1) {
		assert_int_equal(
		    modemlink_get(&f, ML_DAEMON, ML_PHASE_READY, &body), 0);
		a->deletes += f.type == ML_DELETE_SMS;
		a->acks += f.type == ML_ACK;
		evbuffer_drain(in, total);
	}
}

static void
air_commit(struct air *a)
{
	air_listen(a);
	assert_int_equal(a->deletes + a->acks, 0); /* not before it is kept */
	assert_int_equal(turn_commit(a->world.core.turn), 0);
	air_listen(a);
}

static struct ml_sms_in
sms(const char *number, const char *text)
{
	struct ml_sms_in in = {.kind = ML_SMS_TEXT,
	    .smsc_time = clock_now(),
	    .place = {.imsi = "452000000000001", .slot = 1}};

	assert_int_equal(
	    str_printf(in.number, sizeof(in.number), "%s", number), 0);
	assert_int_equal(str_printf(in.text, sizeof(in.text), "%s", text), 0);
	return in;
}

static struct ml_sms_in
part(const char *number, const char *text, unsigned seq, unsigned total)
{
	struct ml_sms_in in = sms(number, text);

	in.udh_present = 1;
	in.ref = 7;
	in.ref_bits = 8;
	in.seq = (uint8_t)seq;
	in.total = (uint8_t)total;
	return in;
}

/* Offer it, commit; returns how many deletes were sent. */
static int
offer(struct air *a, const struct ml_sms_in *in)
{
	receive_sms(&a->modem, in);
	air_commit(a);
	return a->deletes;
}

static int64_t
rows(struct air *a, const char *table)
{
	char *sql = xasprintf("SELECT count(*) FROM %s", table);
	int64_t n = world_count(&a->world, sql);

	free(sql);
	return n;
}

/* --- one text --- */

static void
test_seen_before_is_deleted_and_not_handed_over(void **state)
{
	struct air *a = *state;
	struct ml_sms_in in = sms("0900000001", "giup toi");

	assert_int_equal(offer(a, &in), 1);
	assert_int_equal(offer(a, &in), 1);
	world_restart(&a->world);
	assert_int_equal(offer(a, &in), 1);
	/* the same text by another writing of the same number */
	assert_int_equal(
	    str_printf(in.number, sizeof(in.number), "%s", HER), 0);
	in.place.slot = 9;
	assert_int_equal(offer(a, &in), 1);
	assert_int_equal(a->ntexts, 1);
	assert_string_equal(a->texts[0], "giup toi");
	assert_int_equal(a->modem.received, 1);
}

/* What makes it another text. */
static void
test_not_the_same_text(void **state)
{
	struct air *a = *state;
	struct ml_sms_in in = sms(HER, "giup toi");

	assert_int_equal(offer(a, &in), 1);
	in.smsc_time++;
	assert_int_equal(offer(a, &in), 1);
	in.text[0] = 'G';
	assert_int_equal(offer(a, &in), 1);
	in = sms("0900000002", "giup toi");
	assert_int_equal(offer(a, &in), 1);
	assert_int_equal(a->ntexts, 4);
}

static void
test_failure_leaves_nothing(void **state)
{
	static const int errors[] = {TC_EIO, TC_ENOTREADY, TC_EINVAL};
	struct air *a = *state;
	struct ml_sms_in in = sms(HER, "giup toi");
	size_t i;

	for (i = 0; i < TC_NELEM(errors); i++) {
		a->rc = errors[i];
		assert_int_equal(offer(a, &in), 0); /* it stays on the SIM */
		assert_int_equal(rows(a, "seen"), 0);
	}
	a->rc = 0;
	assert_int_equal(offer(a, &in), 1);
	assert_int_equal(a->ntexts, 1);
}

/* --- several parts --- */

static const int orders[][3] = {
    {1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};

static void
test_three_parts_in_any_order(void **state)
{
	struct air *a = *state;
	struct ml_sms_in in;
	char text[] = "[?]";
	size_t i, j;

	for (i = 0; i < TC_NELEM(orders); i++) {
		for (j = 0; j < 3; j++) {
			text[1] = (char)('0' + orders[i][j]);
			in = part(HER, text, orders[i][j], 3);
			in.ref = i;
			assert_int_equal(a->ntexts, i);
			assert_int_equal(offer(a, &in), 1);
		}
		assert_int_equal(a->ntexts, i + 1);
		assert_string_equal(a->texts[i], "[1][2][3]");
		assert_false(a->incomplete[i]);
		assert_int_equal(rows(a, "inbound_part"), 0);
	}
}

#define SHUFFLES 12
#define PARTS 10

static void
shuffle(struct air *a, unsigned ref, uint64_t *seed)
{
	struct ml_sms_in parts[PARTS], swap;
	char text[8];
	unsigned i, j;

	for (i = 0; i < PARTS; i++) {
		assert_int_equal(str_printf(text, sizeof(text), "<%u>", i), 0);
		parts[i] = part(HER, text, i + 1, PARTS);
		parts[i].ref = ref;
	}
	for (i = PARTS - 1; i > 0; i--) {
		j = world_draw(seed, i + 1);
		swap = parts[i];
		parts[i] = parts[j];
		parts[j] = swap;
	}
	for (i = 0; i < PARTS; i++) {
		assert_int_equal(offer(a, &parts[i]), 1);
		if (world_draw(seed, 3) == 0) /* offered again */
			assert_int_equal(
			    offer(a, &parts[world_draw(seed, i + 1)]), 1);
		if (i < PARTS - 1 && world_draw(seed, 3) == 0) {
			/* sent again by the network, with a new stamp */
			swap = parts[world_draw(seed, i + 1)];
			swap.smsc_time++;
			assert_int_equal(offer(a, &swap), 1);
		}
		if (world_draw(seed, 8) == 0)
			world_restart(&a->world);
	}
}

static void
test_ten_parts_shuffled(void **state)
{
	struct air *a = *state;
	uint64_t seed = world_seed();
	unsigned i;

	for (i = 0; i < SHUFFLES; i++) {
		shuffle(a, i, &seed);
		assert_int_equal(a->ntexts, i + 1);
		assert_string_equal(
		    a->texts[i], "<0><1><2><3><4><5><6><7><8><9>");
	}
	assert_int_equal(rows(a, "inbound_part"), 0);
}

/* What tells two long texts with one reference apart. */
static void
test_one_reference_two_texts(void **state)
{
	struct air *a = *state;
	struct ml_sms_in in[2][4] = {
	    {part(HER, "a1", 1, 2), part("0900000002", "b1", 1, 2)},
	    {part(HER, "a2", 2, 2), part("0900000002", "b2", 2, 2)},
	};
	size_t i;

	in[0][2] = part(HER, "c1", 1, 2); /* on another SIM */
	in[1][2] = part(HER, "c2", 2, 2);
	in[0][2].place.imsi[0] = in[1][2].place.imsi[0] = '9';
	in[0][3] = part(HER, "d1", 1, 2); /* a reference of 16 bits */
	in[1][3] = part(HER, "d2", 2, 2);
	in[0][3].ref_bits = in[1][3].ref_bits = 16;
	for (i = 0; i < 8; i++)
		assert_int_equal(offer(a, &in[i / 4][i % 4]), 1);
	assert_int_equal(a->ntexts, 4);
	assert_string_equal(a->texts[0], "a1a2");
	assert_string_equal(a->numbers[0], HER);
	assert_string_equal(a->texts[1], "b1b2");
	assert_string_equal(a->texts[2], "c1c2");
	assert_string_equal(a->texts[3], "d1d2");
}

/* Her phone went once round the references and the rest of the first text
 * never came: what is there of it is handed over, nothing is mixed or lost. */
static void
test_reference_used_again(void **state)
{
	struct air *a = *state;
	struct ml_sms_in old = part(HER, "old1", 1, 2);
	struct ml_sms_in one = part(HER, "new1", 1, 2);
	struct ml_sms_in two = part(HER, "new2", 2, 2);

	assert_int_equal(offer(a, &old), 1);
	assert_int_equal(offer(a, &one), 1);
	assert_int_equal(offer(a, &two), 1);
	assert_int_equal(a->ntexts, 2);
	assert_string_equal(a->texts[0], "old1");
	assert_true(a->incomplete[0]);
	assert_string_equal(a->numbers[0], HER);
	assert_string_equal(a->texts[1], "new1new2");
	assert_false(a->incomplete[1]);
}

/* The rest never comes: after a while a person gets what is there. */
static void
test_rest_never_comes(void **state)
{
	struct air *a = *state;
	struct ml_sms_in one = part("0900000001", "mot ", 1, 3);
	struct ml_sms_in three = part("0900000001", "ba", 3, 3);

	assert_int_equal(offer(a, &one), 1);
	assert_int_equal(offer(a, &three), 1);
	radio_sweep(&a->radio);
	assert_int_equal(turn_commit(a->world.core.turn), 0);
	assert_int_equal(a->ntexts, 0);
	world_advance(&a->world, RADIO_PART_WAIT_S + 5);
	a->rc = TC_EIO; /* not kept: it waits on */
	radio_sweep(&a->radio);
	assert_int_equal(turn_commit(a->world.core.turn), 0);
	assert_int_equal(rows(a, "inbound_part"), 2);
	a->rc = 0;
	radio_sweep(&a->radio);
	assert_int_equal(turn_commit(a->world.core.turn), 0);
	assert_int_equal(a->ntexts, 1);
	assert_string_equal(a->texts[0], "mot ba");
	assert_true(a->incomplete[0]);
	assert_string_equal(a->numbers[0], "0900000001");
	assert_int_equal(rows(a, "inbound_part"), 0);
}

/* Headers that make no sense: each text is kept for itself. */
static const struct {
	uint8_t present, seq, total;
} headers[] = {{1, 0, 0}, {1, 1, 0}, {1, 0, 3}, {1, 4, 3}, {1, 255, 3},
    {1, 1, 1}, {1, 0, 1}, {0, 1, 3}, {0, 0, 0}};

static void
test_nonsense_headers(void **state)
{
	struct air *a = *state;
	struct ml_sms_in in;
	size_t i;

	for (i = 0; i < TC_NELEM(headers); i++) {
		in = part(HER, "giup", headers[i].seq, headers[i].total);
		in.udh_present = headers[i].present;
		in.smsc_time += (int64_t)i;
		assert_int_equal(offer(a, &in), 1);
		assert_int_equal(a->ntexts, i + 1);
		assert_string_equal(a->texts[i], "giup");
	}
	assert_int_equal(rows(a, "inbound_part"), 0);
}

/* The last part cannot be handed over: it stays on the SIM, the others stay
 * where they are. */
static void
test_failure_at_the_last_part(void **state)
{
	struct air *a = *state;
	struct ml_sms_in one = part(HER, "1", 1, 2), two = part(HER, "2", 2, 2);

	assert_int_equal(offer(a, &one), 1);
	a->rc = TC_ENOTREADY;
	assert_int_equal(offer(a, &two), 0);
	assert_int_equal(rows(a, "inbound_part"), 1);
	assert_int_equal(rows(a, "seen"), 1);
	a->rc = 0;
	assert_int_equal(offer(a, &two), 1);
	assert_string_equal(a->texts[0], "12");
}

/* 255 parts of two-byte letters are one text. */
static void
test_the_longest_text(void **state)
{
	struct air *a = *state;
	struct ml_sms_in in;
	char text[2 * 153 + 1];
	unsigned i;

	for (i = 0; i < 153; i++)
		memcpy(text + 2 * i, "Ω", 3);
	for (i = 1; i <= 255; i++) {
		in = part(HER, text, i, 255);
		receive_sms(&a->modem, &in);
	}
	assert_int_equal(turn_commit(a->world.core.turn), 0);
	assert_int_equal(a->ntexts, 1);
	assert_false(a->incomplete[0]);
	assert_int_equal(strlen(a->texts[0]), 255 * 2 * 153);
	assert_int_equal(rows(a, "inbound_part"), 0);
}

/* The parts that wait are boxed. */
static void
test_parts_are_boxed(void **state)
{
	struct air *a = *state;
	struct ml_sms_in in = part(HER, "chong toi danh", 1, 2);
	char *path = xasprintf("%s/tincay.db", a->world.dir), *data;
	size_t len;

	assert_int_equal(offer(a, &in), 1);
	world_restart(&a->world);
	assert_int_equal(file_read(path, 64 << 20, &data, &len), 0);
	assert_null(memmem(data, len, "chong toi", 9));
	assert_null(memmem(data, len, "900000001", 9));
	free(data);
	free(path);
}

/* --- calls and reports --- */

static void
test_call_is_acknowledged_after_the_commit(void **state)
{
	struct air *a = *state;
	struct ml_call_in in = {
	    .spool_id = 5, .number = "0900000001", .at = clock_now()};

	a->rc = TC_EIO;
	receive_call(&a->modem, &in);
	air_commit(a);
	assert_int_equal(a->acks, 0);
	a->rc = 0;
	receive_call(&a->modem, &in);
	air_commit(a);
	assert_int_equal(a->acks, 1);
	receive_call(&a->modem, &in); /* its ACK was lost */
	air_commit(a);
	assert_int_equal(a->acks, 1);
	assert_int_equal(a->calls, 1);
	in.at++;
	receive_call(&a->modem, &in);
	air_commit(a);
	assert_int_equal(a->calls, 2);
}

static void
test_report_is_acknowledged_after_the_commit(void **state)
{
	struct air *a = *state;
	struct ml_report_in in = {
	    .spool_id = 6, .number = "0900000001", .tp_mr = 3};

	a->rc = TC_EIO;
	receive_report(&a->modem, &in);
	air_commit(a);
	assert_int_equal(a->acks, 0);
	a->rc = 0;
	receive_report(&a->modem, &in);
	air_commit(a);
	assert_int_equal(a->acks, 1);
	assert_int_equal(a->reports, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_seen_before_is_deleted_and_not_handed_over),
	    TEST(test_not_the_same_text),
	    TEST(test_failure_leaves_nothing),
	    TEST(test_three_parts_in_any_order),
	    TEST(test_ten_parts_shuffled),
	    TEST(test_one_reference_two_texts),
	    TEST(test_reference_used_again),
	    TEST(test_rest_never_comes),
	    TEST(test_nonsense_headers),
	    TEST(test_failure_at_the_last_part),
	    TEST(test_the_longest_text),
	    TEST(test_parts_are_boxed),
	    TEST(test_call_is_acknowledged_after_the_commit),
	    TEST(test_report_is_acknowledged_after_the_commit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

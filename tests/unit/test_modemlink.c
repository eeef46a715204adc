/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every frame type there and back with random values; then every way to spoil
 * one: cut short, too long, one byte changed, a NUL or bad UTF-8 in a string, a
 * value out of range, the wrong side, the wrong phase. Frames are read from
 * memory of exactly their size, so that the sanitizer sees a byte too far.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "log.h"
#include "modemlink.h"

#define ROUNDS 200

#define D 1
#define C 2
#define H 1
#define S 2
#define R 4

/* The picture of modemlink.h once more, by hand. */
static const struct {
	const char *name;
	unsigned sides;
	unsigned phases;
	size_t size;
} table[ML_NTYPES] = {
    [ML_HELLO] = {"HELLO", D | C, H, sizeof(struct ml_hello)},
    [ML_CONFIG] = {"CONFIG", D, H | S, sizeof(struct ml_config)},
    [ML_SEND_PART] = {"SEND_PART", D, R, sizeof(struct ml_send_part)},
    [ML_DELETE_SMS] = {"DELETE_SMS", D, R, sizeof(struct ml_delete_sms)},
    [ML_ACK] = {"ACK", D, S | R, sizeof(struct ml_ack)},
    [ML_PING] = {"PING", D, S | R, 0},
    [ML_STOP] = {"STOP", D, S | R, 0},
    [ML_READY] = {"READY", C, S, sizeof(struct ml_ready)},
    [ML_RESULT] = {"RESULT", C, S | R, sizeof(struct ml_result)},
    [ML_SMS_IN] = {"SMS_IN", C, R, sizeof(struct ml_sms_in)},
    [ML_REPORT_IN] = {"REPORT_IN", C, S | R, sizeof(struct ml_report_in)},
    [ML_CALL_IN] = {"CALL_IN", C, S | R, sizeof(struct ml_call_in)},
    [ML_DELETED] = {"DELETED", C, R, sizeof(struct ml_deleted)},
    [ML_STATUS] = {"STATUS", C, S | R, sizeof(struct ml_status)},
    [ML_PONG] = {"PONG", C, S | R, 0},
    [ML_LOG] = {"LOG", C, S | R, sizeof(struct ml_log)},
    [ML_GONE] = {"GONE", C, S | R, sizeof(struct ml_gone_body)},
    [ML_STEP] = {"STEP", C, S | R, sizeof(struct ml_step_body)},
    [ML_USSD] = {"USSD", D, R, sizeof(struct ml_ussd)},
    [ML_USSD_IN] = {"USSD_IN", C, R, sizeof(struct ml_ussd_in)},
};

static uint64_t seed;

/* splitmix64: small, and the same everywhere. */
static uint64_t
rnd(void)
{
	uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint32_t
rnd32(void)
{
	return (uint32_t)rnd();
}

static uint8_t
rnd_below(unsigned n)
{
	return (uint8_t)(rnd() % n);
}

static int64_t
rnd_tp_mr(void)
{
	return (int64_t)(rnd() % 257) - 1;
}

/* Valid UTF-8 of a random length; now and then exactly as long as fits. */
static void
rnd_str(char *dst, size_t size)
{
	static const char *const chars[] = {
	    "a", "9", "+", "\n", "đ", "ữ", "\xf0\x9f\x98\x80"};
	size_t want = rnd() % 4 == 0 ? size - 1 : rnd() % size, at = 0, n;
	const char *c;

	while (at < want) {
		c = chars[rnd() % TC_NELEM(chars)];
		n = strlen(c);
		if (at + n > want)
			c = "x", n = 1;
		memcpy(dst + at, c, n);
		at += n;
	}
	dst[at] = '\0';
}

#define STR(a) rnd_str((a), sizeof(a))

static void
rnd_place(struct ml_place *p)
{
	STR(p->imsi);
	p->folder = rnd32();
	p->slot = rnd32();
	p->hash = rnd();
}

static void
fill_from_daemon(enum ml_type type, union ml_body *b)
{
	size_t i;

	switch (type) {
	case ML_CONFIG:
		STR(b->config.name);
		STR(b->config.device);
		STR(b->config.connection);
		STR(b->config.spool);
		STR(b->config.smsc);
		b->config.full_naps = rnd_below(2);
		b->config.poll_ms = rnd32();
		b->config.poll_mute_ms = rnd32();
		b->config.silence_ms = rnd32();
		b->config.send_deadline_ms = rnd32();
		STR(b->config.pin);
		b->config.skip = rnd32();
		b->config.ussd_form = rnd_below(ML_USSD_NFORMS);
		break;
	case ML_SEND_PART:
		STR(b->send_part.number);
		b->send_part.coding = rnd_below(GSM_NCODINGS);
		b->send_part.udh_len = rnd_below(ML_UDH_MAX + 1);
		for (i = 0; i < b->send_part.udh_len; i++)
			b->send_part.udh[i] = (unsigned char)rnd();
		STR(b->send_part.text);
		b->send_part.validity_min = rnd32();
		b->send_part.report = rnd_below(2);
		break;
	case ML_DELETE_SMS:
		rnd_place(&b->delete_sms.place);
		break;
	case ML_ACK:
		b->ack.spool_id = rnd();
		break;
	case ML_USSD:
		STR(b->ussd.text);
		break;
	default:
		break;
	}
}

static void
fill_sms_in(struct ml_sms_in *m)
{
	rnd_place(&m->place);
	m->kind = rnd_below(ML_SMS_NKINDS);
	STR(m->number);
	m->smsc_time = (int64_t)rnd();
	m->age_ms = (int64_t)rnd();
	m->udh_present = rnd_below(2);
	m->ref = rnd32();
	m->ref_bits = rnd_below(256);
	m->total = rnd_below(256);
	m->seq = rnd_below(256);
	STR(m->text);
}

static void
fill_facts(enum ml_type type, union ml_body *b)
{
	switch (type) {
	case ML_RESULT:
		b->result.spool_id = rnd();
		b->result.outcome = rnd_below(ML_NOUTCOMES);
		b->result.tp_mr = rnd_tp_mr();
		b->result.code = (int64_t)rnd();
		break;
	case ML_REPORT_IN:
		b->report_in.spool_id = rnd();
		STR(b->report_in.number);
		b->report_in.tp_mr = rnd_tp_mr();
		b->report_in.tp_status = rnd_below(256);
		b->report_in.smsc_time = (int64_t)rnd();
		break;
	case ML_CALL_IN:
		b->call_in.spool_id = rnd();
		STR(b->call_in.number);
		b->call_in.at = (int64_t)rnd();
		break;
	case ML_DELETED:
		rnd_place(&b->deleted.place);
		b->deleted.rc = (int64_t)rnd();
		break;
	case ML_STEP:
		b->step.step = rnd_below(ML_NSTEPS);
		break;
	case ML_USSD_IN:
		b->ussd_in.status = rnd_below(ML_USSD_NSTATUS);
		STR(b->ussd_in.text);
		break;
	default:
		break;
	}
}

static void
fill_from_child(enum ml_type type, union ml_body *b)
{
	switch (type) {
	case ML_HELLO:
		STR(b->hello.program);
		STR(b->hello.version);
		break;
	case ML_READY:
		STR(b->ready.imei);
		STR(b->ready.imsi);
		STR(b->ready.model);
		STR(b->ready.smsc);
		b->ready.notifies = rnd_below(2);
		break;
	case ML_SMS_IN:
		fill_sms_in(&b->sms_in);
		break;
	case ML_STATUS:
		b->status.signal_percent = (int64_t)rnd();
		STR(b->status.operator_name);
		b->status.registration = rnd_below(ML_NREGS);
		b->status.used = rnd32();
		b->status.size = rnd32();
		break;
	case ML_LOG:
		b->log.level = rnd_below(LOG_NLEVELS);
		STR(b->log.line);
		break;
	case ML_GONE:
		b->gone.why = rnd_below(ML_NGONE);
		b->gone.pin_tried = rnd_below(2);
		STR(b->gone.detail);
		break;
	default:
		fill_facts(type, b);
		break;
	}
}

static void
fill(enum ml_type type, union ml_body *b)
{
	memset(b, 0, sizeof(*b));
	fill_from_daemon(type, b);
	fill_from_child(type, b);
}

static void
put(struct buf *b, enum ml_type type, const union ml_body *body)
{
	buf_init(b, 1 << 16);
	assert_int_equal(
	    modemlink_put(b, type, 42, table[type].size != 0 ? body : NULL), 0);
}

static enum ml_side
side_of(enum ml_type type)
{
	return (table[type].sides & D) != 0 ? ML_DAEMON : ML_CHILD;
}

static enum ml_phase
phase_of(enum ml_type type)
{
	if ((table[type].phases & H) != 0)
		return ML_PHASE_HELLO;
	return (table[type].phases & S) != 0 ? ML_PHASE_STARTING
					     : ML_PHASE_READY;
}

/* Read a copy of exactly len bytes: 0, or what the frame or its body is
 * refused with; 1 when more bytes are needed. */
static int
read_copy(const void *data, size_t len, enum ml_type type, union ml_body *out)
{
	void *copy = xmalloc(len);
	struct frame f;
	size_t total;
	int rc;

	memcpy(copy, data, len);
	rc = frame_peek(copy, len, &f, &total);
	if (rc == 1)
		rc = modemlink_get(&f, side_of(type), phase_of(type), out);
	else if (rc == 0)
		rc = 1;
	free(copy);
	return rc;
}

static void
test_round_trip(void **state)
{
	union ml_body in, out;
	struct buf b;
	unsigned type, i;

	(void)state;
	for (type = ML_HELLO; type < ML_NTYPES; type++) {
		for (i = 0; i < ROUNDS; i++) {
			fill((enum ml_type)type, &in);
			put(&b, (enum ml_type)type, &in);
			memset(&out, 0xa5, sizeof(out));
			assert_int_equal(
			    read_copy(b.data, b.len, (enum ml_type)type, &out),
			    0);
			assert_memory_equal(&in, &out, table[type].size);
			buf_clear(&b);
		}
	}
}

/* The stream ends early: more is awaited. The frame itself is short, its length
 * adjusted: refused. One byte over: refused. */
static void
test_truncated(void **state)
{
	union ml_body in, out;
	struct buf b;
	unsigned type;
	size_t len;

	(void)state;
	for (type = ML_HELLO; type < ML_NTYPES; type++) {
		fill((enum ml_type)type, &in);
		put(&b, (enum ml_type)type, &in);
		for (len = 0; len < b.len; len++)
			assert_int_equal(
			    read_copy(b.data, len, (enum ml_type)type, &out),
			    1);
		for (len = b.len - 1; len >= FRAME_HEADER; len--) {
			b.data[0] = (unsigned char)(len - FRAME_HEADER);
			b.data[1] = (unsigned char)((len - FRAME_HEADER) >> 8);
			assert_int_equal(
			    read_copy(b.data, len, (enum ml_type)type, &out),
			    TC_EPROTO);
		}
		buf_clear(&b);
		put(&b, (enum ml_type)type, &in);
		assert_int_equal(buf_put_char(&b, '\0'), 0);
		b.data[0] = (unsigned char)(b.len - FRAME_HEADER);
		b.data[1] = (unsigned char)((b.len - FRAME_HEADER) >> 8);
		assert_int_equal(
		    read_copy(b.data, b.len, (enum ml_type)type, &out),
		    TC_EPROTO);
		buf_clear(&b);
	}
}

static bool
is_terminated(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL;
}

/* Whatever is accepted keeps the promises that its reader relies on. */
static void
check_accepted(const struct frame *f, const union ml_body *b)
{
	if (f->type == ML_SEND_PART) {
		assert_true(b->send_part.udh_len <= ML_UDH_MAX);
		assert_true(b->send_part.coding < GSM_NCODINGS);
		assert_true(is_terminated(
		    b->send_part.text, sizeof(b->send_part.text)));
	} else if (f->type == ML_SMS_IN) {
		assert_true(b->sms_in.kind < ML_SMS_NKINDS);
		assert_true(
		    is_terminated(b->sms_in.text, sizeof(b->sms_in.text)));
		assert_true(
		    utf8_is_valid(b->sms_in.text, strlen(b->sms_in.text)));
	}
}

/* Every byte of the frame, each with several other values. */
static void
test_corrupted(void **state)
{
	static const unsigned char flips[] = {0x01, 0x80, 0xff};
	union ml_body in, out;
	struct frame f;
	struct buf b;
	unsigned type;
	size_t i, k, total;
	unsigned char *copy;

	(void)state;
	for (type = ML_HELLO; type < ML_NTYPES; type++) {
		fill((enum ml_type)type, &in);
		put(&b, (enum ml_type)type, &in);
		copy = xmalloc(b.len);
		for (i = 0; i < b.len; i++) {
			for (k = 0; k < TC_NELEM(flips); k++) {
				memcpy(copy, b.data, b.len);
				copy[i] ^= flips[k];
				if (frame_peek(copy, b.len, &f, &total) != 1)
					continue;
				if (modemlink_get(&f,
					side_of((enum ml_type)type),
					phase_of((enum ml_type)type),
					&out) == 0)
					check_accepted(&f, &out);
			}
		}
		free(copy);
		buf_clear(&b);
	}
}

/* A length field in a body, with every value that one byte can take. */
static void
test_lengths(void **state)
{
	struct ml_hello hello = {"tincayd", "1"};
	union ml_body out;
	struct buf b;
	unsigned v, at;

	(void)state;
	buf_init(&b, 1000);
	assert_int_equal(modemlink_put(&b, ML_HELLO, 0, &hello), 0);
	for (at = 0; at < 4; at++) {
		for (v = 0; v < 256; v++) {
			unsigned char old = b.data[FRAME_HEADER + at];

			b.data[FRAME_HEADER + at] = (unsigned char)v;
			assert_int_equal(
			    read_copy(b.data, b.len, ML_HELLO, &out),
			    v == old ? 0 : TC_EPROTO);
			b.data[FRAME_HEADER + at] = old;
		}
	}
	buf_clear(&b);
}

/* Bodies written by hand, as a child that is not ours might. */
static void
test_bad_strings(void **state)
{
	static const struct {
		const char *s;
		size_t len;
		int rc;
	} cases[] = {
	    {"ok", 2, 0},
	    {"", 0, 0},
	    {"a\0b", 3, TC_EPROTO},
	    {"\0", 1, TC_EPROTO},
	    {"a\xff", 2, TC_EPROTO},
	    {"a\xc3", 2, TC_EPROTO},
	};
	char big[ML_NAME_MAX];
	union ml_body out;
	struct buf b;
	size_t i;

	(void)state;
	memset(big, 'x', sizeof(big));
	for (i = 0; i < TC_NELEM(cases) + 2; i++) {
		buf_init(&b, 1000);
		frame_begin(&b, ML_HELLO, 0);
		frame_put_str(&b, "x");
		if (i < TC_NELEM(cases))
			frame_put_bytes(&b, cases[i].s, cases[i].len);
		else
			frame_put_bytes(
			    &b, big, ML_NAME_MAX - 1 + (i - TC_NELEM(cases)));
		assert_int_equal(frame_end(&b), 0);
		assert_int_equal(read_copy(b.data, b.len, ML_HELLO, &out),
		    i < TC_NELEM(cases)    ? cases[i].rc
		    : i == TC_NELEM(cases) ? 0
					   : TC_EPROTO);
		buf_clear(&b);
	}
}

/* A header for the air of any length, from none to more than the struct. */
static void
test_long_udh(void **state)
{
	static const size_t lengths[] = {
	    0, 6, ML_UDH_MAX, ML_UDH_MAX + 1, 5000, FRAME_BODY_MAX - 100};
	char *udh = xcalloc(1, FRAME_BODY_MAX);
	union ml_body out;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(lengths); i++) {
		buf_init(&b, 1 << 16);
		frame_begin(&b, ML_SEND_PART, 1);
		frame_put_str(&b, "+84900000001");
		frame_put_u8(&b, GSM_CODING_7BIT);
		frame_put_bytes(&b, udh, lengths[i]);
		frame_put_str(&b, "text");
		frame_put_u32(&b, 0);
		frame_put_u8(&b, 0);
		assert_int_equal(frame_end(&b), 0);
		assert_int_equal(read_copy(b.data, b.len, ML_SEND_PART, &out),
		    lengths[i] <= ML_UDH_MAX ? 0 : TC_EPROTO);
		buf_clear(&b);
	}
	free(udh);
}

/* What may not be read may not be written either, and adds nothing. */
static void
test_refused_writes(void **state)
{
	union ml_body in;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	fill(ML_SEND_PART, &in);
	in.send_part.coding = GSM_NCODINGS;
	assert_int_equal(modemlink_put(&b, ML_SEND_PART, 1, &in), TC_EINVAL);
	fill(ML_SEND_PART, &in);
	in.send_part.udh_len = ML_UDH_MAX + 1;
	assert_int_equal(modemlink_put(&b, ML_SEND_PART, 1, &in), TC_EINVAL);
	fill(ML_SEND_PART, &in);
	in.send_part.report = 2;
	assert_int_equal(modemlink_put(&b, ML_SEND_PART, 1, &in), TC_EINVAL);
	fill(ML_SEND_PART, &in);
	memset(in.send_part.number, '1', sizeof(in.send_part.number));
	assert_int_equal(modemlink_put(&b, ML_SEND_PART, 1, &in), TC_EINVAL);
	fill(ML_READY, &in);
	memcpy(in.ready.model, "\xff", 2);
	assert_int_equal(modemlink_put(&b, ML_READY, 1, &in), TC_EINVAL);
	fill(ML_RESULT, &in);
	in.result.tp_mr = 256;
	assert_int_equal(modemlink_put(&b, ML_RESULT, 1, &in), TC_EINVAL);
	in.result.tp_mr = -2;
	assert_int_equal(modemlink_put(&b, ML_RESULT, 1, &in), TC_EINVAL);
	assert_int_equal(b.len, 0);
	assert_int_equal(buf_error(&b), 0);
	fill(ML_RESULT, &in);
	assert_int_equal(modemlink_put(&b, ML_RESULT, 1, &in), 0);
	buf_clear(&b);
	buf_init(&b, FRAME_HEADER - 1);
	assert_int_equal(modemlink_put(&b, ML_PING, 1, NULL), TC_EFULL);
	assert_int_equal(b.len, 0);
	buf_clear(&b);
}

/* Every value of a byte that stands for an enum or a flag. */
static void
test_ranges(void **state)
{
	static const struct {
		enum ml_type type;
		size_t at; /* in the body */
		unsigned n;
	} cases[] = {
	    {ML_RESULT, 8, ML_NOUTCOMES},
	    {ML_LOG, 0, LOG_NLEVELS},
	    {ML_GONE, 0, ML_NGONE},
	    {ML_SEND_PART, 4, GSM_NCODINGS},
	    {ML_READY, 16, 2},
	    {ML_SMS_IN, 20, ML_SMS_NKINDS},
	};
	union ml_body in, out;
	struct buf b;
	unsigned v;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		memset(&in, 0, sizeof(in)); /* empty strings: fixed places */
		put(&b, cases[i].type, &in);
		for (v = 0; v < 256; v++) {
			b.data[FRAME_HEADER + cases[i].at] = (unsigned char)v;
			assert_int_equal(
			    read_copy(b.data, b.len, cases[i].type, &out),
			    v < cases[i].n ? 0 : TC_EPROTO);
		}
		buf_clear(&b);
	}
}

static void
test_sides_and_phases(void **state)
{
	union ml_body in, out;
	struct frame f;
	struct buf b;
	unsigned type, side, phase;
	size_t total;
	bool legal;

	(void)state;
	for (type = ML_HELLO; type < ML_NTYPES; type++) {
		memset(&in, 0, sizeof(in));
		put(&b, (enum ml_type)type, &in);
		assert_int_equal(frame_peek(b.data, b.len, &f, &total), 1);
		for (side = 0; side < 2; side++) {
			for (phase = 0; phase < ML_NPHASES; phase++) {
				legal = (table[type].sides >> side & 1) != 0 &&
					(table[type].phases >> phase & 1) != 0;
				assert_int_equal(
				    modemlink_get(&f, (enum ml_side)side,
					(enum ml_phase)phase, &out),
				    legal ? 0 : TC_EPROTO);
			}
		}
		buf_clear(&b);
	}
	f.body = (const unsigned char *)"";
	f.len = 0;
	f.type = 0;
	assert_int_equal(
	    modemlink_get(&f, ML_CHILD, ML_PHASE_READY, &out), TC_EPROTO);
	f.type = ML_NTYPES;
	assert_int_equal(
	    modemlink_get(&f, ML_CHILD, ML_PHASE_READY, &out), TC_EPROTO);
	f.type = 0xffff;
	assert_int_equal(
	    modemlink_get(&f, ML_CHILD, ML_PHASE_READY, &out), TC_EPROTO);
}

static void
test_names(void **state)
{
	unsigned i;

	(void)state;
	for (i = ML_HELLO; i < ML_NTYPES; i++)
		assert_string_equal(modemlink_type_name(i), table[i].name);
	assert_string_equal(modemlink_type_name(0), "?");
	assert_string_equal(modemlink_type_name(ML_NTYPES), "?");
	for (i = 0; i < ML_NGONE; i++)
		assert_string_not_equal(modemlink_gone_name(i), "?");
	assert_string_equal(modemlink_gone_name(ML_NGONE), "?");
	for (i = 0; i < ML_NOUTCOMES; i++)
		assert_string_not_equal(modemlink_outcome_name(i), "?");
	assert_string_equal(modemlink_outcome_name(ML_NOUTCOMES), "?");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_truncated),
	    cmocka_unit_test(test_corrupted),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_bad_strings),
	    cmocka_unit_test(test_long_udh),
	    cmocka_unit_test(test_refused_writes),
	    cmocka_unit_test(test_ranges),
	    cmocka_unit_test(test_sides_and_phases),
	    cmocka_unit_test(test_names),
	};
	const char *given = getenv("TEST_SEED");

	seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	(void)printf("# TEST_SEED=%llu\n", (unsigned long long)seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

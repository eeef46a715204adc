/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames as bytes, their limits, and readers that are given too little. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frame.h"

static void
put_all(struct buf *b)
{
	frame_begin(b, 0x0201, UINT64_C(0x1122334455667788));
	frame_put_u8(b, 0xfe);
	frame_put_u32(b, 0xdeadbeef);
	frame_put_u64(b, UINT64_C(0x0102030405060708));
	frame_put_i64(b, -2);
	frame_put_bytes(b, "\0\1", 2);
	frame_put_str(b, "tôi");
	frame_put_str(b, NULL);
	assert_int_equal(frame_end(b), 0);
}

/* The header and the fields are what the manual says, byte for byte. */
static void
test_layout(void **state)
{
	static const unsigned char expected[] = {
	    39, 0, 0, 0, 0x01, 0x02, 1, 0,                  /* */
	    0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, /* id */
	    0xfe,                                           /* u8 */
	    0xef, 0xbe, 0xad, 0xde,                         /* u32 */
	    8, 7, 6, 5, 4, 3, 2, 1,                         /* u64 */
	    0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* i64 */
	    2, 0, 0, 0, 0, 1,                               /* bytes */
	    4, 0, 0, 0, 't', 0xc3, 0xb4, 'i',               /* str */
	    0, 0, 0, 0                                      /* NULL */
	};
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	put_all(&b);
	assert_int_equal(b.len, sizeof(expected));
	assert_memory_equal(b.data, expected, sizeof(expected));
	buf_clear(&b);
}

static void
test_read(void **state)
{
	struct frame_reader r;
	struct frame f;
	struct buf b;
	const char *p;
	char s[8];
	size_t total, len;

	(void)state;
	buf_init(&b, 1000);
	put_all(&b);
	frame_begin(&b, 7, 0);
	assert_int_equal(frame_end(&b), 0);
	assert_int_equal(frame_peek(b.data, b.len, &f, &total), 1);
	assert_int_equal(f.type, 0x0201);
	assert_true(f.id == UINT64_C(0x1122334455667788));
	frame_read(&r, &f);
	assert_int_equal(frame_get_u8(&r), 0xfe);
	assert_int_equal(frame_get_u32(&r), 0xdeadbeef);
	assert_true(frame_get_u64(&r) == UINT64_C(0x0102030405060708));
	assert_true(frame_get_i64(&r) == -2);
	p = frame_get_bytes(&r, &len);
	assert_int_equal(len, 2);
	assert_memory_equal(p, "\0\1", 2);
	frame_get_str(&r, s, sizeof(s));
	assert_string_equal(s, "tôi");
	assert_int_equal(frame_done(&r), TC_EPROTO); /* bytes left over */
	frame_get_str(&r, s, sizeof(s));
	assert_string_equal(s, "");
	assert_int_equal(frame_done(&r), 0);
	buf_drain(&b, total);
	assert_int_equal(frame_peek(b.data, b.len, &f, &total), 1);
	assert_int_equal(f.type, 7);
	assert_int_equal(f.len, 0);
	buf_drain(&b, total);
	assert_int_equal(frame_peek(b.data, b.len, &f, &total), 0);
	buf_clear(&b);
}

/* A get past the end gives nothing, for ever. */
static void
test_past_end(void **state)
{
	static const unsigned char body[] = {5, 0, 0, 0, 'a'};
	struct frame f = {.body = body, .len = sizeof(body)};
	struct frame_reader r;
	char s[8];
	size_t len;

	(void)state;
	frame_read(&r, &f);
	assert_true(frame_get_u64(&r) == 0);
	assert_int_equal(frame_done(&r), TC_EPROTO);
	assert_int_equal(frame_get_u8(&r), 0); /* although a byte is there */
	frame_read(&r, &f);
	(void)frame_get_bytes(&r, &len);
	assert_int_equal(len, 0);
	assert_int_equal(frame_done(&r), TC_EPROTO);
	frame_read(&r, &f);
	frame_get_str(&r, s, sizeof(s));
	assert_string_equal(s, "");
	assert_int_equal(frame_done(&r), TC_EPROTO);
	f.len = 0;
	frame_read(&r, &f);
	assert_int_equal(frame_done(&r), 0);
	assert_int_equal(frame_get_u8(&r), 0);
	assert_int_equal(frame_done(&r), TC_EPROTO);
}

static void
test_strings(void **state)
{
	static const struct {
		const char *s;
		size_t len;
		int rc;
	} cases[] = {
	    {"abc", 3, 0},
	    {"abcd", 4, TC_EPROTO}, /* no room for the NUL */
	    {"", 0, 0},
	    {"a\0c", 3, TC_EPROTO},
	    {"ab\xff", 3, TC_EPROTO},
	    {"a\xe1\xbb", 3, TC_EPROTO},
	    {"\xe1\xbb\xad", 3, 0},
	};
	struct frame_reader r;
	struct frame f;
	struct buf b;
	char s[4];
	size_t i, total;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		buf_init(&b, 100);
		frame_begin(&b, 1, 1);
		frame_put_bytes(&b, cases[i].s, cases[i].len);
		assert_int_equal(frame_end(&b), 0);
		assert_int_equal(frame_peek(b.data, b.len, &f, &total), 1);
		frame_read(&r, &f);
		frame_get_str(&r, s, sizeof(s));
		assert_int_equal(frame_done(&r), cases[i].rc);
		assert_string_equal(s, cases[i].rc == 0 ? cases[i].s : "");
		buf_clear(&b);
	}
}

static void
test_peek(void **state)
{
	unsigned char raw[FRAME_HEADER] = {0};
	struct frame f;
	size_t total, len;

	(void)state;
	raw[6] = FRAME_VERSION;
	for (len = 0; len < FRAME_HEADER; len++)
		assert_int_equal(frame_peek(raw, len, &f, &total), 0);
	assert_int_equal(frame_peek(raw, FRAME_HEADER, &f, &total), 1);
	raw[6] = FRAME_VERSION + 1;
	assert_int_equal(frame_peek(raw, 7, &f, &total), 0);
	assert_int_equal(frame_peek(raw, 8, &f, &total), TC_EPROTO);
	raw[6] = FRAME_VERSION;
	raw[0] = FRAME_BODY_MAX & 0xff;
	raw[1] = FRAME_BODY_MAX >> 8;
	assert_int_equal(frame_peek(raw, FRAME_HEADER, &f, &total), 0);
	raw[0]++; /* one too many: known after four bytes */
	assert_int_equal(frame_peek(raw, 3, &f, &total), 0);
	assert_int_equal(frame_peek(raw, 4, &f, &total), TC_EPROTO);
	raw[3] = 0xff;
	assert_int_equal(frame_peek(raw, 4, &f, &total), TC_EPROTO);
}

static void
test_limits(void **state)
{
	char *big = xcalloc(1, FRAME_BODY_MAX + 1);
	struct buf b;
	size_t before;

	(void)state;
	buf_init(&b, (size_t)4 * FRAME_BODY_MAX);
	put_all(&b);
	before = b.len;
	frame_begin(&b, 1, 1);
	frame_put_bytes(&b, big, FRAME_BODY_MAX - 4);
	assert_int_equal(frame_end(&b), 0);
	b.len = before;
	/* Over the limit by one byte: taken back, the frame before stays. */
	frame_begin(&b, 1, 1);
	frame_put_bytes(&b, big, FRAME_BODY_MAX - 4);
	frame_put_u8(&b, 0);
	assert_int_equal(frame_end(&b), TC_EFULL);
	assert_int_equal(b.len, before);
	frame_begin(&b, 1, 1);
	frame_put_bytes(&b, big, FRAME_BODY_MAX + 1);
	assert_int_equal(frame_end(&b), TC_EFULL);
	assert_int_equal(b.len, before);
	assert_int_equal(buf_error(&b), 0);
	put_all(&b);
	assert_int_equal(b.len, 2 * before);
	buf_clear(&b);
	free(big);
}

/* A buf that is full takes the frame back, and goes on when there is room. */
static void
test_full(void **state)
{
	struct buf b;
	size_t max, one;

	(void)state;
	buf_init(&b, 1000);
	put_all(&b);
	one = b.len;
	buf_clear(&b);
	for (max = one; max < 2 * one; max++) {
		buf_init(&b, max);
		put_all(&b);
		frame_begin(&b, 1, 1);
		frame_put_bytes(&b, "0123456789012345678901", 19);
		assert_int_equal(frame_end(&b), max >= one + 39 ? 0 : TC_EFULL);
		assert_int_equal(b.len, max >= one + 39 ? one + 39 : one);
		buf_drain(&b, b.len);
		put_all(&b);
		assert_int_equal(b.len, one);
		buf_clear(&b);
	}
	/* An error from before the frame is not the frame's to forgive. */
	buf_init(&b, 4);
	assert_int_equal(buf_put_str(&b, "12345"), TC_EFULL);
	frame_begin(&b, 1, 1);
	assert_int_equal(frame_end(&b), TC_EFULL);
	assert_int_equal(buf_error(&b), TC_EFULL);
	buf_clear(&b);
}

/* Draining half a frame while another is written keeps the place. */
static void
test_drain_while_writing(void **state)
{
	struct frame f;
	struct buf b;
	size_t total;

	(void)state;
	buf_init(&b, 1000);
	put_all(&b);
	buf_drain(&b, 10);
	frame_begin(&b, 9, 3);
	frame_put_u32(&b, 1);
	buf_drain(&b, 20);
	assert_int_equal(frame_end(&b), 0);
	buf_drain(&b, b.len - FRAME_HEADER - 4);
	assert_int_equal(frame_peek(b.data, b.len, &f, &total), 1);
	assert_int_equal(f.type, 9);
	assert_int_equal(f.len, 4);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_layout),
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_past_end),
	    cmocka_unit_test(test_strings),
	    cmocka_unit_test(test_peek),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_drain_while_writing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TPDU codec of the simulator against published octets: the conformance
 * tests of 3GPP TS 31.124 clause 27.22.4.10, well-known textbook PDUs, and what
 * the clauses of 23.040 and 23.038 give when worked out by hand.
 */

#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/charset.h"
#include "sim/pdu.h"

#define NOW 1785000000

static size_t
octets(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;

	assert_int_equal(hex_decode(out, n, hex), 0);
	return n;
}

static void
assert_hex(const uint8_t *data, size_t len, const char *expected)
{
	char hex[2 * 256 + 1];

	assert_true(len <= 256);
	assert_string_equal(hex_encode(hex, data, len), expected);
}

static void
test_pack(void **state)
{
	static const struct {
		const char *text;
		unsigned fill;
		const char *hex;
	} rows[] = {
	    {"", 0, ""},
	    {"hello", 0, "e8329bfd06"},
	    {"hellohello", 0, "e8329bfd4697d9ec37"},
	    {"A", 1, "82"},
	    {"hello", 1, "d06536fb0d"},
	};
	uint8_t septets[32], out[32], back[32];
	size_t i, k, n, len;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		n = strlen(rows[i].text);
		for (k = 0; k < n; k++)
			septets[k] = (uint8_t)rows[i].text[k];
		len = charset_pack(septets, n, rows[i].fill, out);
		assert_hex(out, len, rows[i].hex);
		assert_int_equal(
		    charset_unpack(out, len, rows[i].fill, back, n), n);
		assert_memory_equal(back, septets, n);
	}
}

/* Every septet of the default alphabet, there and back; escape is no letter. */
static void
test_alphabet(void **state)
{
	uint8_t septet, out[2];
	char text[8];
	uint32_t cp;
	unsigned i;

	(void)state;
	for (i = 0; i < 128; i++) {
		septet = (uint8_t)i;
		assert_int_equal(
		    charset_gsm_decode(&septet, 1, text, sizeof(text)), 0);
		if (i == 0x1b)
			continue;
		charset_utf8_get(text, strlen(text), &cp);
		assert_int_equal(charset_gsm_encode(cp, out), 1);
		assert_int_equal(out[0], i);
	}
	assert_int_equal(charset_gsm_encode(0x20ac, out), 2);
	assert_int_equal(out[0], 0x1b);
	assert_int_equal(out[1], 0x65);
	assert_int_equal(charset_gsm_encode(0x111, out), 0); /* d stroke */
	assert_int_equal(charset_gsm_encode(0xe0, out), 1);  /* a grave */
	assert_int_equal(out[0], 0x7f);
}

static void
test_submit(void **state)
{
	static const struct {
		const char *hex;
		const char *to;
		enum pdu_coding coding;
		int msg_class;
		bool report;
		int64_t vp_min; /* -1 none */
		const char *udh;
		const char *text;
	} rows[] = {
	    {"11000b916407281553f80000aa0ae8329bfd4697d9ec37", "+46708251358",
		PDU_7BIT, -1, false, 5760, "", "hellohello"},
	    {"0100099110325476f840f00d53f45b4e0735cbf379f85c06", "+012345678",
		PDU_7BIT, 0, false, -1, "", "Short Message"},
	    {"0100099110325476f840f40c54657374204d657373616765", "+012345678",
		PDU_8BIT, 0, false, -1, "", "54657374204d657373616765"},
	    {"0100099110325476f8400818041704140420041004120421042204120423"
	     "041904220415",
		"+012345678", PDU_UCS2, -1, false, -1, "", "ЗДРАВСТВУЙТЕ"},
	    /* status report wanted, unknown numbering, extension table */
	    {"310004812143000000061bd426b52903", "1234", PDU_7BIT, -1, true, 5,
		"", "{}€"},
	    /* concatenation, one fill bit */
	    {"41000b916407281553f8000008050003cc020182", "+46708251358",
		PDU_7BIT, -1, false, -1, "050003cc0201", "A"},
	    /* concatenation with a 16-bit reference, UCS-2 with a surrogate
	     * pair */
	    {"41000b916407281553f800080b06080412340201d83dde00", "+46708251358",
		PDU_UCS2, -1, false, -1, "06080412340201", "😀"},
	    /* an empty text */
	    {"010004812143000000", "1234", PDU_7BIT, -1, false, -1, "", ""},
	};
	struct pdu_submit s;
	uint8_t tpdu[256];
	char udh[2 * PDU_UD_MAX + 1];
	size_t i, n;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		n = octets(rows[i].hex, tpdu);
		assert_int_equal(pdu_submit_decode(tpdu, n, NOW, &s), 0);
		assert_string_equal(s.to, rows[i].to);
		assert_int_equal(s.body.coding, rows[i].coding);
		assert_int_equal(s.body.msg_class, rows[i].msg_class);
		assert_int_equal(s.report, rows[i].report);
		assert_int_equal(s.has_vp ? s.vp_min : -1, rows[i].vp_min);
		hex_encode(udh, s.body.udh, s.body.udh_len);
		assert_string_equal(udh, rows[i].udh);
		assert_string_equal(s.body.text, rows[i].text);
	}
}

/* Each prefix of a good TPDU, and each with an octet too many, is refused. */
static void
test_submit_cut(void **state)
{
	static const char *const rows[] = {
	    "11000b916407281553f80000aa0ae8329bfd4697d9ec37",
	    "41000b916407281553f8000008050003cc020182",
	    "41000b916407281553f800080b06080412340201d83dde00",
	};
	struct pdu_submit s;
	uint8_t tpdu[256];
	size_t i, n, len;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		len = octets(rows[i], tpdu);
		for (n = 0; n < len; n++)
			assert_int_equal(
			    pdu_submit_decode(tpdu, n, NOW, &s), TC_EINVAL);
		tpdu[len] = 0;
		assert_int_equal(
		    pdu_submit_decode(tpdu, len + 1, NOW, &s), TC_EINVAL);
	}
}

static void
test_submit_bad(void **state)
{
	static const char *const rows[] = {
	    "00000b916407281553f80000aa0ae8329bfd4697d9ec37", /* MTI */
	    "110015916407281553f80000aa0ae8329bfd4697d9ec37", /* address */
	    "11000b91f407281553f80000aa0ae8329bfd4697d9ec37", /* digit F */
	    "41000b916407281553f80000080f0003cc020182",       /* UDHL */
	    "19000481214300009931925161958000", /* month in TP-VP */
	};
	struct pdu_submit s;
	uint8_t tpdu[256];
	size_t i, n;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		n = octets(rows[i], tpdu);
		assert_int_equal(
		    pdu_submit_decode(tpdu, n, NOW, &s), TC_EINVAL);
	}
}

/* No octets may crash it; what it takes must be sane. */
static void
test_submit_noise(void **state)
{
	struct pdu_submit s;
	uint8_t tpdu[PDU_MAX];
	uint32_t random = 1;
	size_t i, k, len;

	(void)state;
	for (i = 0; i < 20000; i++) {
		random = random * 1664525 + 1013904223;
		len = random >> 16 & 0x7f;
		for (k = 0; k < len; k++) {
			random = random * 1664525 + 1013904223;
			tpdu[k] = (uint8_t)(random >> 24);
		}
		if (len > 3) { /* let many get past the first checks */
			tpdu[0] = (tpdu[0] & 0xfc) | 1;
			tpdu[2] &= 7;
		}
		if (pdu_submit_decode(tpdu, len, NOW, &s) != 0)
			continue;
		assert_true(utf8_is_valid(s.to, strlen(s.to)));
		assert_true(utf8_is_valid(s.body.text, strlen(s.body.text)));
		assert_true(s.body.udh_len <= PDU_UD_MAX);
	}
}

/* 23.040 clause 9.2.3.12.1, both ends of each range. */
static void
test_validity(void **state)
{
	static const struct {
		uint8_t vp;
		int64_t minutes;
	} rows[] = {
	    {0, 5},
	    {143, 12 * 60},
	    {144, 12 * 60 + 30},
	    {167, 24 * 60},
	    {168, 2 * 24 * 60},
	    {196, 30 * 24 * 60},
	    {197, 5 * 7 * 24 * 60},
	    {255, 63 * 7 * 24 * 60},
	};
	struct pdu_submit s;
	uint8_t tpdu[64];
	size_t i, n;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		n = octets("11000481214300000000", tpdu);
		tpdu[8] = rows[i].vp;
		assert_int_equal(pdu_submit_decode(tpdu, n, NOW, &s), 0);
		assert_true(s.has_vp);
		assert_int_equal(s.vp_min, rows[i].minutes);
	}
	/* absolute: 1999-03-29 15:16:59 +02:00, asked an hour before */
	n = octets("19000481214300009930925161958000", tpdu);
	assert_int_equal(pdu_submit_decode(tpdu, n, 922713419 - 3600, &s), 0);
	assert_int_equal(s.vp_min, 60);
}

/* 23.038 clause 4 */
static void
test_coding_schemes(void **state)
{
	static const struct {
		uint8_t dcs;
		enum pdu_coding coding;
		int msg_class;
	} rows[] = {
	    {0x00, PDU_7BIT, -1},
	    {0x04, PDU_8BIT, -1},
	    {0x08, PDU_UCS2, -1},
	    {0x10, PDU_7BIT, 0},
	    {0x12, PDU_7BIT, 2},
	    {0x18, PDU_UCS2, 0},
	    {0x19, PDU_UCS2, 1},
	    {0x20, PDU_8BIT, -1}, /* compressed */
	    {0x48, PDU_UCS2, -1}, /* automatic deletion */
	    {0xc8, PDU_7BIT, -1}, /* message waiting */
	    {0xe8, PDU_UCS2, -1},
	    {0xf0, PDU_7BIT, 0},
	    {0xf5, PDU_8BIT, 1},
	};
	struct pdu_submit s;
	uint8_t tpdu[64];
	size_t i, n;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		n = octets("010004812143000000", tpdu);
		tpdu[7] = rows[i].dcs;
		assert_int_equal(pdu_submit_decode(tpdu, n, NOW, &s), 0);
		assert_int_equal(s.body.coding, rows[i].coding);
		assert_int_equal(s.body.msg_class, rows[i].msg_class);
	}
}

static void
test_address(void **state)
{
	static const struct {
		const char *s;
		const char *hex;
	} rows[] = {
	    {"+46708251358", "0b916407281553f8"},
	    {"+84900000001", "0b914809000000f1"},
	    {"111", "038111f1"},
	    {"*101#", "05811a10fb"},
	    {"Design@Home", "14d0c4f23c7d760390ef7619"},
	    {"VIETTEL", "0dd0d664914a2d3201"},
	};
	static const char *const bad[] = {
	    "", "Địa chỉ", "a name too long", "123456789012345678901"};
	char s[PDU_ADDRESS_MAX];
	uint8_t out[16];
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		n = pdu_address_encode(rows[i].s, out);
		assert_true(n > 0);
		assert_hex(out, (size_t)n, rows[i].hex);
		assert_int_equal(pdu_address_decode(out, (size_t)n, s), n);
		assert_string_equal(s, rows[i].s);
	}
	for (i = 0; i < TC_NELEM(bad); i++)
		assert_int_equal(pdu_address_encode(bad[i], out), TC_EINVAL);
}

static void
test_time(void **state)
{
	static const struct {
		int64_t t;
		int zone_min;
		const char *hex;
	} rows[] = {
	    {922713419, 120, "99309251619580"},   /* 1999-03-29 15:16:59 +2 */
	    {1795471200, 420, "62114250000082"},  /* 2026-11-24 05:00:00 +7 */
	    {1709164800, 0, "42209200000000"},    /* 2024-02-29 00:00:00 */
	    {1704085200, -300, "4210100000000a"}, /* 2024-01-01 00:00 -5 */
	};
	uint8_t out[7];
	int64_t t;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		pdu_time_encode(rows[i].t, rows[i].zone_min, out);
		assert_hex(out, 7, rows[i].hex);
		assert_int_equal(pdu_time_decode(out, &t), 0);
		assert_int_equal(t, rows[i].t);
	}
	octets("99319251619580", out); /* month 13 */
	assert_int_equal(pdu_time_decode(out, &t), TC_EINVAL);
	octets("9930925161a580", out); /* no digit */
	assert_int_equal(pdu_time_decode(out, &t), TC_EINVAL);
}

static void
test_deliver(void **state)
{
	struct pdu_deliver d = {.from = "+27838890001",
	    .scts = 922713419,
	    .zone_min = 120,
	    .body = {.msg_class = -1, .text = "hellohello"}};
	uint8_t out[PDU_MAX];
	size_t len;

	(void)state;
	assert_int_equal(pdu_deliver_encode(&d, out, &len), 0);
	assert_hex(out, len,
	    "040b917238880900f10000993092516195800ae8329bfd4697d9ec37");
	/* class 0, UCS-2, concatenated */
	d.body.msg_class = 0;
	d.body.coding = PDU_UCS2;
	memcpy(d.body.udh, "\x05\x00\x03\xcc\x02\x01", 6);
	d.body.udh_len = 6;
	(void)snprintf(d.body.text, sizeof(d.body.text), "ạ😀");
	assert_int_equal(pdu_deliver_encode(&d, out, &len), 0);
	assert_hex(out, len,
	    "440b917238880900f10018993092516195800c050003cc02011ea1d83dde00");
	/* 7-bit with the fill bit */
	d.body.coding = PDU_7BIT;
	d.body.msg_class = -1;
	(void)snprintf(d.body.text, sizeof(d.body.text), "A");
	assert_int_equal(pdu_deliver_encode(&d, out, &len), 0);
	assert_hex(
	    out, len, "440b917238880900f100009930925161958008050003cc020182");
}

static void
test_deliver_limits(void **state)
{
	struct pdu_deliver d = {
	    .from = "+27838890001", .body = {.msg_class = -1}};
	uint8_t out[PDU_MAX];
	size_t len;

	(void)state;
	memset(d.body.text, 'a', 160);
	assert_int_equal(pdu_deliver_encode(&d, out, &len), 0);
	d.body.text[160] = 'a';
	assert_int_equal(pdu_deliver_encode(&d, out, &len), TC_EFULL);
	d.body.text[159] = '{'; /* two septets */
	d.body.text[160] = '\0';
	assert_int_equal(pdu_deliver_encode(&d, out, &len), TC_EFULL);
	(void)snprintf(d.body.text, sizeof(d.body.text), "đ");
	assert_int_equal(pdu_deliver_encode(&d, out, &len), TC_EINVAL);
	d.body.coding = PDU_UCS2;
	assert_int_equal(pdu_deliver_encode(&d, out, &len), 0);
	memset(d.body.text, 'a', 70);
	d.body.text[70] = '\0';
	assert_int_equal(pdu_deliver_encode(&d, out, &len), 0);
	d.body.text[70] = 'a';
	d.body.text[71] = '\0';
	assert_int_equal(pdu_deliver_encode(&d, out, &len), TC_EFULL);
}

static void
test_report(void **state)
{
	struct pdu_report r = {.mr = 0x2a,
	    .to = "+46708251358",
	    .scts = 922713419,
	    .discharge = 922713425,
	    .zone_min = 120,
	    .status = 0x46};
	uint8_t out[PDU_MAX];
	size_t len;

	(void)state;
	assert_int_equal(pdu_report_encode(&r, out, &len), 0);
	assert_hex(
	    out, len, "062a0b916407281553f8993092516195809930925171508046");
}

static void
test_concat(void **state)
{
	static const struct {
		const char *hex;
		bool ok;
		unsigned bits, ref, total, seq;
	} rows[] = {
	    {"050003cc0201", true, 8, 0xcc, 2, 1},
	    {"06080412340302", true, 16, 0x1234, 3, 2},
	    /* behind a port element */
	    {"0b0504158200000003cc0202", true, 8, 0xcc, 2, 2},
	    {"050003cc0200", false, 0, 0, 0, 0}, /* part 0 */
	    {"050003cc0203", false, 0, 0, 0, 0}, /* part 3 of 2 */
	    {"050003cc02", false, 0, 0, 0, 0},   /* cut */
	    {"0500", false, 0, 0, 0, 0},
	    {"00", false, 0, 0, 0, 0},
	};
	struct pdu_concat c;
	uint8_t udh[64], out[7];
	size_t i, n;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		n = octets(rows[i].hex, udh);
		assert_int_equal(pdu_concat_get(udh, n, &c), rows[i].ok);
		if (!rows[i].ok)
			continue;
		assert_int_equal(c.ref_bits, rows[i].bits);
		assert_int_equal(c.ref, rows[i].ref);
		assert_int_equal(c.total, rows[i].total);
		assert_int_equal(c.seq, rows[i].seq);
		if (i < 2) {
			assert_int_equal(pdu_concat_put(&c, out), n);
			assert_memory_equal(out, udh, n);
		}
	}
}

/* count times unit, then tail. */
static char *
repeat(const char *unit, size_t count, const char *tail)
{
	size_t n = strlen(unit), i;
	char *s = xmalloc(n * count + strlen(tail) + 1);

	for (i = 0; i < count; i++)
		memcpy(s + i * n, unit, n);
	memcpy(s + n * count, tail, strlen(tail) + 1);
	return s;
}

static void
test_split(void **state)
{
	static const struct {
		const char *unit;
		size_t count;
		const char *tail;
		enum pdu_coding coding;
		unsigned bits;
		int n;
		size_t first; /* bytes of the first part */
	} rows[] = {
	    {"", 0, "", PDU_7BIT, 8, 1, 0},
	    {"a", 160, "", PDU_7BIT, 8, 1, 160},
	    {"a", 161, "", PDU_7BIT, 8, 2, 153},
	    {"a", 161, "", PDU_7BIT, 16, 2, 152},
	    {"a", 152, "{zzzzzzzz", PDU_7BIT, 8, 2, 152}, /* no cut escape */
	    {"a", 306, "", PDU_7BIT, 8, 2, 153},
	    {"a", 307, "", PDU_7BIT, 8, 3, 153},
	    {"ạ", 70, "", PDU_UCS2, 8, 1, 210},
	    {"ạ", 71, "", PDU_UCS2, 8, 2, 201},
	    {"ạ", 71, "", PDU_UCS2, 16, 2, 198},
	    {"ạ", 66, "😀aaaa", PDU_UCS2, 8, 2, 198}, /* no cut pair */
	    {"a", 153 * 255, "", PDU_7BIT, 8, 255, 153},
	    {"a", 153 * 255 + 1, "", PDU_7BIT, 8, TC_EFULL, 0},
	};
	struct pdu_segment seg[PDU_PARTS_MAX];
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		text = repeat(rows[i].unit, rows[i].count, rows[i].tail);
		assert_int_equal(pdu_text_coding(text), rows[i].coding);
		assert_int_equal(
		    pdu_split(text, rows[i].coding, rows[i].bits, seg),
		    rows[i].n);
		if (rows[i].n > 0)
			assert_int_equal(seg[0].len, rows[i].first);
		free(text);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pack),
	    cmocka_unit_test(test_alphabet),
	    cmocka_unit_test(test_submit),
	    cmocka_unit_test(test_submit_cut),
	    cmocka_unit_test(test_submit_bad),
	    cmocka_unit_test(test_submit_noise),
	    cmocka_unit_test(test_validity),
	    cmocka_unit_test(test_coding_schemes),
	    cmocka_unit_test(test_address),
	    cmocka_unit_test(test_time),
	    cmocka_unit_test(test_deliver),
	    cmocka_unit_test(test_deliver_limits),
	    cmocka_unit_test(test_report),
	    cmocka_unit_test(test_concat),
	    cmocka_unit_test(test_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

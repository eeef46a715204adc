/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TPDU codec of the simulated network (3GPP 23.040, 23.038). Called by
 * radio.c and by the tests; owns nothing. Everything that comes in may be
 * hostile: each read is checked against what is left, and a bad TPDU is
 * TC_EINVAL. The text side (alphabets, packing) is charset.c.
 */

#include "config.h"

#include <ctype.h>
#include <string.h>

#include "charset.h"
#include "pdu.h"

#define TOA_INTERNATIONAL 0x91
#define TOA_UNKNOWN 0x81
#define TOA_ALPHA 0xd0
#define ALPHA_MAX 11

#define MTI_MASK 0x03
#define MTI_SUBMIT 0x01
#define DELIVER_NO_MORE 0x04 /* MTI 00, TP-MMS 1 */
#define REPORT_NO_MORE 0x06  /* MTI 10, TP-MMS 1 */
#define FLAG_SRR 0x20
#define FLAG_UDHI 0x40

enum vp_format {
	VP_NONE,
	VP_ENHANCED,
	VP_RELATIVE,
	VP_ABSOLUTE
};

static const char *const coding_names[] = {
    [PDU_7BIT] = "gsm7", [PDU_8BIT] = "8bit", [PDU_UCS2] = "ucs2"};
_Static_assert(TC_NELEM(coding_names) == PDU_NCODINGS, "coding names");

/* Semi-octets of the address digits (23.040 9.1.2.3). */
static const char address_digits[] = "0123456789*#abc";

const char *
pdu_coding_name(enum pdu_coding coding)
{
	return coding < PDU_NCODINGS ? coding_names[coding] : "?";
}

/* Addresses */

static int
pdu_alpha_encode(const char *s, uint8_t *out)
{
	uint8_t septets[ALPHA_MAX + 2];
	size_t left = strlen(s), n = 0, step;
	unsigned k;
	uint32_t cp;

	while (left > 0) {
		step = charset_utf8_get(s, left, &cp);
		k = charset_gsm_encode(cp, septets + n);
		if (k == 0 || n + k > ALPHA_MAX)
			return TC_EINVAL;
		n += k;
		s += step;
		left -= step;
	}
	if (n == 0)
		return TC_EINVAL;
	out[0] = (uint8_t)((n * 7 + 3) / 4);
	out[1] = TOA_ALPHA;
	return 2 + (int)charset_pack(septets, n, 0, out + 2);
}

int
pdu_address_encode(const char *s, uint8_t *out)
{
	const char *digits = s + (*s == '+'), *d;
	size_t n = strlen(digits), i;
	uint8_t v;

	if (n == 0 || strspn(digits, address_digits) != n || isalpha(*digits))
		return pdu_alpha_encode(s, out);
	if (n > 20)
		return TC_EINVAL;
	out[0] = (uint8_t)n;
	out[1] = *s == '+' ? TOA_INTERNATIONAL : TOA_UNKNOWN;
	for (i = 0; i < n; i++) {
		d = strchr(address_digits, digits[i]);
		v = (uint8_t)(d - address_digits);
		if (i % 2 == 0)
			out[2 + i / 2] = 0xf0 | v;
		else
			out[2 + i / 2] =
			    (uint8_t)((v << 4) | (out[2 + i / 2] & 0x0f));
	}
	return 2 + (int)(n + 1) / 2;
}

int
pdu_address_decode(const uint8_t *p, size_t len, char *s)
{
	uint8_t septets[ALPHA_MAX + 1];
	size_t n, octets, i, used = 0;
	unsigned v;

	if (len < 2 || p[0] > 20)
		return TC_EINVAL;
	n = p[0];
	octets = (n + 1) / 2;
	if (len < 2 + octets)
		return TC_EINVAL;
	if ((p[1] & 0x70) == 0x50) {
		n = charset_unpack(p + 2, octets, 0, septets, n * 4 / 7);
		if (charset_gsm_decode(septets, n, s, PDU_ADDRESS_MAX) != 0)
			return TC_EINVAL;
		return (int)(2 + octets);
	}
	if ((p[1] & 0x70) == 0x10)
		s[used++] = '+';
	for (i = 0; i < n; i++) {
		v = i % 2 == 0 ? p[2 + i / 2] & 0x0f : p[2 + i / 2] >> 4;
		if (v == 0x0f)
			return TC_EINVAL;
		s[used++] = address_digits[v];
	}
	s[used] = '\0';
	return (int)(2 + octets);
}

/* Times */

/* Days since 1970-01-01 of a Gregorian date, and back. */
static int64_t
days_from_date(int64_t y, int m, int d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void
date_from_days(int64_t z, int *y, int *m, int *d)
{
	int64_t era, doe, yoe, doy, mp;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = (int)(yoe + era * 400 + (*m <= 2));
}

static uint8_t
swapped_bcd(int v)
{
	return (uint8_t)((v % 10) << 4 | v / 10 % 10);
}

void
pdu_time_encode(int64_t t, int zone_min, uint8_t out[7])
{
	int y, m, d, quarters = zone_min / 15, secs;
	int64_t local = t + (int64_t)quarters * 900, days;

	days = local / 86400 - (local % 86400 < 0);
	secs = (int)(local - days * 86400);
	date_from_days(days, &y, &m, &d);
	out[0] = swapped_bcd(y % 100);
	out[1] = swapped_bcd(m);
	out[2] = swapped_bcd(d);
	out[3] = swapped_bcd(secs / 3600);
	out[4] = swapped_bcd(secs / 60 % 60);
	out[5] = swapped_bcd(secs % 60);
	out[6] = swapped_bcd(quarters < 0 ? -quarters : quarters);
	if (quarters < 0)
		out[6] |= 0x08;
}

int
pdu_time_decode(const uint8_t in[7], int64_t *t)
{
	int v[7], i, zone;

	for (i = 0; i < 7; i++) {
		zone = i == 6 ? in[i] & 0xf7 : in[i];
		if ((zone & 0x0f) > 9 || zone >> 4 > 9)
			return TC_EINVAL;
		v[i] = (zone & 0x0f) * 10 + (zone >> 4);
	}
	if (v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31 || v[3] > 23 ||
	    v[4] > 59 || v[5] > 59)
		return TC_EINVAL;
	zone = in[6] & 0x08 ? -v[6] : v[6];
	*t = days_from_date(v[0] + (v[0] >= 90 ? 1900 : 2000), v[1], v[2]) *
	     86400;
	*t += v[3] * 3600 + v[4] * 60 + v[5] - (int64_t)zone * 900;
	return 0;
}

/* 9.2.3.12.1, in minutes. */
static int64_t
vp_relative_minutes(uint8_t v)
{
	if (v <= 143)
		return (v + 1) * 5;
	if (v <= 167)
		return 12 * 60 + (v - 143) * 30;
	if (v <= 196)
		return (v - 166) * 24 * 60;
	return (v - 192) * 7 * 24 * 60;
}

/* User data */

/* 23.038 clause 4. Compressed text cannot be read: shown as octets. */
static void
pdu_dcs_decode(uint8_t dcs, struct pdu_body *b)
{
	static const enum pdu_coding general[4] = {
	    PDU_7BIT, PDU_8BIT, PDU_UCS2, PDU_7BIT};

	b->coding = PDU_7BIT;
	b->msg_class = -1;
	if ((dcs & 0x80) == 0) {
		b->coding = dcs & 0x20 ? PDU_8BIT : general[dcs >> 2 & 3];
		if (dcs & 0x10)
			b->msg_class = dcs & 3;
	} else if ((dcs & 0xf0) == 0xe0) {
		b->coding = PDU_UCS2;
	} else if ((dcs & 0xf0) == 0xf0) {
		b->coding = dcs & 0x04 ? PDU_8BIT : PDU_7BIT;
		b->msg_class = dcs & 3;
	}
}

static uint8_t
pdu_dcs_encode(const struct pdu_body *b)
{
	static const uint8_t alphabet[PDU_NCODINGS] = {
	    [PDU_7BIT] = 0x00, [PDU_8BIT] = 0x04, [PDU_UCS2] = 0x08};
	uint8_t dcs = alphabet[b->coding];

	if (b->msg_class >= 0)
		dcs |= 0x10 | (b->msg_class & 3);
	return dcs;
}

/* Bits to leave out behind a header so that septets begin on a septet border
 * (9.2.3.24). */
static unsigned
fill_bits(size_t udh_len)
{
	return (unsigned)((7 - udh_len * 8 % 7) % 7);
}

static size_t
header_septets(size_t udh_len)
{
	return (udh_len * 8 + 6) / 7;
}

static int
pdu_ud_decode_7bit(
    const uint8_t *ud, size_t octets, unsigned udl, struct pdu_body *b)
{
	uint8_t septets[160];
	size_t skip = header_septets(b->udh_len), n;

	if (udl > 160 || skip > udl)
		return TC_EINVAL;
	n = charset_unpack(ud + b->udh_len, octets - b->udh_len,
	    fill_bits(b->udh_len), septets, udl - skip);
	return charset_gsm_decode(septets, n, b->text, sizeof(b->text));
}

/* ud: what follows TP-UDL, exactly. */
static int
pdu_ud_decode(const uint8_t *ud, size_t len, unsigned udl, bool has_header,
    struct pdu_body *b)
{
	size_t octets = b->coding == PDU_7BIT ? (udl * 7 + 7) / 8 : udl;

	if (octets != len || octets > PDU_UD_MAX)
		return TC_EINVAL;
	b->udh_len = 0;
	if (has_header) {
		if (len == 0 || (size_t)ud[0] + 1 > len)
			return TC_EINVAL;
		b->udh_len = (size_t)ud[0] + 1;
		memcpy(b->udh, ud, b->udh_len);
	}
	if (b->coding == PDU_7BIT)
		return pdu_ud_decode_7bit(ud, octets, udl, b);
	if (b->coding == PDU_UCS2)
		return charset_ucs2_decode(ud + b->udh_len, len - b->udh_len,
		    b->text, sizeof(b->text));
	hex_encode(b->text, ud + b->udh_len, len - b->udh_len);
	return 0;
}

static int
pdu_vp_decode(enum vp_format format, const uint8_t *p, int64_t now,
    struct pdu_submit *out)
{
	int64_t t;

	out->has_vp = false;
	out->vp_min = 0;
	if (format == VP_RELATIVE) {
		out->has_vp = true;
		out->vp_min = vp_relative_minutes(p[0]);
	} else if (format == VP_ABSOLUTE) {
		if (pdu_time_decode(p, &t) != 0)
			return TC_EINVAL;
		out->has_vp = true;
		out->vp_min = (t - now) / 60;
	}
	return 0;
}

int
pdu_submit_decode(
    const uint8_t *tpdu, size_t len, int64_t now, struct pdu_submit *out)
{
	static const size_t vp_len[] = {[VP_NONE] = 0,
	    [VP_ENHANCED] = 7,
	    [VP_RELATIVE] = 1,
	    [VP_ABSOLUTE] = 7};
	enum vp_format format;
	size_t at = 2;
	int n;

	if (len < 2 || len > PDU_MAX || (tpdu[0] & MTI_MASK) != MTI_SUBMIT)
		return TC_EINVAL;
	format = tpdu[0] >> 3 & 3;
	out->report = tpdu[0] & FLAG_SRR;
	out->mr = tpdu[1];
	n = pdu_address_decode(tpdu + at, len - at, out->to);
	if (n < 0)
		return TC_EINVAL;
	at += (size_t)n;
	if (len < at + 2 + vp_len[format] + 1)
		return TC_EINVAL;
	out->pid = tpdu[at];
	pdu_dcs_decode(tpdu[at + 1], &out->body);
	at += 2;
	if (pdu_vp_decode(format, tpdu + at, now, out) != 0)
		return TC_EINVAL;
	at += vp_len[format];
	return pdu_ud_decode(tpdu + at + 1, len - at - 1, tpdu[at],
	    tpdu[0] & FLAG_UDHI, &out->body);
}

/* Returns the octets of TP-UD written, and TP-UDL in *udl. */
static int
pdu_ud_encode_7bit(const struct pdu_body *b, uint8_t *ud, uint8_t *udl)
{
	uint8_t septets[162];
	size_t left = strlen(b->text), n = 0, skip, step;
	const char *s = b->text;
	unsigned k;
	uint32_t cp;

	skip = header_septets(b->udh_len);
	while (left > 0) {
		step = charset_utf8_get(s, left, &cp);
		k = charset_gsm_encode(cp, septets + n);
		if (k == 0)
			return TC_EINVAL;
		n += k;
		if (skip + n > 160)
			return TC_EFULL;
		s += step;
		left -= step;
	}
	*udl = (uint8_t)(skip + n);
	return (int)(b->udh_len + charset_pack(septets, n,
				      fill_bits(b->udh_len), ud + b->udh_len));
}

static int
pdu_ud_encode_ucs2(const struct pdu_body *b, uint8_t *ud, uint8_t *udl)
{
	size_t left = strlen(b->text), n = b->udh_len, step, len;
	const char *s = b->text;
	uint8_t units[4];
	uint32_t cp;

	for (; left > 0; s += step, left -= step) {
		step = charset_utf8_get(s, left, &cp);
		len = charset_ucs2_encode(cp, units);
		if (n + len > PDU_UD_MAX)
			return TC_EFULL;
		memcpy(ud + n, units, len);
		n += len;
	}
	*udl = (uint8_t)n;
	return (int)n;
}

static int
pdu_ud_encode_8bit(const struct pdu_body *b, uint8_t *ud, uint8_t *udl)
{
	size_t n = strlen(b->text) / 2;

	if (b->udh_len + n > PDU_UD_MAX)
		return TC_EFULL;
	if (hex_decode(ud + b->udh_len, n, b->text) != 0)
		return TC_EINVAL;
	*udl = (uint8_t)(b->udh_len + n);
	return *udl;
}

int
pdu_deliver_encode(
    const struct pdu_deliver *d, uint8_t out[PDU_MAX], size_t *len)
{
	static int (*const encode[PDU_NCODINGS])(const struct pdu_body *,
	    uint8_t *, uint8_t *) = {[PDU_7BIT] = pdu_ud_encode_7bit,
	    [PDU_8BIT] = pdu_ud_encode_8bit,
	    [PDU_UCS2] = pdu_ud_encode_ucs2};
	uint8_t ud[PDU_UD_MAX + 2], udl;
	size_t at = 1;
	int n;

	out[0] = DELIVER_NO_MORE | (d->body.udh_len > 0 ? FLAG_UDHI : 0);
	n = pdu_address_encode(d->from, out + at);
	if (n < 0)
		return n;
	at += (size_t)n;
	out[at++] = 0; /* TP-PID */
	out[at++] = pdu_dcs_encode(&d->body);
	pdu_time_encode(d->scts, d->zone_min, out + at);
	at += 7;
	memcpy(ud, d->body.udh, d->body.udh_len);
	n = encode[d->body.coding](&d->body, ud, &udl);
	if (n < 0)
		return n;
	out[at++] = udl;
	memcpy(out + at, ud, (size_t)n);
	*len = at + (size_t)n;
	return 0;
}

int
pdu_report_encode(const struct pdu_report *r, uint8_t out[PDU_MAX], size_t *len)
{
	size_t at = 2;
	int n;

	out[0] = REPORT_NO_MORE;
	out[1] = r->mr;
	n = pdu_address_encode(r->to, out + at);
	if (n < 0)
		return n;
	at += (size_t)n;
	pdu_time_encode(r->scts, r->zone_min, out + at);
	pdu_time_encode(r->discharge, r->zone_min, out + at + 7);
	at += 14;
	out[at++] = r->status;
	*len = at;
	return 0;
}

/* Concatenation */

bool
pdu_concat_get(const uint8_t *udh, size_t udh_len, struct pdu_concat *out)
{
	size_t at, n;
	const uint8_t *p;

	for (at = 1; at + 2 <= udh_len; at += 2 + n) {
		n = udh[at + 1];
		p = udh + at + 2;
		if (at + 2 + n > udh_len)
			return false;
		if (!(udh[at] == 0x00 && n == 3) &&
		    !(udh[at] == 0x08 && n == 4))
			continue;
		out->ref_bits = n == 3 ? 8 : 16;
		out->ref = n == 3 ? p[0] : (unsigned)p[0] << 8 | p[1];
		out->total = p[n - 2];
		out->seq = p[n - 1];
		return out->seq >= 1 && out->seq <= out->total;
	}
	return false;
}

size_t
pdu_concat_put(const struct pdu_concat *c, uint8_t out[7])
{
	size_t at = 0;
	bool wide = c->ref_bits == 16;

	out[at++] = wide ? 6 : 5;
	out[at++] = wide ? 0x08 : 0x00;
	out[at++] = wide ? 4 : 3;
	if (wide)
		out[at++] = (uint8_t)(c->ref >> 8);
	out[at++] = (uint8_t)c->ref;
	out[at++] = (uint8_t)c->total;
	out[at++] = (uint8_t)c->seq;
	return at;
}

enum pdu_coding
pdu_text_coding(const char *text)
{
	size_t left = strlen(text), step;
	uint8_t septets[2];
	uint32_t cp;

	for (; left > 0; text += step, left -= step) {
		step = charset_utf8_get(text, left, &cp);
		if (charset_gsm_encode(cp, septets) == 0)
			return PDU_UCS2;
	}
	return PDU_7BIT;
}

/* Septets or code units of one character; 1 for one that 7-bit lacks, which
 * the encoder will refuse. */
static unsigned
character_cost(uint32_t cp, enum pdu_coding coding)
{
	uint8_t septets[2];
	unsigned n;

	if (coding == PDU_UCS2)
		return cp > 0xffff ? 2 : 1;
	n = charset_gsm_encode(cp, septets);
	return n > 0 ? n : 1;
}

/* Cut into pieces of at most limit; returns their number or TC_EFULL. */
static int
pdu_split_limit(const char *text, enum pdu_coding coding, unsigned limit,
    struct pdu_segment *out)
{
	size_t left = strlen(text), at = 0, step;
	unsigned used = 0, cost;
	uint32_t cp;
	int n = 0;

	out[0] = (struct pdu_segment){0, 0};
	for (; left > 0; at += step, left -= step) {
		step = charset_utf8_get(text + at, left, &cp);
		cost = character_cost(cp, coding);
		if (used + cost > limit) {
			if (++n >= PDU_PARTS_MAX)
				return TC_EFULL;
			out[n] = (struct pdu_segment){at, 0};
			used = 0;
		}
		used += cost;
		out[n].len += step;
	}
	return n + 1;
}

int
pdu_split(const char *text, enum pdu_coding coding, unsigned ref_bits,
    struct pdu_segment *out)
{
	size_t header = ref_bits == 16 ? 7 : 6;
	bool wide = coding == PDU_UCS2;
	int n;

	n = pdu_split_limit(text, coding, wide ? 70 : 160, out);
	if (n == 1)
		return n;
	return pdu_split_limit(text, coding,
	    wide ? (unsigned)(PDU_UD_MAX - header) / 2
		 : 160 - (unsigned)header_septets(header),
	    out);
}

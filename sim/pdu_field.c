/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields of TPDUs that several types share: addresses, time stamps, and the
 * concatenation header with the cutting of long texts (3GPP 23.040). Called by
 * pdu.c, smsc.c and phone.c; owns nothing. What is decoded may be hostile and
 * is then TC_EINVAL.
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

/* Semi-octets of the address digits (9.1.2.3). */
static const char address_digits[] = "0123456789*#abc";

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

/* Concatenation */

size_t
pdu_header_septets(size_t udh_len)
{
	return (udh_len * 8 + 6) / 7;
}

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
		 : 160 - (unsigned)pdu_header_septets(header),
	    out);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TPDU codec of the simulated network (3GPP 23.040, 23.038). Called by
 * radio.c and by the tests; owns nothing. Everything that comes in may be
 * hostile: each read is checked against what is left, and a bad TPDU is
 * TC_EINVAL. Alphabets and packing are in charset.c,
 * addresses, times and concatenation in pdu_field.c.
 */

#include "config.h"

#include <ctype.h>
#include <string.h>

#include "charset.h"
#include "pdu.h"

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

const char *
pdu_coding_name(enum pdu_coding coding)
{
	return coding < PDU_NCODINGS ? coding_names[coding] : "?";
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

static int
pdu_ud_decode_7bit(
    const uint8_t *ud, size_t octets, unsigned udl, struct pdu_body *b)
{
	uint8_t septets[160];
	size_t skip = pdu_header_septets(b->udh_len), n;

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

	skip = pdu_header_septets(b->udh_len);
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
	out[at++] = d->pid;
	out[at++] = d->dcs != 0 ? d->dcs : pdu_dcs_encode(&d->body);
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

void
pdu_hex(char *out, const void *data, size_t len)
{
	hex_encode(out, data, len);
	for (; *out != '\0'; out++)
		*out = (char)toupper((unsigned char)*out);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alphabets of the simulated network. Called by pdu.c and at_call.c; owns
 * nothing but two tables taken from 3GPP 23.038 clause 6.2.1. Only a text that
 * does not fit the caller's buffer can fail.
 */

#include "config.h"

#include <string.h>

#include "charset.h"

#define GSM_ESCAPE 0x1b
#define REPLACEMENT 0xfffd

/* Default alphabet, by septet (23.038 6.2.1). */
static const uint16_t gsm_default[128] = {
    0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, /* @ pound $ yen ... */
    0xf2, 0xc7, 0x0a, 0xd8, 0xf8, 0x0d, 0xc5, 0xe5, /* */
    0x394, 0x5f, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, /* Greek */
    0x3a3, 0x398, 0x39e, 0x20, 0xc6, 0xe6, 0xdf, 0xc9,     /* */
    0x20, 0x21, 0x22, 0x23, 0xa4, 0x25, 0x26, 0x27,        /* */
    0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f,        /* */
    0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37,        /* */
    0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f,        /* */
    0xa1, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47,        /* */
    0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f,        /* */
    0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57,        /* */
    0x58, 0x59, 0x5a, 0xc4, 0xd6, 0xd1, 0xdc, 0xa7,        /* */
    0xbf, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67,        /* */
    0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f,        /* */
    0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77,        /* */
    0x78, 0x79, 0x7a, 0xe4, 0xf6, 0xf1, 0xfc, 0xe0,        /* */
};

/* Extension table (23.038 6.2.1.1). */
static const struct {
	uint8_t septet;
	uint16_t cp;
} gsm_extension[] = {
    {0x0a, 0x0c},
    {0x14, '^'},
    {0x28, '{'},
    {0x29, '}'},
    {0x2f, '\\'},
    {0x3c, '['},
    {0x3d, '~'},
    {0x3e, ']'},
    {0x40, '|'},
    {0x65, 0x20ac},
};

size_t
charset_utf8_get(const char *s, size_t len, uint32_t *cp)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)s;
	size_t n, i;

	n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : 3;
	if (p[0] >= 0xf0)
		n = p[0] < 0xf5 ? 4 : 0;
	*cp = n <= 1 ? p[0] : p[0] & (0x7f >> n);
	for (i = 1; i < n && i < len && (p[i] & 0xc0) == 0x80; i++)
		*cp = *cp << 6 | (p[i] & 0x3f);
	if (n == 0 || i < n || *cp < least[n] || *cp > 0x10ffff) {
		*cp = REPLACEMENT;
		return 1;
	}
	return n;
}

size_t
charset_utf8_put(char *out, uint32_t cp)
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = REPLACEMENT;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

unsigned
charset_gsm_encode(uint32_t cp, uint8_t out[2])
{
	size_t i;

	for (i = 0; i < TC_NELEM(gsm_default); i++) {
		if (gsm_default[i] == cp && i != GSM_ESCAPE) {
			out[0] = (uint8_t)i;
			return 1;
		}
	}
	for (i = 0; i < TC_NELEM(gsm_extension); i++) {
		if (gsm_extension[i].cp == cp) {
			out[0] = GSM_ESCAPE;
			out[1] = gsm_extension[i].septet;
			return 2;
		}
	}
	return 0;
}

/* Append cp at *len, keeping room for the NUL. */
static int
charset_append(char *out, size_t size, size_t *len, uint32_t cp)
{
	char c[4];
	size_t n;

	n = charset_utf8_put(c, cp);
	if (*len + n >= size)
		return TC_EFULL;
	memcpy(out + *len, c, n);
	*len += n;
	out[*len] = '\0';
	return 0;
}

static uint32_t
charset_gsm_extended(uint8_t septet)
{
	size_t i;

	for (i = 0; i < TC_NELEM(gsm_extension); i++)
		if (gsm_extension[i].septet == septet)
			return gsm_extension[i].cp;
	return septet == GSM_ESCAPE ? ' ' : gsm_default[septet];
}

int
charset_gsm_decode(const uint8_t *septets, size_t n, char *out, size_t size)
{
	size_t i, len = 0;
	uint32_t cp;

	if (size == 0)
		return TC_EFULL;
	out[0] = '\0';
	for (i = 0; i < n; i++) {
		cp = gsm_default[septets[i] & 0x7f];
		if ((septets[i] & 0x7f) == GSM_ESCAPE && i + 1 < n)
			cp = charset_gsm_extended(septets[++i] & 0x7f);
		if (charset_append(out, size, &len, cp) != 0)
			return TC_EFULL;
	}
	return 0;
}

size_t
charset_ucs2_encode(uint32_t cp, uint8_t *out)
{
	uint32_t high;

	if (cp <= 0xffff) {
		out[0] = (uint8_t)(cp >> 8);
		out[1] = (uint8_t)cp;
		return 2;
	}
	high = 0xd800 + ((cp - 0x10000) >> 10);
	cp = 0xdc00 + ((cp - 0x10000) & 0x3ff);
	out[0] = (uint8_t)(high >> 8);
	out[1] = (uint8_t)high;
	out[2] = (uint8_t)(cp >> 8);
	out[3] = (uint8_t)cp;
	return 4;
}

int
charset_ucs2_decode(const uint8_t *data, size_t len, char *out, size_t size)
{
	size_t i, used = 0;
	uint32_t cp, low;

	if (size == 0)
		return TC_EFULL;
	out[0] = '\0';
	for (i = 0; i + 1 < len; i += 2) {
		cp = (uint32_t)data[i] << 8 | data[i + 1];
		if (cp == 0)
			continue;
		if (cp >= 0xd800 && cp < 0xdc00 && i + 3 < len) {
			low = (uint32_t)data[i + 2] << 8 | data[i + 3];
			if (low >= 0xdc00 && low < 0xe000) {
				cp = 0x10000 + ((cp - 0xd800) << 10) +
				     (low - 0xdc00);
				i += 2;
			}
		}
		if (charset_append(out, size, &used, cp) != 0)
			return TC_EFULL;
	}
	return 0;
}

size_t
charset_pack(const uint8_t *septets, size_t n, unsigned fill, uint8_t *out)
{
	size_t bit = fill, total = (n * 7 + fill + 7) / 8, i;
	unsigned v;

	memset(out, 0, total);
	for (i = 0; i < n; i++, bit += 7) {
		v = (unsigned)(septets[i] & 0x7f) << (bit % 8);
		out[bit / 8] |= (uint8_t)v;
		if (v > 0xff)
			out[bit / 8 + 1] |= (uint8_t)(v >> 8);
	}
	return total;
}

size_t
charset_unpack(const uint8_t *octets, size_t len, unsigned fill,
    uint8_t *septets, size_t n)
{
	size_t bit = fill, i;
	unsigned v;

	for (i = 0; i < n && bit + 7 <= len * 8; i++, bit += 7) {
		v = octets[bit / 8];
		if (bit % 8 > 1)
			v |= (unsigned)octets[bit / 8 + 1] << 8;
		septets[i] = (uint8_t)(v >> (bit % 8) & 0x7f);
	}
	return i;
}

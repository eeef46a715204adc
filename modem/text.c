/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UTF-8 to and from libgammu's arrays (see text.h). Called by phone.c, send.c
 * and inbox.c. Owns nothing. What comes in from the air may hold anything and
 * always gives valid UTF-8.
 */
#include "config.h"

#include <string.h>

#include "text.h"

#define REPLACEMENT 0xfffdU
#define TILDE 0x7eU
#define TILDE_OPERATOR 0x223cU
/* Hexadecimal digits of a USSD string: shorter ones are numbers, longer ones
 * hold more than a screen. */
#define HEX_MIN 8
#define HEX_MAX 1024

static unsigned
unit_at(const unsigned char *src, size_t i)
{
	return (unsigned)src[2 * i] << 8 | src[2 * i + 1];
}

size_t
text_gammu_units(const unsigned char *src, size_t max)
{
	size_t n = 0;

	while (n < max && unit_at(src, n) != 0)
		n++;
	return n;
}

static size_t
utf8_encode(char out[4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* The character at *i, which moves on. */
static uint32_t
char_take(
    const unsigned char *src, size_t units, size_t *i, enum text_form form)
{
	unsigned u = unit_at(src, (*i)++), next;

	next = *i < units ? unit_at(src, *i) : 0;
	if (form == TEXT_TILDE && u == TILDE) {
		if (next != TILDE)
			return 0x01;
		(*i)++;
		return TILDE;
	}
	if (u >= 0xd800 && u < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
		(*i)++;
		return 0x10000 + ((uint32_t)(u - 0xd800) << 10) +
		       (next - 0xdc00);
	}
	return u >= 0xd800 && u < 0xe000 ? REPLACEMENT : u;
}

void
text_from_gammu(char *dst, size_t size, const unsigned char *src, size_t units,
    enum text_form form)
{
	char bytes[4];
	size_t i = 0, used = 0, n;
	uint32_t c;

	while (i < units) {
		c = char_take(src, units, &i, form);
		if (c == 0)
			continue;
		n = utf8_encode(bytes, c);
		if (used + n >= size)
			break;
		memcpy(dst + used, bytes, n);
		used += n;
	}
	dst[used] = '\0';
}

uint32_t
text_next(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	unsigned more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0;
	uint32_t c = more == 0 ? *p : *p & (0x3fU >> more);

	if (c == 0 && more == 0)
		return 0;
	for (p++; more > 0; more--)
		c = c << 6 | (*p++ & 0x3f);
	*s = (const char *)p;
	return c;
}

static size_t
utf16_units(const char *s, size_t *tildes)
{
	size_t n = 0;
	uint32_t c;

	*tildes = 0;
	while ((c = text_next(&s)) != 0) {
		n += c >= 0x10000 ? 2 : 1;
		*tildes += c == TILDE;
	}
	return n;
}

static void
unit_put(unsigned char **p, unsigned u)
{
	*(*p)++ = (unsigned char)(u >> 8);
	*(*p)++ = (unsigned char)u;
}

int
text_to_gammu(
    unsigned char *dst, size_t max, const char *src, enum text_form form)
{
	size_t units, tildes;
	bool doubles;
	uint32_t c;

	if (!utf8_is_valid(src, strlen(src)))
		return TC_EINVAL;
	units = utf16_units(src, &tildes);
	if (units > max)
		return TC_EFULL;
	doubles = form == TEXT_TILDE && units + tildes <= max;
	while ((c = text_next(&src)) != 0) {
		if (c == TILDE && doubles)
			unit_put(&dst, TILDE);
		if (c == TILDE && form == TEXT_TILDE && !doubles)
			c = TILDE_OPERATOR;
		if (c >= 0x10000) {
			unit_put(&dst, 0xd800 + ((c - 0x10000) >> 10));
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		unit_put(&dst, c);
	}
	unit_put(&dst, 0);
	return 0;
}

/* Characters that a network writes to a person in Viet Nam: Latin with its
 * marks, Vietnamese, punctuation, currency. */
static bool
is_likely(unsigned unit)
{
	return unit == '\n' || unit == '\r' || (unit >= 0x20 && unit < 0x250) ||
	       (unit >= 0x300 && unit < 0x370) ||
	       (unit >= 0x1e00 && unit < 0x1f00) ||
	       (unit >= 0x2000 && unit < 0x2130);
}

static bool
mend_ucs2(char *text, const unsigned char *octets, size_t n)
{
	size_t i;

	if (n % 2 != 0)
		return false;
	for (i = 0; i < n; i += 2)
		if (!is_likely((unsigned)octets[i] << 8 | octets[i + 1]))
			return false;
	text_from_gammu(text, HEX_MAX, octets, n / 2, TEXT_PLAIN);
	return true;
}

/* 3GPP 23.038 6.1.2.3; only septets that are ASCII as well, which a text of a
 * network's menu is. */
static bool
mend_packed(char *text, const unsigned char *octets, size_t n)
{
	size_t count = n * 8 / 7, i, bit;
	unsigned c;

	for (i = 0; i < count && i + 1 < HEX_MAX; i++) {
		bit = i * 7;
		c = octets[bit / 8];
		if (bit / 8 + 1 < n)
			c |= (unsigned)octets[bit / 8 + 1] << 8;
		c = c >> bit % 8 & 0x7f;
		if (c == 0)
			c = i + 1 == count ? '\r' : '@';
		text[i] = (char)c;
	}
	while (i > 0 && text[i - 1] == '\r')
		i--;
	text[i] = '\0';
	for (i = 0; text[i] != '\0'; i++)
		if (!is_likely((unsigned char)text[i]) ||
		    strchr("$[\\]^_`{|}~", text[i]) != NULL)
			return false;
	return true;
}

void
text_mend_hex(char *text)
{
	unsigned char octets[HEX_MAX / 2];
	char mended[HEX_MAX];
	size_t len = strlen(text);

	if (len < HEX_MIN || len > HEX_MAX || len % 2 != 0 ||
	    hex_decode(octets, len / 2, text) != 0)
		return;
	/* Digits alone may be an account or a balance. */
	if (mend_ucs2(mended, octets, len / 2) ||
	    (strpbrk(text, "abcdefABCDEF") != NULL &&
		mend_packed(mended, octets, len / 2)))
		memcpy(text, mended, strlen(mended) + 1);
	explicit_bzero(octets, sizeof(octets));
	explicit_bzero(mended, sizeof(mended));
}

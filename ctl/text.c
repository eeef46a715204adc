/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text on a terminal, made safe and measured; times in the zone of the commune.
 *
 * Called by everything that prints what came from outside. Owns nothing; an
 * output buffer that is full keeps its own sticky error.
 */
#include "config.h"

#include <string.h>
#include <time.h>

#include <utf8proc.h>

#include "ctl/text.h"

#define TIME_MAX INT64_C(253402300799) /* the last second of the year 9999 */

/* The joiners inside emoji and Indic words are format characters too, but
 * harmless. */
#define ZWNJ 0x200c
#define ZWJ 0x200d

static bool
is_unsafe(utf8proc_int32_t ch)
{
	if (ch == ZWNJ || ch == ZWJ)
		return false;
	switch (utf8proc_category(ch)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return false;
	}
}

/* One character of safe text from s into out; how many bytes it took. */
static size_t
safe_step(struct buf *out, const char *s, size_t left, enum text_mode mode)
{
	utf8proc_int32_t ch;
	utf8proc_ssize_t n;

	n = utf8proc_iterate(
	    (const utf8proc_uint8_t *)s, (utf8proc_ssize_t)left, &ch);
	if (n <= 0) {
		buf_printf(out, "\\x%02x", (unsigned char)s[0]);
		return 1;
	}
	if (ch == '\r' && left > 1 && s[1] == '\n')
		return 1;
	if (ch == '\n' && mode == TEXT_BLOCK)
		buf_put_char(out, '\n');
	else if (ch == '\n' || ch == '\t')
		buf_put_char(out, ' ');
	else if (ch < 0x100 && is_unsafe(ch) && ch != 0xad)
		buf_printf(out, "\\x%02x", (unsigned)ch);
	else if (is_unsafe(ch))
		buf_printf(out, "\\u{%x}", (unsigned)ch);
	else
		buf_put(out, s, (size_t)n);
	return (size_t)n;
}

void
text_safe(struct buf *out, const char *s, enum text_mode mode)
{
	size_t left;

	if (s == NULL)
		return;
	left = strlen(s);
	while (left > 0) {
		size_t n = safe_step(out, s, left, mode);

		s += n;
		left -= n;
	}
}

void
text_safe_json(struct buf *out, const char *json)
{
	utf8proc_int32_t ch;
	utf8proc_ssize_t n;

	while (*json != '\0') {
		n = utf8proc_iterate((const utf8proc_uint8_t *)json, -1, &ch);
		if (n <= 0)
			break; /* the JSON library writes UTF-8 only */
		if (ch == '\n' || !is_unsafe(ch))
			buf_put(out, json, (size_t)n);
		else if (ch < 0x10000)
			buf_printf(out, "\\u%04x", (unsigned)ch);
		else
			buf_printf(out, "\\u%04x\\u%04x",
			    0xd800u + (unsigned)((ch - 0x10000) >> 10),
			    0xdc00u + (unsigned)((ch - 0x10000) & 0x3ff));
		json += n;
	}
}

size_t
text_width(const char *s)
{
	utf8proc_int32_t ch;
	utf8proc_ssize_t n;
	size_t width = 0;

	while (*s != '\0') {
		n = utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &ch);
		if (n <= 0) {
			width++;
			s++;
			continue;
		}
		width += (size_t)utf8proc_charwidth(ch);
		s += n;
	}
	return width;
}

const char *
text_time(int64_t t, bool utc, char out[TEXT_TIME_SIZE])
{
	time_t shifted;
	struct tm tm;

	if (t == 0) {
		(void)!str_printf(out, TEXT_TIME_SIZE, "–");
		return out;
	}
	(void)!str_printf(out, TEXT_TIME_SIZE, "?");
	if (t < 0 || t > TIME_MAX - TEXT_ZONE_S)
		return out;
	shifted = (time_t)(utc ? t : t + TEXT_ZONE_S);
	if (gmtime_r(&shifted, &tm) != NULL)
		(void)strftime(out, TEXT_TIME_SIZE,
		    utc ? "%d/%m/%Y %H:%M:%S UTC" : "%d/%m/%Y %H:%M:%S", &tm);
	return out;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The forms in which the API writes ids, times, texts and bytes. Called by the
 * api_<resource>.c files. jansson's memory functions are xmalloc and free
 * (http.c), so nothing here returns NULL.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "jval.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

json_t *
jval_text(const char *s)
{
	json_t *v = json_string(s);

	return v != NULL ? v : json_string("?");
}

json_t *
jval_opt(const char *s)
{
	return s == NULL || *s == '\0' ? json_null() : jval_text(s);
}

json_t *
jval_int(int64_t n)
{
	return json_integer(n);
}

json_t *
jval_time(int64_t t)
{
	return t == 0 ? json_null() : json_integer(t);
}

json_t *
jval_id(int64_t id)
{
	char text[JVAL_ID_LEN + 1];

	/* 17 bytes always hold it. */
	(void)!str_printf(text, sizeof(text), "%016" PRIx64, (uint64_t)id);
	return json_string(text);
}

json_t *
jval_opt_id(int64_t id)
{
	return id == 0 ? json_null() : jval_id(id);
}

int
jval_parse_id(const char *s, int64_t *out)
{
	unsigned char b[8];
	uint64_t n = 0;

	if (strlen(s) != JVAL_ID_LEN || hex_decode(b, sizeof(b), s) != 0)
		return TC_EINVAL;
	for (size_t i = 0; i < sizeof(b); i++)
		n = n << 8 | b[i];
	if (n == 0 || n > INT64_MAX)
		return TC_EINVAL;
	*out = (int64_t)n;
	return 0;
}

json_t *
jval_lines(const char *lines)
{
	json_t *list = json_array();
	size_t n;

	for (; *lines != '\0'; lines += n + (lines[n] != '\0')) {
		n = strcspn(lines, "\n");
		json_array_append_new(list, json_stringn(lines, n));
	}
	return list;
}

json_t *
jval_base64(const void *data, size_t len)
{
	const unsigned char *p = data;
	char *text = xmalloc((len + 2) / 3 * 4 + 1), *q = text;
	json_t *v;

	for (size_t i = 0; i < len; i += 3) {
		unsigned b = (unsigned)p[i] << 16;

		b |= i + 1 < len ? (unsigned)p[i + 1] << 8 : 0;
		b |= i + 2 < len ? (unsigned)p[i + 2] : 0;
		*q++ = alphabet[b >> 18];
		*q++ = alphabet[b >> 12 & 63];
		*q++ = i + 1 < len ? alphabet[b >> 6 & 63] : '=';
		*q++ = i + 2 < len ? alphabet[b & 63] : '=';
	}
	*q = '\0';
	v = json_string(text);
	free(text);
	return v;
}

int
jval_parse_base64(const char *s, void *dst, size_t len)
{
	unsigned char *out = dst;
	size_t chars = (len * 8 + 5) / 6, n = 0;
	const char *at;
	uint32_t bits = 0;
	int have = 0;

	if (strlen(s) != (len + 2) / 3 * 4 || strspn(s, alphabet) != chars ||
	    s[chars + strspn(s + chars, "=")] != '\0')
		return TC_EINVAL;
	for (size_t i = 0; i < chars; i++) {
		at = strchr(alphabet, s[i]);
		bits = bits << 6 | (uint32_t)(at - alphabet);
		have += 6;
		if (have >= 8 && n < len) {
			have -= 8;
			out[n++] = (unsigned char)(bits >> have);
		}
	}
	/* Left-over bits must be 0: one text for one value. */
	return (bits & ((1u << have) - 1)) == 0 ? 0 : TC_EINVAL;
}

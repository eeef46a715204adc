/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The check of everything a client writes, before any handler sees it. Called
 * by request.c with the tables of routes.c. Owns nothing. Input is hostile: all
 * sizes are bounded by the caller's caps on header and body.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "field.h"

#define QUERY_FIELDS_MAX 16
#define LINES_ITEM_MAX 63
#define NAMES_ITEM_MAX 40

typedef const char *(*field_check_cb)(const struct field *f, const json_t *v);

static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
static const char hex[] = "0123456789abcdef";

/* --- one check a type: NULL, or the reason --- */

static const char *
check_length(const struct field *f, const json_t *v)
{
	size_t len;

	if (!json_is_string(v))
		return "must be a string";
	len = json_string_length(v);
	if (len < (size_t)f->min)
		return len == 0 ? "must not be empty" : "is too short";
	if (len > (size_t)f->max)
		return "is too long";
	return NULL;
}

static const char *
check_text(const struct field *f, const json_t *v)
{
	const char *why = check_length(f, v);
	const unsigned char *p;

	if (why != NULL || f->type == FIELD_SECRET)
		return why;
	for (p = (const unsigned char *)json_string_value(v); *p != '\0'; p++) {
		if (f->type == FIELD_TEXT && strchr("\n\r\t", *p) != NULL)
			continue;
		if (*p < 0x20 || *p == 0x7f)
			return "holds a control character";
	}
	return NULL;
}

static const char *
check_letters(const struct field *f, const json_t *v)
{
	const char *why = check_length(f, v);
	const char *set = f->type == FIELD_CODE ? upper : lower;
	const char *s;

	if (why != NULL)
		return why;
	s = json_string_value(v);
	return s[strspn(s, set)] == '\0' ? NULL : "holds another character";
}

static const char *
check_id(const struct field *f, const json_t *v)
{
	const char *s = json_string_value(v);

	(void)f;
	if (s == NULL || strlen(s) != 16 || strspn(s, hex) != 16)
		return "must be 16 hex digits";
	return NULL;
}

static const char *
check_names(const struct field *f, const json_t *v)
{
	static const struct field name = {
	    NULL, FIELD_NAME, true, 1, NAMES_ITEM_MAX};
	static const struct field line = {
	    NULL, FIELD_LINE, true, 1, LINES_ITEM_MAX};
	const char *why;

	if (!json_is_array(v))
		return "must be a list";
	if (json_array_size(v) < (size_t)f->min ||
	    json_array_size(v) > (size_t)f->max)
		return "has too few or too many items";
	for (size_t i = 0; i < json_array_size(v); i++) {
		why = f->type == FIELD_NAMES
			  ? check_letters(&name, json_array_get(v, i))
			  : check_text(&line, json_array_get(v, i));
		if (why != NULL)
			return why;
	}
	return NULL;
}

static const char *
check_int(const struct field *f, const json_t *v)
{
	if (!json_is_integer(v))
		return "must be an integer";
	if (json_integer_value(v) < f->min || json_integer_value(v) > f->max)
		return "is out of range";
	return NULL;
}

static const char *
check_bool(const struct field *f, const json_t *v)
{
	(void)f;
	return json_is_boolean(v) ? NULL : "must be true or false";
}

static const field_check_cb checks[FIELD_NTYPES] = {
    [FIELD_LINE] = check_text,
    [FIELD_TEXT] = check_text,
    [FIELD_SECRET] = check_text,
    [FIELD_NAME] = check_letters,
    [FIELD_CODE] = check_letters,
    [FIELD_ID] = check_id,
    [FIELD_NAMES] = check_names,
    [FIELD_LINES] = check_names,
    [FIELD_INT] = check_int,
    [FIELD_BOOL] = check_bool,
};

static const struct field *
field_find(const struct field *rows, const char *name)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

/* Names come from the client: what cannot be shown whole is left out. */
static int
field_refuse(struct field_fault *fault, const char *name, const char *reason)
{
	if (str_printf(fault->name, sizeof(fault->name), "%s", name) != 0)
		fault->name[0] = '\0';
	for (const char *p = fault->name; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			fault->name[0] = '\0';
	fault->reason = reason;
	return TC_EINVAL;
}

int
field_check(const struct field *rows, json_t *object, struct field_fault *fault)
{
	const struct field *f;
	const char *name, *why;
	json_t *v;

	json_object_foreach(object, name, v)
	{
		f = field_find(rows, name);
		if (f == NULL)
			return field_refuse(fault, name, "is not known here");
		why = checks[f->type](f, v);
		if (why != NULL)
			return field_refuse(fault, name, why);
	}
	for (; rows != NULL && rows->name != NULL; rows++)
		if (rows->required &&
		    json_object_get(object, rows->name) == NULL)
			return field_refuse(fault, rows->name, "is missing");
	return 0;
}

/* --- query strings --- */

static int
hex_digit(char c)
{
	const char *p =
	    c != '\0' ? strchr("0123456789abcdef0123456789ABCDEF", c) : NULL;

	return p != NULL ? (int)(p - "0123456789abcdef0123456789ABCDEF") & 15
			 : -1;
}

char *
field_unescape(const char *s, size_t len, bool plus)
{
	char *out = xmalloc(len + 1);
	size_t n = 0;
	int hi, lo;

	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (c == '%') {
			hi = i + 2 < len ? hex_digit(s[i + 1]) : -1;
			lo = i + 2 < len ? hex_digit(s[i + 2]) : -1;
			if (hi < 0 || lo < 0)
				goto fail;
			c = (char)(hi << 4 | lo);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (c == '\0')
			goto fail;
		out[n++] = c;
	}
	out[n] = '\0';
	if (utf8_is_valid(out, n))
		return out;
fail:
	free(out);
	return NULL;
}

/* The text of a query value as the JSON value that its row wants; what does not
 * fit stays a string and is refused by the check. */
static json_t *
query_value(const struct field *f, const char *text)
{
	int64_t n;

	if (f != NULL && f->type == FIELD_INT &&
	    str_to_int64(text, INT64_MIN, INT64_MAX, &n) == 0)
		return json_integer(n);
	if (f != NULL && f->type == FIELD_BOOL && strcmp(text, "1") == 0)
		return json_true();
	if (f != NULL && f->type == FIELD_BOOL && strcmp(text, "0") == 0)
		return json_false();
	return json_string(text);
}

/* One "name=value". */
static int
query_add(const struct field *rows, const char *s, size_t len, json_t *into,
    struct field_fault *fault)
{
	const char *eq = memchr(s, '=', len);
	size_t name_len = eq != NULL ? (size_t)(eq - s) : len;
	char *name, *value;
	int rc = 0;

	name = field_unescape(s, name_len, true);
	value = eq != NULL ? field_unescape(eq + 1, len - name_len - 1, true)
			   : xstrdup("");
	if (name == NULL || value == NULL)
		rc = field_refuse(
		    fault, name != NULL ? name : "", "is not well encoded");
	else if (json_object_get(into, name) != NULL)
		rc = field_refuse(fault, name, "is given twice");
	else
		json_object_set_new(
		    into, name, query_value(field_find(rows, name), value));
	free(name);
	free(value);
	return rc;
}

int
field_parse_query(const struct field *rows, const char *query, json_t **out,
    struct field_fault *fault)
{
	json_t *object = json_object();
	const char *end;
	int rc = 0;

	while (rc == 0 && query != NULL && *query != '\0') {
		end = query + strcspn(query, "&");
		if (end != query)
			rc = query_add(
			    rows, query, (size_t)(end - query), object, fault);
		if (json_object_size(object) > QUERY_FIELDS_MAX)
			rc = field_refuse(fault, "", "too many parameters");
		query = *end == '&' ? end + 1 : end;
	}
	if (rc == 0)
		rc = field_check(rows, object, fault);
	if (rc != 0) {
		json_decref(object);
		return rc;
	}
	*out = object;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a client writes, against every route: method and path on the first line,
 * query on the second, the rest is the body. Accepted values keep the bounds of
 * their rows.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "http/api.h"

static void
check_text(const struct field *f, const json_t *v)
{
	size_t len = json_string_length(v);

	FUZZ_CHECK(json_is_string(v));
	FUZZ_CHECK(strlen(json_string_value(v)) == len);
	FUZZ_CHECK(utf8_is_valid(json_string_value(v), len));
	if (f->type == FIELD_ID)
		FUZZ_CHECK(len == 16);
	else
		FUZZ_CHECK(len >= (size_t)f->min && len <= (size_t)f->max);
}

static void
check_accepted(const struct field *rows, json_t *object)
{
	json_t *v;
	size_t n = 0;

	for (; rows != NULL && rows->name != NULL; rows++) {
		v = json_object_get(object, rows->name);
		FUZZ_CHECK(v != NULL || !rows->required);
		if (v == NULL)
			continue;
		n++;
		if (rows->type == FIELD_INT)
			FUZZ_CHECK(json_integer_value(v) >= rows->min &&
				   json_integer_value(v) <= rows->max);
		else if (rows->type == FIELD_NAMES)
			FUZZ_CHECK(json_array_size(v) <= (size_t)rows->max);
		else if (rows->type != FIELD_BOOL)
			check_text(rows, v);
	}
	FUZZ_CHECK(n == json_object_size(object));
}

/* A refusal names its reason, and the field in whole UTF-8 text or not at all.
 */
static void
check_refused(const struct field_fault *fault)
{
	FUZZ_CHECK(fault->reason != NULL);
	FUZZ_CHECK(utf8_is_valid(fault->name, strlen(fault->name)));
}

static void
check_body(const struct route *route, const char *s, size_t len)
{
	struct field_fault fault;
	json_t *body = json_loadb(s, len, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(body)) {
		if (field_check(route->fields, body, &fault) == 0)
			check_accepted(route->fields, body);
		else
			check_refused(&fault);
	}
	json_decref(body);
}

static void
check_query(const struct route *route, const char *query)
{
	struct field_fault fault;
	json_t *object;

	if (field_parse_query(route->query, query, &object, &fault) != 0) {
		check_refused(&fault);
		return;
	}
	check_accepted(route->query, object);
	json_decref(object);
}

/* The next line of text; NUL-terminated. */
static char *
take_line(char **text)
{
	char *line = *text, *end = line + strcspn(line, "\n");

	*text = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return line;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size), *rest = text;
	char *path = take_line(&rest), *query = take_line(&rest);
	struct api_req r = {.route = NULL};
	size_t method = strcspn(path, " ");

	if (path[method] == ' ') {
		path[method] = '\0';
		if (router_find(&r, path, path + method + 1) == 0) {
			FUZZ_CHECK(strcmp(r.route->method, path) == 0);
			check_query(r.route, query);
			check_body(r.route, rest, strlen(rest));
		}
	}
	free(text);
	return 0;
}

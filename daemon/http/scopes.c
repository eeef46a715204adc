/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scopes of tokens as a table: scopes.h. Called by request.c for every
 * request of a machine and by api_tokens.c for a new token. */
#include "config.h"

#include <string.h>

#include "http/scopes.h"

#define V1 "/api/v1"

static const char *const scope_names[] = {"metrics", "queue", "work",
    "messages", "campaigns", "modems", "audit", "webhooks"};

/* method NULL: each. A tree is what is below a path, too. */
static const struct {
	unsigned scopes;
	const char *method, *path;
	bool is_tree;
} scope_rows[] = {
    {~0u, "GET", V1 "/session", false}, /* who am I */
    {~0u, "GET", V1 "/agencies", false},
    {SCOPE_METRICS, "GET", "/metrics", false},
    {SCOPE_METRICS, "GET", V1 "/status", false},
    {SCOPE_QUEUE, "GET", V1 "/cases", false},
    {SCOPE_QUEUE, "GET", V1 "/cases/{code}", false},
    {SCOPE_WORK, "POST", V1 "/cases", true},
    {SCOPE_MESSAGES, "GET", V1 "/messages", true},
    {SCOPE_CAMPAIGNS, "GET", V1 "/campaigns", false},
    {SCOPE_CAMPAIGNS, "GET", V1 "/campaigns/{id}", false},
    {SCOPE_MODEMS, "GET", V1 "/modems", true},
    {SCOPE_AUDIT, "GET", V1 "/audit", true},
    {SCOPE_WEBHOOKS, NULL, V1 "/webhooks", true},
};

const char *
scope_name(enum scope scope)
{
	for (size_t i = 0; i < TC_NELEM(scope_names); i++)
		if ((unsigned)scope == 1u << i)
			return scope_names[i];
	return "none";
}
_Static_assert(SCOPE_LAST == 1 << (TC_NELEM(scope_names) - 1), "a name each");

int
scope_parse(const char *name, unsigned *bit)
{
	for (size_t i = 0; i < TC_NELEM(scope_names); i++) {
		if (strcmp(name, scope_names[i]) != 0)
			continue;
		*bit = 1u << i;
		return 0;
	}
	return TC_EINVAL;
}

json_t *
scope_list(unsigned scopes)
{
	json_t *list = json_array();

	for (unsigned bit = 1; bit <= SCOPE_LAST; bit <<= 1)
		if ((scopes & bit) != 0)
			json_array_append_new(
			    list, jval_text(scope_name((enum scope)bit)));
	return list;
}

bool
scope_allows(unsigned scopes, const struct route *route)
{
	size_t len;

	for (size_t i = 0; i < TC_NELEM(scope_rows); i++) {
		len = strlen(scope_rows[i].path);
		if ((scope_rows[i].scopes & scopes) != 0 &&
		    (scope_rows[i].method == NULL ||
			strcmp(scope_rows[i].method, route->method) == 0) &&
		    strncmp(scope_rows[i].path, route->path, len) == 0 &&
		    (route->path[len] == '\0' ||
			(scope_rows[i].is_tree && route->path[len] == '/')))
			return true;
	}
	return false;
}

/* What every scope opens does not count. */
bool
scope_is_within(enum scope scope, unsigned roles)
{
	for (size_t i = 0; i < nroutes; i++)
		if ((routes[i].roles & roles) != 0 &&
		    scope_allows(scope, &routes[i]) &&
		    !scope_allows(SCOPE_LAST << 1, &routes[i]))
			return true;
	return false;
}

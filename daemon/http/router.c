/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From method and path to a row of routes[]. Called once a request by
 * request.c. The path comes as the client wrote it: it is cut at "/" first and
 * each segment is decoded then, so that an encoded "/" stays inside its
 * segment.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "http/api.h"

struct span {
	const char *s;
	size_t len;
};

/* Does the path fit the pattern? Fills args with the segments of {names}. */
static bool
router_fits(const char *pattern, const char *path, struct span *args)
{
	size_t n = 0;

	while (*pattern != '\0') {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		pattern += strcspn(pattern, "}") + 1;
		args[n].s = path;
		args[n].len = strcspn(path, "/");
		if (args[n].len == 0)
			return false;
		path += args[n++].len;
	}
	return *path == '\0';
}

static int
router_decode(struct api_req *r, const struct span *args)
{
	char *text;
	int rc = 0;

	for (size_t i = 0; i < API_ARGS_MAX && args[i].s != NULL && rc == 0;
	     i++) {
		text = field_unescape(args[i].s, args[i].len, false);
		if (text == NULL)
			return TC_EINVAL;
		rc = str_printf(r->args[i], sizeof(r->args[i]), "%s", text);
		free(text);
	}
	return rc == 0 ? 0 : TC_EINVAL;
}

/* The methods of all routes with the pattern, as an Allow header wants them;
 * one of a few constant texts. */
static const char *
router_allow(const char *pattern)
{
	static const char *const texts[8] = {"", "GET", "POST", "GET, POST",
	    "DELETE", "GET, DELETE", "POST, DELETE", "GET, POST, DELETE"};
	unsigned mask = 0;

	for (size_t i = 0; i < nroutes; i++) {
		if (strcmp(routes[i].path, pattern) != 0)
			continue;
		if (strcmp(routes[i].method, "PUT") == 0)
			return "PUT";
		mask |= strcmp(routes[i].method, "GET") == 0    ? 1u
			: strcmp(routes[i].method, "POST") == 0 ? 2u
								: 4u;
	}
	return texts[mask];
}

int
router_find(struct api_req *r, const char *method, const char *path)
{
	struct span args[API_ARGS_MAX] = {{NULL, 0}};

	if (path == NULL || *path != '/')
		return TC_EINVAL;
	for (size_t i = 0; i < nroutes; i++) {
		if (!router_fits(routes[i].path, path, args))
			continue;
		if (strcmp(routes[i].method, method) != 0) {
			r->allow = router_allow(routes[i].path);
			continue;
		}
		r->allow = NULL;
		r->route = &routes[i];
		return router_decode(r, args);
	}
	return r->allow != NULL ? TC_EDENIED : TC_ENOENT;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_HTTP_SCOPES_H
#define TINCAY_HTTP_SCOPES_H

/*
 * Private to http/: what a token of a machine may do, beside the roles of the
 * user whose token it is. A request needs both: a role of the user, as he is
 * now, and a scope of the token. What no scope names (users, keys, sessions,
 * tokens, approval, people) no token does.
 */

#include <jansson.h>

#include "http/api.h"

/* Stored: only add at the end. */
enum scope {
	SCOPE_METRICS = 1 << 0,   /* figures and the status */
	SCOPE_QUEUE = 1 << 1,     /* reads the queue and the cases */
	SCOPE_WORK = 1 << 2,      /* everything that handlers do with a case */
	SCOPE_MESSAGES = 1 << 3,  /* what was sent, without texts */
	SCOPE_CAMPAIGNS = 1 << 4, /* reads campaigns */
	SCOPE_MODEMS = 1 << 5,    /* reads modems */
	SCOPE_AUDIT = 1 << 6,     /* head and lines of the ledger */
	SCOPE_WEBHOOKS = 1 << 7,  /* webhooks and their deliveries */
};
#define SCOPE_LAST SCOPE_WEBHOOKS

const char *scope_name(enum scope scope);
/* 0 or TC_EINVAL. */
int scope_parse(const char *name, unsigned *bit) TC_MUSTCHECK;
json_t *scope_list(unsigned scopes);

/* May a token with these scopes ask for this route? */
bool scope_allows(unsigned scopes, const struct route *route);
/* Is there a route that this scope and one of these roles open? */
bool scope_is_within(enum scope scope, unsigned roles);

#endif

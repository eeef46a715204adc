/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_TOKEN_H
#define TINCAY_STORE_TOKEN_H

/* Tokens of machines: a user's, with a part of his rights, until a day. Only a
 * hash of each is kept. Verbs return as store.h says. */

#include "store/store.h"
#include "store/user.h"

#define TOKEN_NAME_MAX 64 /* bytes, NUL included */

struct token {
	int64_t id, user_id;
	char user[USER_NAME_MAX]; /* his name, read only */
	char name[TOKEN_NAME_MAX];
	unsigned scopes; /* of http/scopes.h */
	int64_t created_at, expires_at;
	int64_t used_at;    /* 0 = never; to the minute */
	int64_t revoked_at; /* 0 = not */
};

int store_token_add(struct store *s, const struct token *t,
    const unsigned char hash[32]) TC_MUSTCHECK;
/* One that is neither expired nor revoked; whether its user is active is for the
 * caller to see. TC_ENOENT. */
int store_token_find(struct store *s, const unsigned char hash[32], int64_t now,
    struct token *out) TC_MUSTCHECK;
int store_token_get(
    struct store *s, int64_t id, struct token *out) TC_MUSTCHECK;
int store_token_used(struct store *s, int64_t id, int64_t now) TC_MUSTCHECK;
int store_token_revoke(struct store *s, int64_t id, int64_t now) TC_MUSTCHECK;
/* Of a user, or, 0, of everybody, the newest first. How many. */
typedef int (*store_token_cb)(const struct token *t, void *ctx);
int store_token_each(struct store *s, int64_t user_id, store_token_cb cb,
    void *ctx) TC_MUSTCHECK;
/* How many of a user can be used. */
int store_token_count(
    struct store *s, int64_t user_id, int64_t now, int64_t *n) TC_MUSTCHECK;
/* Those that ended before then go. How many. */
int store_token_purge(struct store *s, int64_t before) TC_MUSTCHECK;

#endif

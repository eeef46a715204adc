/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_HOLDER_H
#define TINCAY_STORE_HOLDER_H

/* The public key of each handler, and his agency's private key sealed to it.
 * Verbs return as store.h says. */

#include "store/user.h"

struct holder {
	char user[USER_NAME_MAX];
	char agency[AGENCY_CODE_MAX];
	bool has_key, has_share;
	unsigned char public_key[32]; /* his own */
	unsigned char agency_key[32]; /* public half of what sealed holds */
	unsigned char sealed[80];
};

/* His key; a share for another one is destroyed. */
int store_holder_set_key(
    struct store *s, int64_t user_id, const unsigned char pk[32]) TC_MUSTCHECK;
/* TC_ENOENT: he has no key. */
int store_holder_give(
    struct store *s, int64_t user_id, const struct holder *share) TC_MUSTCHECK;
int store_holder_get(
    struct store *s, int64_t user_id, struct holder *out) TC_MUSTCHECK;
/* Key and share are destroyed. */
int store_holder_remove(struct store *s, int64_t user_id) TC_MUSTCHECK;

/* Every handler of an agency who is not revoked, by name, with or without a
 * key. How many, or what cb returned. */
typedef int (*store_holder_cb)(const struct holder *h, void *ctx);
int store_holder_each(struct store *s, const char *agency, store_holder_cb cb,
    void *ctx) TC_MUSTCHECK;

#endif

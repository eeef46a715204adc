/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_REKEY_H
#define TINCAY_STORE_REKEY_H

/* A new key of an agency, and the copies that are sealed to its last one. Verbs
 * return as store.h says. */

#include "store/user.h"

/* Replace the key; every copy of the agency is an old one then. TC_ENOENT: it
 * has none yet. */
int store_rekey(struct store *s, const char *agency, const unsigned char pk[32],
    int64_t now) TC_MUSTCHECK;
/* A new key is due since; an earlier time stays. */
int store_rekey_due(
    struct store *s, const char *agency, int64_t now) TC_MUSTCHECK;
struct rekey_state {
	int64_t due_at; /* 0 = not due */
	int64_t old;    /* copies, and addresses of DCTC, sealed to the last
			   key */
};
int store_rekey_state(
    struct store *s, const char *agency, struct rekey_state *out) TC_MUSTCHECK;

typedef int (*store_rekey_cb)(
    int64_t case_id, const void *sealed, size_t len, void *ctx);
/* Old copies of an agency, each as it is sealed for `from` (the agency itself or
 * RECOVERY), at most limit. How many. */
struct rekey_query {
	const char *agency, *from;
	int limit;
};
int store_rekey_each(struct store *s, const struct rekey_query *q,
    store_rekey_cb cb, void *ctx) TC_MUSTCHECK;
/* TC_ENOENT: there is no old copy. */
int store_rekey_replace(struct store *s, int64_t case_id, const char *agency,
    const unsigned char sealed[80]) TC_MUSTCHECK;

#endif

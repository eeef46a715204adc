/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_REKEY_H
#define TINCAY_REKEY_H

/*
 * A new key for an agency. Its holder makes it on his side and registers the
 * public half; from then on cases are sealed to it. The copies that are there
 * are old ones until his client has opened each with the last key and sealed its
 * 32 bytes anew; when the last key is lost, whoever holds that of RECOVERY does
 * it. A revoked user makes a new key due, and the daily text nags.
 *
 * Inside a turn op, but for what only reads. Every act is in the ledger.
 */

#include "core.h"
#include "store/rekey.h"

/* By a handler of the agency. TC_EDENIED: it is another's; TC_ENOENT: it has no
 * key yet; TC_EEXIST: that is its key; TC_ESTATE: copies are left that are
 * sealed to the key before the last; TC_EINVAL: unusable. */
int rekey_rotate(struct core *c, const struct user *u, const char *agency,
    const unsigned char pk[32]) TC_MUSTCHECK;

/* The old copies, by its handlers for themselves, by an administrator for
 * RECOVERY (q->from). TC_EDENIED. How many. */
int rekey_each(struct core *c, const struct user *u,
    const struct rekey_query *q, store_rekey_cb cb, void *ctx) TC_MUSTCHECK;

/* One of them sealed anew, by either. TC_ENOENT: there is none. */
struct rekey_copy {
	const char *agency;
	int64_t case_id;
	const unsigned char *sealed; /* 80 bytes */
};
int rekey_replace(struct core *c, const struct user *u,
    const struct rekey_copy *copy) TC_MUSTCHECK;

/* Somebody who knew the key of this agency is gone. */
int rekey_due(struct core *c, const char *agency) TC_MUSTCHECK;

/* Tell in the log which agencies need a new key or have old copies. */
void rekey_nag(struct core *c);

#endif

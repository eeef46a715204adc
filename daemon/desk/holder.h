/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_HOLDER_H
#define TINCAY_HOLDER_H

/*
 * Who holds an agency's key. Every handler has a key pair of his own, whose
 * private half stays in a file at his side; the agency's private key is sealed to
 * it there by somebody who has it, and kept here as 80 bytes that nobody on this
 * machine can open. Revoking a user destroys his.
 *
 * Inside a turn op, but for what only reads. Every act is in the ledger.
 */

#include "core.h"
#include "store/holder.h"

/* His own key. TC_EDENIED: he is no handler of an agency; TC_EINVAL: unusable.
 * Another key than before takes his share away. */
int holder_set_key(struct core *c, const struct user *u,
    const unsigned char pk[32]) TC_MUSTCHECK;

/* The agency's key for one of its handlers, sealed by another or by whoever sets
 * up. TC_EDENIED: not his agency; TC_ENOENT: no such handler there; TC_ESTATE: he
 * has no key, or the agency has none. */
struct holder_gift {
	const char *agency, *user;
	const unsigned char *sealed; /* 80 bytes */
};
int holder_give(struct core *c, const struct user *by,
    const struct holder_gift *gift) TC_MUSTCHECK;

/* May he see and give them? */
bool holder_may(const struct user *u, const char *agency);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_PURGE_H
#define TINCAY_STORE_PURGE_H

/* What is not kept any longer: closed cases with all that hangs on them, and
 * messages that were settled. Verbs return as store.h says. */

#include "store/case.h"

/* A closed case without a hold, closed before then, or TC_ENOENT. */
int store_purge_next(
    struct store *s, int64_t before, struct case_row *out) TC_MUSTCHECK;

/* Take a case away: its copies of the key, its items, and its contact when no
 * other case has it; the count of its kind stays, and so does the ledger. */
int store_purge_case(struct store *s, const struct case_row *c) TC_MUSTCHECK;

/* Take away at most 500 messages that are older and settled. Returns how
 * many. */
int store_purge_messages(struct store *s, int64_t before) TC_MUSTCHECK;

/* Take away at most 500 contacts that never had a case, or have none any more,
 * and to whom no message is kept either. Returns how many. */
int store_purge_contacts(struct store *s, int64_t before) TC_MUSTCHECK;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_PURGE_H
#define TINCAY_PURGE_H

/*
 * Retention (R21): purge_days after a case was closed its sealed texts, every
 * copy of its key and, when she has no other case, her number are destroyed;
 * counters and the ledger stay. A hold (an SMS can be a legal report) stops
 * that. Messages that were settled so long ago go, too, and numbers of people who
 * wrote but have no case.
 */

#include "core.h"

/* Purge what is due, a bounded number at a time. The caller commits, and then
 * calls purge_finish(). Returns how many cases, or a negative error. */
int purge_run(struct core *c);

/* After a commit: empty the WAL when something was purged; a reader in the way
 * means later. */
void purge_finish(struct core *c);

#endif

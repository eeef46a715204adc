/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_PEOPLE_PRIVATE_H
#define TINCAY_PEOPLE_PRIVATE_H

/* What the files of outreach/ share about a person; numbers are canonical. */

#include "core.h"
#include "store/person.h"

int people_find(
    struct core *c, const char *number, struct person *out) TC_MUSTCHECK;

/* Insert p (its id, created_at and operator are set here). */
int people_add(
    struct core *c, const char *number, struct person *p) TC_MUSTCHECK;

/* Write the person and the ledger row: consent given or withdrawn. */
int people_consent(struct core *c, struct person *p,
    const struct consent *ledger) TC_MUSTCHECK;

/* Opt him out for a reason that the ledger names: "sms", "dnc". */
int people_withdraw(
    struct core *c, struct person *p, const char *how) TC_MUSTCHECK;

/* May no sheet bring this number in? people_block: TC_EEXIST when it stood
 * there. why: "forgotten", "dnc". */
int people_is_blocked(struct core *c, const char *number) TC_MUSTCHECK;
int people_block(
    struct core *c, const char *number, const char *why) TC_MUSTCHECK;

#endif

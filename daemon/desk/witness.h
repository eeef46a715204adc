/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_WITNESS_H
#define TINCAY_WITNESS_H

/*
 * Reports of witnesses (R26): who reported is not in the record of the incident.
 * The number is sealed to the case's key in a row of its own, which is no item
 * and not shown with the case; a look at it is an act of its own, with a reason,
 * in the ledger. The desk knows no number of whom a report is about: nothing can
 * be sent there.
 */

#include "core.h"
#include "store/case.h"
#include "store/user.h"

struct buf;

/* Keep who reported this case. Inside a turn op. */
int witness_keep(
    struct core *c, const struct case_row *k, const char *number) TC_MUSTCHECK;

/* 1: its items carry no number; 0; an error. */
int witness_is(struct core *c, int64_t case_id) TC_MUSTCHECK;

/* Look at who reported: by the handler who has the case, for a reason ("call",
 * "danger", "legal"). Inside a turn op. 0 with the sealed number appended and the
 * agency's copy of the case key; as act.h says, and TC_EINVAL: no such reason;
 * TC_ENOENT: also when it is no report. */
struct witness_look {
	const char *code, *reason;
	unsigned char sealed_key[80];
	struct buf *sealed;
};
int witness_view(struct core *c, const struct user *u,
    struct witness_look *look) TC_MUSTCHECK;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_DESK_PRIVATE_H
#define TINCAY_DESK_PRIVATE_H

/* What desk.c and file.c share. */

#include "core.h"
#include "store/case.h"
#include "store/user.h"

/* The one setter of a case's state, in memory: 0, or TC_ESTATE when the move is
 * not in the table. */
int desk_move(struct case_row *k, const char *to) TC_MUSTCHECK;

/* Append a line to the hash-chained ledger; u NULL: the system. */
int desk_log(struct core *c, int64_t case_id, const char *act,
    const struct user *u) TC_MUSTCHECK;

/* After the commit wake whoever waits for a queue of this case. */
int desk_changed(struct core *c, int64_t case_id) TC_MUSTCHECK;

#endif

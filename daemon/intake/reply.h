/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_REPLY_H
#define TINCAY_REPLY_H

/*
 * Whether a text is answered, and with what. The reply goes out on the SIM that
 * it came to or not at all, in time or not at all (R3), and every intent that a
 * person will answer gets the same one (R1: the lint of the content pack holds
 * that).
 */

#include "core.h"
#include "intake/budget.h"
#include "util.h"

struct contact;
struct inbound;
struct match;

struct reply_request {
	const struct inbound *in;
	const char *number;        /* canonical */
	const struct match *match; /* how the text was read */
	struct contact *contact;   /* either the contact ... */
	int64_t person_id;       /* ... or the person; the other is NULL / 0 */
	const char *reply_id;    /* of the pack; NULL: that of the match */
	struct budget_ask heard; /* as it was counted */
};

/* Queue the reply, or decide that there is none: 0 both times. */
int reply_send(struct core *c, const struct reply_request *r) TC_MUSTCHECK;

#endif

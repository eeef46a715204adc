/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OUTBOX_FEED_H
#define TINCAY_OUTBOX_FEED_H

/*
 * Private to outbox/: campaigns become messages one recipient at a time, when a
 * modem has nothing better to do. So a hundred thousand recipients are rows of
 * `recipient`, not of `part`, and every check is made at the moment of sending.
 */

#include "core.h"
#include "store/message.h"

/* Make the message of the notice that has been due longest (notice.h), or of the
 * next recipient of the campaign that started first: one whose number is of this operator ("" = not known) before others, for that
 * is cheaper. Those who may not get it are suppressed on the way. 1 and its
 * first part, 0 when there is none, negative error. Only in sending hours (M26).
 */
int outbox_feed(
    struct core *c, const char *operator_name, struct part *out) TC_MUSTCHECK;

/* Who has waited for his turn is in the queue again; campaigns whose end has
 * passed let go of the rest. */
int outbox_feed_upkeep(struct core *c) TC_MUSTCHECK;

#endif

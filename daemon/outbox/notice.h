/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OUTBOX_NOTICE_H
#define TINCAY_OUTBOX_NOTICE_H

/*
 * Private to outbox/: notices, texts that somebody asked for and that are due at
 * a time: the reminder of the event that he signed up for, the texts of a series.
 * That consent is for these alone: it makes nobody a subscriber, and he need not be one.
 * They go in the lane of campaigns and keep its hours and limits.
 *
 *   queued ──> sending ──> as its message (state.h)
 *     └──> suppressed | cancelled
 */

#include "core.h"
#include "store/message.h"

struct outbox_refusal;

/* Is this message a notice? Its row has the same id. */
bool outbox_is_notice(const struct message *m);

/* Make the message of the notice that has been due longest. 1 and its first
 * part; 0: it was suppressed or waits, there may be another; TC_ENOENT: none is
 * due; other errors. Only in sending hours. */
int outbox_notice_feed(struct core *c, struct part *first) TC_MUSTCHECK;

/* May it go out now? As outbox_render(). */
int outbox_notice_check(struct core *c, const struct message *m,
    const struct part *part, struct outbox_refusal *why) TC_MUSTCHECK;

/* Append the text of a notice that is no fixed text of the pack. */
struct buf;
int outbox_notice_text(
    struct core *c, int64_t id, struct buf *out) TC_MUSTCHECK;

#endif

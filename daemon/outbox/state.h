/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OUTBOX_STATE_H
#define TINCAY_OUTBOX_STATE_H

/*
 * Private to outbox/: the only place where parts and messages change state.
 *
 *   part   queued ──> submitting ──> sent ──> delivered | undelivered
 *            │  ^           │          └─────> no_report ──> (a late report)
 *            │  └───────────┤ certainly not on the air, or refused for now
 *            │              ├──> failed: refused for good, or too often
 *            v              └──> uncertain ──> sent | failed, by evidence
 *         cancelled                            from the spool; delivered |
 *                                              undelivered, by a report
 *
 *   message   queued ──> sending ──> sent ──> delivered | partly |
 *               │          │ │                undelivered | no_report
 *               │          │ └─────> uncertain | failed | partly
 *               └──────────┴───────> cancelled | expired | suppressed
 *
 * The verdict of a message is built from its parts (outbox_settle_message) and
 * moves when they do. A recipient of a campaign follows its message.
 */

#include "core.h"
#include "store/message.h"

struct buf;

/* Write a new message and its m->nparts parts: lane, receiver, texts and expiry
 * are set in m; id (unless it has one), creation and reference are set here. staff: the boxed number
 * of our own staff, NULL for all others. *first is its first part. */
int outbox_put(struct core *c, struct message *m, const char *not_modem,
    const struct buf *staff, struct part *first) TC_MUSTCHECK;

/* Move a part; p->tp_mr, code, modem are written with it. TC_ESTATE when the
 * move is not legal (logged: it is our bug or a late peer). */
int outbox_move_part(
    struct core *c, struct part *p, const char *to) TC_MUSTCHECK;

/* A part has come to an end: build the verdict of its message from all of them
 * and write it with the reason (a fixed word), with its recipient and, when
 * nobody is left, the end of the campaign. */
int outbox_settle_message(
    struct core *c, const struct part *p, const char *reason) TC_MUSTCHECK;

/* Nobody knows what became of a part that was being submitted: uncertain. */
int outbox_lose_part(struct core *c, struct part *p) TC_MUSTCHECK;

/* End a message before it went out: its queued parts are cancelled. state is
 * "cancelled", "expired" or "suppressed". */
int outbox_drop_message(struct core *c, struct message *m, const char *state,
    const char *reason) TC_MUSTCHECK;

#endif

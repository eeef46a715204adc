/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SELFTEST_H
#define TINCAY_SELFTEST_H

/*
 * A modem writes to itself: does a text go out, and does it come back? The text
 * is the reply TEST of the pack with a token in its slot {time}. A text of one
 * of our own numbers with such a token is not filed and not answered, also
 * after a restart, for the token proves itself (a keyed hash of its time); all
 * others of our own numbers are somebody's to look at (R30).
 */

#include "core.h"

struct inbound;
struct selftest;

#define SELFTEST_S 60 /* later the text is not sent any more */

struct selftest *selftest_new(struct core *c);
void selftest_free(struct selftest *t);

/* It came back: after so many milliseconds. */
typedef void (*selftest_cb)(int64_t ms, void *ctx);

/*
 * Send one through modem to its own number. Inside a turn op. cb is called at
 * most once, after the commit of what came back, unless selftest_forget() with
 * its ctx came first. 0; TC_ENOENT: no such modem; TC_EINVAL: its number is not
 * in the configuration; TC_EAGAIN: one is on its way already; or as
 * outbox_staff().
 */
int selftest_send(struct selftest *t, const char *modem, selftest_cb cb,
    void *ctx, int64_t *message_id) TC_MUSTCHECK;
void selftest_forget(struct selftest *t, const void *ctx);

/* Is this text of one of our own numbers a test? Inside a turn op. c->selftest
 * may be NULL: then nobody waits for it. */
bool selftest_receive(struct core *c, const struct inbound *in);

#endif

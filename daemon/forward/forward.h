/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FORWARD_H
#define TINCAY_FORWARD_H

/*
 * Webhooks: systems of agencies are told that something of their queue changed.
 * Standard Webhooks: webhook-id (the same in every try), webhook-timestamp,
 * webhook-signature (v1, HMAC-SHA256). A webhook is a hint; the queue is the
 * truth.
 *
 *   queued ──2xx──> delivered
 *      │ ^────────────────────── by hand ──┐
 *      └──refused (4xx), or too old──> dead┘
 *
 * What is to be said is written in the turn of what caused it and sent after its
 * commit, at least once. One at a time and in order goes to each receiver; a
 * receiver that fails rests, longer each time (forward.c has the table), and its
 * own deliveries wait behind it, nobody else's. What waited for three days is
 * dead: it is kept for a month, and a person may send it again.
 */

#include "core.h"
#include "store/case.h"
#include "store/webhook.h"
#include "vault/vault.h"

struct event_base;

#define FORWARD_MAX 32 /* webhooks */

/* Never NULL; core and base must outlive it. Reads the webhooks and begins.
 * private_names and the other options of conf are used for as long. */
struct forward *forward_new(struct core *c, struct event_base *base);
/* Ends what is on its way: it is sent again after the next start. NULL is
 * allowed. */
void forward_free(struct forward *f);

/* Inside a turn op: tell those who see the case that this was done (an act of
 * the ledger). Nothing to do when there is no webhook. 0 or TC_EIO. */
int forward_case(
    struct core *c, const struct case_row *k, const char *act) TC_MUSTCHECK;

/* Inside a turn op. A new webhook: name, agency and url of w; the rest is filled
 * in, and its secret is told this once. 0; TC_EEXIST; TC_EFULL (there are
 * FORWARD_MAX); TC_EIO. The URL must have passed forward_check_url(). */
int forward_add(struct core *c, struct webhook *w,
    char secret[VAULT_WEBHOOK_SECRET_SIZE]) TC_MUSTCHECK;
/* NULL, or what is wrong with it (fixed words). */
const char *forward_check_url(const char *url);
/* With all that it was to be told. 0; TC_ENOENT; TC_EIO. */
int forward_remove(struct core *c, const char *name) TC_MUSTCHECK;
/* Send a dead delivery again, with its old id. 0; TC_ENOENT; TC_ESTATE (it is
 * not dead); TC_EIO. */
int forward_retry(struct core *c, const char *name, int64_t id,
    struct delivery *out) TC_MUSTCHECK;
/* Send "webhook.test", and whatever waits, now. 0; TC_ENOENT; TC_EIO. */
int forward_test(
    struct core *c, const char *name, struct delivery *out) TC_MUSTCHECK;

/* Old deliveries go, and what is due by a clock that was set is sent. Outside
 * of turn ops. */
void forward_upkeep(struct core *c);

/* Since the start. */
struct forward_stats {
	uint64_t delivered, failed, dead; /* failed: tries */
};
void forward_get_stats(const struct core *c, struct forward_stats *out);

#endif

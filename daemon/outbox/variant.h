/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OUTBOX_VARIANT_H
#define TINCAY_OUTBOX_VARIANT_H

/*
 * Which text of a campaign a person gets, chosen when a modem has time for him
 * (he may have asked for another language since the approval), and how it reads.
 * The texts were made whole at the check (outreach/variant.h); what is left to
 * put in is the reader's own hamlet.
 */

#include "core.h"
#include "store/campaign.h"
#include "store/message.h"
#include "store/variant.h"

struct buf;

/* The one thing that a text has of its reader. */
#define OUTBOX_VARIANT_HAMLET "{thon}"
/* Longest text, bytes, NUL included. */
#define OUTBOX_VARIANT_MAX 2048

struct outbox_variant {
	int64_t text_id;
	int nparts; /* never more than at approval */
	char slots[MESSAGE_SLOTS_MAX];
};

/* The text of a running campaign for this person. 0; TC_ENOENT: the campaign
 * was never checked; other errors. */
int outbox_variant_choose(struct core *c, const struct campaign_row *k,
    const struct person *p, struct outbox_variant *out) TC_MUSTCHECK;

/* Append a text with this hamlet in it; one that cannot be put in ("", or with
 * braces) is the commune's signature. 0; TC_EINVAL: it holds other braces;
 * TC_EFULL. */
int outbox_variant_fill(struct core *c, const char *text, const char *hamlet,
    bool is_bare, struct buf *out) TC_MUSTCHECK;

/* Append what a message with a text_id says. TC_ENOENT: its campaign was changed
 * meanwhile. */
int outbox_variant_text(
    struct core *c, const struct message *m, struct buf *out) TC_MUSTCHECK;

/* One text of a checked campaign to our own staff, marked as a test: it is of no
 * campaign, counts as nobody's and asks for no report. Inside a turn op. 0;
 * TC_ENOENT: no such text. */
struct outbox_trial {
	const char *number; /* canonical */
	int64_t text_id;
	bool is_personal, is_bare; /* as the text's row says */
};
int outbox_trial(struct core *c, const struct outbox_trial *t,
    int64_t *message_id) TC_MUSTCHECK;

#endif

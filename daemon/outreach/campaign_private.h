/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CAMPAIGN_PRIVATE_H
#define TINCAY_CAMPAIGN_PRIVATE_H

/* What the files about campaigns share. */

#include "outreach/campaign.h"

/* Set the reason and return rc. */
int campaign_refuse(struct campaign_refusal *why, int rc, const char *reason);

/* Is this a text that a draft may have? 0 and its coding and segments in row,
 * whose author is set, or TC_EINVAL. Whether it may be said is the check's
 * business (lint.h), but for a trusted address. */
int campaign_measure(struct core *c, const char *text, struct campaign_row *row,
    struct campaign_refusal *why) TC_MUSTCHECK;

int campaign_fill(struct core *c, const struct campaign_row *row,
    struct campaign *out) TC_MUSTCHECK;

/* Keep who did it, for whoever asks later. detail: "" = none. */
int campaign_record(struct core *c, const struct user *u, int64_t id,
    const char *act, const char *detail) TC_MUSTCHECK;
/* How often this was done to it in the last seconds; negative error. */
int campaign_acts_since(
    struct core *c, int64_t id, const char *act, int64_t seconds) TC_MUSTCHECK;

#endif

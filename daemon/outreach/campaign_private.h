/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CAMPAIGN_PRIVATE_H
#define TINCAY_CAMPAIGN_PRIVATE_H

/* What the files about campaigns share. */

#include "outreach/campaign.h"

/* Set the reason and return rc. */
int campaign_refuse(struct campaign_refusal *why, int rc, const char *reason);

/* May this be said to everybody? 0 and its coding and segments in row, or
 * TC_EINVAL. */
int campaign_lint(struct core *c, const char *text, struct campaign_row *row,
    struct campaign_refusal *why) TC_MUSTCHECK;

int campaign_fill(struct core *c, const struct campaign_row *row,
    struct campaign *out) TC_MUSTCHECK;

#endif

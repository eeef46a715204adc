/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_CAMPAIGN_H
#define TINCAY_CTL_CAMPAIGN_H

/* What the two files of campaign verbs share. */

#include "ctl/ctl.h"

/* Show a campaign that the daemon answered (dropped). An exit code. */
int campaign_print(struct ctl *c, json_t *answer);

extern const struct operand campaign_id[], campaign_name[], campaign_years[];
extern const struct option_row campaign_new_options[], campaign_edit_options[];
int campaign_new(struct ctl *c, const struct args *a);
int campaign_edit(struct ctl *c, const struct args *a);
int campaign_copy(struct ctl *c, const struct args *a);

#endif

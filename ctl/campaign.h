/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_CAMPAIGN_H
#define TINCAY_CTL_CAMPAIGN_H

/* What the files of campaign verbs share. */

#include "ctl/ctl.h"

/* Show a campaign that the daemon answered (dropped). An exit code. */
int campaign_print(struct ctl *c, json_t *answer);

extern const struct operand campaign_id[], campaign_name[], campaign_years[];
extern const struct option_row campaign_new_options[], campaign_edit_options[];
int campaign_new(struct ctl *c, const struct args *a);
int campaign_edit(struct ctl *c, const struct args *a);
int campaign_copy(struct ctl *c, const struct args *a);

/* The text of --text or --text-file without line breaks at its end; NULL when
 * neither is given. An exit code; the caller frees *out. */
int campaign_text(struct ctl *c, const struct args *a, char **out);

/* "L,M" as an array. */
json_t *campaign_names(const char *value);

/* --- campaign_content.c --- */

extern const struct view campaign_finding_view;
extern const struct option_row campaign_variant_options[],
    campaign_test_options[], campaign_export_options[];
int campaign_variant(struct ctl *c, const struct args *a);
int campaign_test(struct ctl *c, const struct args *a);
int campaign_export(struct ctl *c, const struct args *a);
/* What the lint found, who gets what, who did what; below them the texts of
 * the variants. An exit code. */
int campaign_print_content(struct ctl *c, const json_t *answer);

#endif

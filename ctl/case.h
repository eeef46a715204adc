/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_CASE_H
#define TINCAY_CTL_CASE_H

/* What the two files of the case verbs share. */

#include "ctl/ctl.h"

extern const struct view case_view;
extern const struct option_row case_show_options[];

/* The case in an answer, {"case": {...}} or bare; lives as long as answer. */
json_t *case_of(json_t *answer);

/* case show CODE: the clear part, and with a key what was written. */
int case_show(struct ctl *c, const struct args *a);

#endif

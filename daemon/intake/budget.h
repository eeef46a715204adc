/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_BUDGET_H
#define TINCAY_BUDGET_H

/*
 * How often one number is answered (R30). A phone that sends the same text again
 * and again is a machine, or a pocket; two machines would answer each other for
 * ever. What comes over the budget is kept and filed like everything else: only
 * the automatic reply is left out.
 *
 * In memory: after a restart everybody may be answered again.
 */

#include "util.h"

#define BUDGET_REPLIES 6 /* in BUDGET_WINDOW_S */
#define BUDGET_WINDOW_S 3600
#define BUDGET_REPEATS 3            /* of one text in a row ... */
#define BUDGET_REPEATS_WINDOW_S 600 /* ... in this time are still answered */
#define BUDGET_NUMBERS 4096

struct budget;

struct budget *budget_new(void);
void budget_free(struct budget *b);

/* A number (any keyed hash of it) wrote a text (any hash of it) and would be
 * answered at mono_ms: true, and the reply is counted; or false. */
bool budget_take(
    struct budget *b, uint64_t number, uint64_t text, int64_t mono_ms);

#endif

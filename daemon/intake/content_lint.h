/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CONTENT_LINT_H
#define TINCAY_CONTENT_LINT_H

/*
 * The words that an automatic message must not hold. Shared by content.c, which
 * asks while a pack is loaded, and by content_lint_outbound() at the last door.
 */

#include "broadcast.h"
#include "lint.h"

struct lint;

/* The built-in lists with the commune's own names and, for what officials write,
 * its list of wording (broadcast may be NULL). Keeps nothing of either. */
struct lint *lint_new(
    const struct content_commune *commune, const struct broadcast *broadcast);
void lint_free(struct lint *l);

/* May this text leave at all? As content_lint_outbound(). Remembers the texts
 * that may: one thread at a time. */
int lint_outbound(
    struct lint *l, const char *text, const char **why) TC_MUSTCHECK;

/* May it be the neutral reply that everybody gets who asked for something?
 * Besides the above it names no agency and not the commune. */
int lint_neutral(
    const struct lint *l, const char *text, const char **why) TC_MUSTCHECK;

/* As content_signs(). */
int lint_signs(const struct lint *l, const char *text, content_sign_cb cb,
    void *ctx) TC_MUSTCHECK;

#endif

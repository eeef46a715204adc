/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_BROADCAST_H
#define TINCAY_BROADCAST_H

/*
 * broadcast.conf of the content pack: what campaigns of this commune must look
 * like. Without the file: no label, the themes of violence need a hotline, and
 * the usual names of groups.
 */

#include "faults.h"

struct broadcast_words {
	char **items;
	size_t n;
};

struct broadcast_theme {
	int year;
	char *text; /* the motto of that year's action month (M32) */
};

struct broadcast {
	char *label; /* what every text begins with, "[QC]"; "" = nothing */
	/* Phrases that blame or box in (M42), as they were written. */
	struct broadcast_words wording;
	struct broadcast_words hotline_themes; /* need a hotline (R10, M31) */
	struct broadcast_words men, pupils;    /* names of groups, folded */
	struct broadcast_theme *themes;
	size_t nthemes;
};

/* Read DIR/broadcast.conf. NULL when it is faulty: *faults has an entry more. */
struct broadcast *broadcast_load(const char *dir, struct faults *faults);
void broadcast_free(struct broadcast *b);

/* The motto of a year; NULL when the pack has none. */
const char *broadcast_theme(const struct broadcast *b, int year);

/* Is this name of a group one of those? */
bool broadcast_is_group(const struct broadcast_words *groups, const char *kind);

/* Does a campaign of this theme need a hotline in every text? */
bool broadcast_needs_hotline(const struct broadcast *b, const char *theme);

#endif

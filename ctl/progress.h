/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_PROGRESS_H
#define TINCAY_CTL_PROGRESS_H

/*
 * How far something is. On a terminal one line that is drawn again in place,
 * with the time that is probably left; elsewhere a plain line every few
 * seconds.
 */

#include <stdio.h>

#include "buf.h"

struct progress {
	FILE *out;
	const char *label; /* safe text */
	bool terminal;
	bool drawn;       /* a line is on the screen that must be ended */
	bool complete;    /* all done was shown */
	int64_t plain_ms; /* between two plain lines */
	int64_t started_ms, shown_ms;
	int64_t first; /* what was done already when it started */
};

/* label must live as long; nothing is written yet. */
void progress_begin(struct progress *p, FILE *out, const char *label);

/* done of total; note (safe text, may be NULL) stands behind. Calls may come as
 * often as they like. */
void progress_show(
    struct progress *p, int64_t done, int64_t total, const char *note);

/* Leave the last state on the screen and go to a new line. */
void progress_end(struct progress *p);

/* "████████░░░░░░░░" of cells columns. */
void progress_bar(struct buf *out, int64_t done, int64_t total, int cells);

/* Seconds left at the pace so far, -1 unknown. */
int64_t progress_left(
    int64_t done, int64_t total, int64_t first, int64_t elapsed_ms);

#endif

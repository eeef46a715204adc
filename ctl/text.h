/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_TEXT_H
#define TINCAY_CTL_TEXT_H

/*
 * Text on a terminal. What a phone or a server sent is shown, never obeyed:
 * control characters, terminal escapes, marks that turn the direction of
 * writing and bytes that are not UTF-8 become visible ("\x1b", "\u{202e}").
 */

#include "buf.h"

enum text_mode {
	TEXT_LINE, /* line breaks and tabs become a space */
	TEXT_BLOCK /* line breaks stay, "\r\n" is one */
};

/* Append s to out, made safe. NULL is nothing. */
void text_safe(struct buf *out, const char *s, enum text_mode mode);

/* Append a JSON document; characters that a terminal would obey, which JSON
 * allows inside strings, become \u escapes. */
void text_safe_json(struct buf *out, const char *json);

/* Columns that a safe text takes on a terminal. */
size_t text_width(const char *s);

#define TEXT_ZONE_S (7 * 3600) /* Viet Nam, east of UTC */
#define TEXT_TIME_SIZE 32

/* "23/11/2026 21:34:41" in the zone +07:00, or "... UTC"; "–" for 0, "?" for
 * what no calendar holds. Returns out. */
const char *text_time(int64_t t, bool utc, char out[TEXT_TIME_SIZE]);

#endif

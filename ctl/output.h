/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_OUTPUT_H
#define TINCAY_CTL_OUTPUT_H

/*
 * Answers for people: tables and records described by rows, aligned by the
 * width that characters have on a terminal. Answers for machines: one JSON
 * document. The description is also what an answer is checked against: a value
 * of another type is TC_EPROTO and nothing is shown.
 */

#include <stdio.h>

#include <jansson.h>

#include "ctl/text.h"

struct ctl;

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_BAD,
	STYLE_DIM,
	NSTYLES
};

/* A fixed word of the API and what people read instead. The last row of a
 * table has no name. */
struct word {
	const char *name, *text;
	enum style style;
};

enum cell_kind {
	CELL_TEXT,    /* string */
	CELL_WORD,    /* string, translated; as it is when not in the table */
	CELL_WORDS,   /* array of strings, translated, joined with ", " */
	CELL_INT,     /* integer */
	CELL_TIME,    /* UTC seconds, 0: none */
	CELL_SPAN,    /* seconds, as "3 giờ 20 phút" */
	CELL_PERCENT, /* integer; negative: unknown */
	CELL_YESNO,   /* boolean */
	CELL_URGENCY, /* 0..4 */
	CELL_KEY,     /* base64 of a public key: its first bytes in hex */
	NCELLS
};

struct column {
	const char *key; /* "a.b" goes into an object */
	const char *label;
	enum cell_kind kind;
	const struct word *words;
	bool optional; /* may be missing; null may stand everywhere */
};

struct view {
	const struct column *columns;
	size_t ncolumns;
	const char *empty; /* what to say when a list has no rows */
};

/* One value as safe text. 0 or TC_EPROTO. style may be NULL. */
int out_cell(const struct ctl *c, const struct column *col, const json_t *row,
    struct buf *out, enum style *style) TC_MUSTCHECK;

/* An array of objects as a table; one object as "label: value" lines. 0 or
 * TC_EPROTO (nothing was written). */
int out_table(
    const struct ctl *c, const struct view *v, const json_t *rows) TC_MUSTCHECK;
int out_record(const struct ctl *c, const struct view *v,
    const json_t *object) TC_MUSTCHECK;

/* The document, indented, or on one line for streams. */
void out_json(const struct ctl *c, const json_t *document, bool one_line);

/* A line for people, already safe; nothing when JSON is asked for. */
void out_line(const struct ctl *c, const char *fmt, ...) TC_PRINTF(2, 3);

/* The escape sequence of a style, "" without colours. */
const char *out_style(bool colour, enum style style);

/* Are colours welcome on this stream: a terminal, no NO_COLOR, not dumb. */
bool out_has_colour(FILE *f);

/* The text of a fixed word, or the word itself. */
const struct word *out_word(const struct word *words, const char *name);

#endif

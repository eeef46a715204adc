/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables and records for people, JSON for machines, on standard output.
 *
 * Called by the verbs with what the daemon answered. Owns nothing. An answer of
 * another shape than the view says is refused before a byte is written; that
 * standard output cannot be written is found by main.c at the end.
 */
#include "config.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/shape.h"

#define CELL_MAX 65536
#define GAP 2 /* columns between two columns */

struct cell {
	char *text;
	size_t width;
	enum style style;
};

static const char *const style_codes[NSTYLES] = {
    [STYLE_PLAIN] = "",
    [STYLE_BOLD] = "\033[1m",
    [STYLE_GOOD] = "\033[32m",
    [STYLE_WARN] = "\033[33m",
    [STYLE_BAD] = "\033[1;31m",
    [STYLE_DIM] = "\033[2m",
};

static const enum style urgency_styles[] = {
    STYLE_BAD, STYLE_WARN, STYLE_PLAIN, STYLE_PLAIN, STYLE_DIM};

const char *
out_style(bool colour, enum style style)
{
	return colour ? style_codes[style] : "";
}

bool
out_has_colour(FILE *f)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (no_color != NULL && no_color[0] != '\0')
		return false;
	if (term != NULL && strcmp(term, "dumb") == 0)
		return false;
	return isatty(fileno(f)) == 1;
}

const struct word *
out_word(const struct word *words, const char *name)
{
	for (; words != NULL && words->name != NULL; words++)
		if (strcmp(words->name, name) == 0)
			return words;
	return NULL;
}

/* The value at "a.b"; NULL when it is missing or null. */
static const json_t *
cell_value(const json_t *row, const char *key)
{
	const char *dot = strchr(key, '.');
	const json_t *value;
	char *head;

	if (dot == NULL) {
		value = json_object_get(row, key);
	} else {
		head = xstrndup(key, (size_t)(dot - key));
		value = cell_value(json_object_get(row, head), dot + 1);
		free(head);
	}
	return json_is_null(value) ? NULL : value;
}

/* --- one formatter for each kind of cell --- */

struct cell_ctx {
	const struct ctl *c;
	const struct column *col;
	const json_t *value;
	struct buf *out;
	enum style style;
};

static int
cell_put_word(struct cell_ctx *x, const json_t *value)
{
	const struct word *word;
	const char *s = json_string_value(value);

	if (s == NULL)
		return TC_EPROTO;
	word = out_word(x->col->words, s);
	if (word == NULL) {
		text_safe(x->out, s, TEXT_LINE);
		return 0;
	}
	x->style = word->style;
	return buf_put_str(x->out, word->text);
}

static int
cell_text(struct cell_ctx *x)
{
	return cell_put_word(x, x->value);
}

static int
cell_words(struct cell_ctx *x)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(x->value))
		return TC_EPROTO;
	json_array_foreach(x->value, i, item)
	{
		if (i > 0)
			buf_put_str(x->out, ", ");
		if (cell_put_word(x, item) != 0)
			return TC_EPROTO;
	}
	x->style = STYLE_PLAIN;
	return 0;
}

static int
cell_int(struct cell_ctx *x)
{
	if (!json_is_integer(x->value))
		return TC_EPROTO;
	return buf_printf(
	    x->out, "%lld", (long long)json_integer_value(x->value));
}

static int
cell_time(struct cell_ctx *x)
{
	char time[TEXT_TIME_SIZE];

	if (!json_is_integer(x->value))
		return TC_EPROTO;
	return buf_put_str(
	    x->out, text_time(json_integer_value(x->value), x->c->utc, time));
}

/* The two largest of days, hours, minutes and seconds. */
static int
cell_span(struct cell_ctx *x)
{
	static const struct {
		json_int_t seconds;
		const char *name;
	} units[] = {{86400, "ngày"}, {3600, "giờ"}, {60, "phút"}, {1, "giây"}};
	json_int_t left = json_integer_value(x->value), n;
	size_t i, shown = 0;

	if (!json_is_integer(x->value) || left < 0)
		return TC_EPROTO;
	for (i = 0; i < TC_NELEM(units) && shown < 2; i++) {
		n = left / units[i].seconds;
		left %= units[i].seconds;
		if (n == 0 && shown > 0)
			break;
		if (n == 0 && i + 1 < TC_NELEM(units))
			continue;
		buf_printf(x->out, shown > 0 ? " %lld %s" : "%lld %s",
		    (long long)n, units[i].name);
		shown++;
	}
	return buf_error(x->out);
}

static int
cell_percent(struct cell_ctx *x)
{
	if (!json_is_integer(x->value))
		return TC_EPROTO;
	if (json_integer_value(x->value) < 0)
		return buf_put_str(x->out, "–");
	return buf_printf(
	    x->out, "%lld%%", (long long)json_integer_value(x->value));
}

static int
cell_yesno(struct cell_ctx *x)
{
	if (!json_is_boolean(x->value))
		return TC_EPROTO;
	return buf_put_str(x->out, json_is_true(x->value) ? "có" : "không");
}

static int
cell_urgency(struct cell_ctx *x)
{
	json_int_t u = json_integer_value(x->value);

	if (!json_is_integer(x->value) || u < 0 ||
	    u >= (json_int_t)TC_NELEM(urgency_styles))
		return TC_EPROTO;
	x->style = urgency_styles[u];
	return buf_printf(x->out, "U%d", (int)u);
}

#define KEY_SHOWN 8 /* bytes: enough to compare two keys by telephone */

static int
cell_key(struct cell_ctx *x)
{
	unsigned char key[32];
	char hex[2 * KEY_SHOWN + 1];
	size_t i, len;

	if (shape_bytes(x->value, key, sizeof(key), &len) != 0 ||
	    len != sizeof(key))
		return TC_EPROTO;
	hex_encode(hex, key, KEY_SHOWN);
	for (i = 0; i < 2 * KEY_SHOWN; i += 4)
		buf_printf(x->out, i > 0 ? " %.4s" : "%.4s", hex + i);
	return 0;
}

static int (*const cell_formats[NCELLS])(struct cell_ctx *x) = {
    [CELL_TEXT] = cell_text,
    [CELL_WORD] = cell_text,
    [CELL_WORDS] = cell_words,
    [CELL_INT] = cell_int,
    [CELL_TIME] = cell_time,
    [CELL_SPAN] = cell_span,
    [CELL_PERCENT] = cell_percent,
    [CELL_YESNO] = cell_yesno,
    [CELL_URGENCY] = cell_urgency,
    [CELL_KEY] = cell_key,
};

int
out_cell(const struct ctl *c, const struct column *col, const json_t *row,
    struct buf *out, enum style *style)
{
	struct cell_ctx x = {
	    c, col, cell_value(row, col->key), out, STYLE_PLAIN};
	size_t before = out->len;
	int rc;

	if (x.value == NULL) {
		bool is_null = json_is_null(json_object_get(row, col->key));

		rc = col->optional || is_null ? 0 : TC_EPROTO;
	} else {
		rc = cell_formats[col->kind](&x);
	}
	if (rc == 0 && out->len == before)
		buf_put_str(out, "–");
	if (style != NULL)
		*style = x.style;
	return rc;
}

static int
cell_make(const struct ctl *c, const struct column *col, const json_t *row,
    struct cell *cell)
{
	struct buf b;
	int rc;

	buf_init(&b, CELL_MAX);
	rc = out_cell(c, col, row, &b, &cell->style);
	cell->text = xstrdup(buf_str(&b));
	cell->width = text_width(cell->text);
	buf_clear(&b);
	return rc;
}

static void
cells_free(struct cell *cells, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(cells[i].text);
	free(cells);
}

/* Numbers stand to the right, and nothing is put behind the last column. */
static void
cell_print(const struct ctl *c, const struct column *col,
    const struct cell *cell, size_t width, bool last)
{
	bool right = col->kind == CELL_INT || col->kind == CELL_PERCENT;
	int pad = (int)(width - cell->width);

	printf("%*s%s%s%s", right ? pad : 0, "",
	    out_style(c->colour, cell->style), cell->text,
	    cell->style != STYLE_PLAIN && c->colour ? "\033[0m" : "");
	if (!last)
		printf("%*s", (right ? 0 : pad) + GAP, "");
}

static void
table_print(const struct ctl *c, const struct view *v, const struct cell *cells,
    size_t nrows)
{
	size_t *widths = xcalloc(v->ncolumns, sizeof(*widths)), i, k;

	for (i = 0; i < nrows * v->ncolumns; i++) {
		k = i % v->ncolumns;
		if (cells[i].width > widths[k])
			widths[k] = cells[i].width;
	}
	for (i = 0; i < nrows * v->ncolumns; i++) {
		k = i % v->ncolumns;
		cell_print(c, &v->columns[k], &cells[i], widths[k],
		    k + 1 == v->ncolumns);
		if (k + 1 == v->ncolumns)
			putchar('\n');
	}
	free(widths);
}

int
out_table(const struct ctl *c, const struct view *v, const json_t *rows)
{
	size_t nrows, i, k;
	struct cell *cells;
	int rc = 0;

	if (!json_is_array(rows))
		return TC_EPROTO;
	nrows = json_array_size(rows) + 1;
	if (nrows == 1) {
		out_line(c, "%s", v->empty);
		return 0;
	}
	cells = xcalloc(nrows * v->ncolumns, sizeof(*cells));
	for (k = 0; k < v->ncolumns; k++) {
		cells[k].text = xstrdup(v->columns[k].label);
		cells[k].width = text_width(cells[k].text);
		cells[k].style = STYLE_BOLD;
	}
	for (i = 1; rc == 0 && i < nrows; i++)
		for (k = 0; rc == 0 && k < v->ncolumns; k++)
			rc = cell_make(c, &v->columns[k],
			    json_array_get(rows, i - 1),
			    &cells[i * v->ncolumns + k]);
	if (rc == 0)
		table_print(c, v, cells, nrows);
	cells_free(cells, nrows * v->ncolumns);
	return rc;
}

int
out_record(const struct ctl *c, const struct view *v, const json_t *object)
{
	struct cell *cells;
	size_t width = 0, w, k;
	int rc = 0;

	if (!json_is_object(object))
		return TC_EPROTO;
	cells = xcalloc(v->ncolumns, sizeof(*cells));
	for (k = 0; rc == 0 && k < v->ncolumns; k++) {
		rc = cell_make(c, &v->columns[k], object, &cells[k]);
		w = text_width(v->columns[k].label);
		width = w > width ? w : width;
	}
	for (k = 0; rc == 0 && k < v->ncolumns; k++) {
		w = text_width(v->columns[k].label);
		printf("%s:%*s%s%s%s\n", v->columns[k].label,
		    (int)(width - w) + 1, "",
		    out_style(c->colour, cells[k].style), cells[k].text,
		    cells[k].style != STYLE_PLAIN && c->colour ? "\033[0m"
							       : "");
	}
	cells_free(cells, v->ncolumns);
	return rc;
}

void
out_json(const struct ctl *c, const json_t *document, bool one_line)
{
	char *dump =
	    json_dumps(document, one_line ? JSON_COMPACT : JSON_INDENT(2));
	struct buf b;

	(void)c;
	if (dump == NULL)
		return;
	/* An escape is six bytes at most where there was one. */
	buf_init(&b, 6 * strlen(dump) + 1);
	text_safe_json(&b, dump);
	puts(buf_str(&b));
	buf_clear(&b);
	free(dump);
}

void
out_line(const struct ctl *c, const char *fmt, ...)
{
	va_list ap;

	if (c->json)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

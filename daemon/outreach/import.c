/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CSV import of people with their consent (M09): all rows or none. libcsv does
 * the quoting; the delimiter, the header, line numbers and what a row must
 * hold are ours.
 *
 * Called by http/ inside a turn op: when there is any fault the op fails and
 * the turn takes everything back.
 */
#include "config.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "msisdn.h"
#include "outreach/people.h"
#include "outreach/people_private.h"
#include "vault/vault.h"

#define FIELD_MAX 256

enum column {
	COLUMN_NUMBER,
	COLUMN_SOURCE,
	COLUMN_DATE,
	COLUMN_COLLECTOR,
	COLUMN_HAMLET,
	COLUMN_LANGUAGE,
	COLUMN_KIND,
	NCOLUMNS
};

static const struct {
	const char *english, *vietnamese;
	bool is_required;
	size_t max; /* bytes, NUL included */
} columns[NCOLUMNS] = {
    [COLUMN_NUMBER] = {"number", "so_dien_thoai", true, 32},
    [COLUMN_SOURCE] = {"consent_source", "nguon_dong_y", true, 64},
    [COLUMN_DATE] = {"consent_date", "ngay_dong_y", true, 11},
    [COLUMN_COLLECTOR] = {"collector", "nguoi_thu", true, 64},
    [COLUMN_HAMLET] = {"hamlet", "thon", false, PERSON_HAMLET_MAX},
    [COLUMN_LANGUAGE] = {"language", "ngon_ngu", false, PERSON_LANGUAGE_MAX},
    [COLUMN_KIND] = {"kind", "nhom", false, PERSON_KIND_MAX},
};

struct import {
	struct core *core;
	struct people_import *im;
	int64_t list_id;
	int line;       /* of the row that is read */
	int next_line;  /* lines consumed so far + 1 */
	size_t field;   /* index in the row */
	int map[64];    /* field index -> column, -1 = ignored */
	size_t nfields; /* of the header; 0 before it */
	char value[NCOLUMNS][FIELD_MAX];
	bool is_blank;
	int error; /* of the database */
};

static void
import_fault(struct import *s, enum column col, const char *reason)
{
	struct people_fault f = {
	    s->line, col < NCOLUMNS ? columns[col].english : "", reason};

	s->im->faults++;
	if (s->im->on_fault != NULL)
		s->im->on_fault(&f, s->im->ctx);
}

static void
import_header_field(struct import *s, const char *name)
{
	int col, found = -1;

	for (col = 0; col < NCOLUMNS; col++)
		if (strcasecmp(name, columns[col].english) == 0 ||
		    strcasecmp(name, columns[col].vietnamese) == 0)
			found = col;
	if (s->field < TC_NELEM(s->map))
		s->map[s->field] = found;
}

/* libcsv hands out one field at a time. */
static void
import_field_cb(void *data, size_t len, void *arg)
{
	struct import *s = arg;
	char *text = xstrndup(len > 0 ? data : "", len);
	int col = -1;

	if (s->nfields == 0)
		import_header_field(s, text);
	else if (s->field < s->nfields)
		col = s->map[s->field];
	if (col >= 0) {
		if (strlen(text) != len || !utf8_is_valid(text, len))
			import_fault(s, col, "not UTF-8");
		else if (len >= columns[col].max)
			import_fault(s, col, "too long");
		else
			memcpy(s->value[col], text, len + 1);
	}
	if (len > 0)
		s->is_blank = false;
	s->field++;
	free(text);
}

static bool
import_is_digits(const char *s, size_t n)
{
	return strspn(s, "0123456789") >= n;
}

static int64_t
import_days(int64_t y, int64_t m)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);

	return days[m - 1] + (m == 2 && is_leap);
}

/* YYYY-MM-DD, or DD/MM/YYYY as sheets have it; into ISO. */
static int
import_date(const char *s, char out[11])
{
	int64_t y, m, d;
	char part[5];
	bool is_iso = strlen(s) == 10 && s[4] == '-' && s[7] == '-';
	bool is_vn = strlen(s) == 10 && s[2] == '/' && s[5] == '/';

	if (!is_iso && !is_vn)
		return TC_EINVAL;
	if (!import_is_digits(s + (is_iso ? 0 : 6), 4) ||
	    !import_is_digits(s + (is_iso ? 5 : 3), 2) ||
	    !import_is_digits(s + (is_iso ? 8 : 0), 2))
		return TC_EINVAL;
	if (str_printf(part, sizeof(part), "%.4s", s + (is_iso ? 0 : 6)) != 0 ||
	    str_to_int64(part, 2000, 2100, &y) != 0 ||
	    str_printf(part, sizeof(part), "%.2s", s + (is_iso ? 5 : 3)) != 0 ||
	    str_to_int64(part, 1, 12, &m) != 0 ||
	    str_printf(part, sizeof(part), "%.2s", s + (is_iso ? 8 : 0)) != 0 ||
	    str_to_int64(part, 1, import_days(y, m), &d) != 0)
		return TC_EINVAL;
	return str_printf(out, 11, "%04d-%02d-%02d", (int)y, (int)m, (int)d);
}

/* What a row must hold before anything of it is written. */
static bool
import_row_is_sound(struct import *s, char number[MSISDN_MAX], char date[11])
{
	int before = s->im->faults, col;

	for (col = 0; col < NCOLUMNS; col++)
		if (columns[col].is_required && s->value[col][0] == '\0')
			import_fault(s, col, "missing");
	if (s->value[COLUMN_NUMBER][0] != '\0' &&
	    msisdn_parse(s->value[COLUMN_NUMBER], number) != MSISDN_MOBILE)
		import_fault(
		    s, COLUMN_NUMBER, "not a Vietnamese mobile number");
	if (s->value[COLUMN_DATE][0] != '\0' &&
	    import_date(s->value[COLUMN_DATE], date) != 0)
		import_fault(s, COLUMN_DATE, "not a date (YYYY-MM-DD)");
	if (s->value[COLUMN_LANGUAGE][0] != '\0' &&
	    strcmp(s->value[COLUMN_LANGUAGE], "vi") != 0)
		import_fault(s, COLUMN_LANGUAGE, "unknown language (vi)");
	return s->im->faults == before;
}

static void
import_copy(struct person *p, struct import *s)
{
	if (s->value[COLUMN_HAMLET][0] != '\0')
		memcpy(p->hamlet, s->value[COLUMN_HAMLET], sizeof(p->hamlet));
	if (s->value[COLUMN_KIND][0] != '\0')
		memcpy(p->kind, s->value[COLUMN_KIND], sizeof(p->kind));
	memcpy(p->language, "vi", sizeof("vi"));
}

/* Whoever texted TC stays out, whatever a sheet says (R9). */
static int
import_write(struct import *s, const char *number, const char *date)
{
	struct core *c = s->core;
	struct consent ledger = {.scope = "broadcast",
	    .given = true,
	    .at = clock_now(),
	    .how = s->value[COLUMN_SOURCE],
	    .collected_on = date,
	    .collector = s->value[COLUMN_COLLECTOR],
	    .wording = "sheet"};
	struct person p;
	int rc;

	rc = people_find(c, number, &p);
	if (rc == TC_ENOENT) {
		memset(&p, 0, sizeof(p));
		import_copy(&p, s);
		rc = people_add(c, number, &p);
		s->im->added++;
	} else if (rc == 0) {
		import_copy(&p, s);
		s->im->updated++;
	}
	ledger.person_id = p.id;
	if (rc == 0 && p.opted_out_at == 0 && !p.consenting)
		rc = people_consent(c, &p, &ledger);
	else if (rc == 0)
		rc = store_person_update(c->store, &p);
	if (rc == 0 && s->list_id != 0) {
		rc = store_list_put(c->store, s->list_id, p.id);
		s->im->listed += rc > 0 ? rc : 0;
	}
	return rc < 0 ? rc : 0;
}

static void
import_header_end(struct import *s)
{
	bool seen[NCOLUMNS] = {false};
	size_t i;
	int col;

	s->nfields = s->field < TC_NELEM(s->map) ? s->field : TC_NELEM(s->map);
	for (i = 0; i < s->nfields; i++)
		if (s->map[i] >= 0)
			seen[s->map[i]] = true;
	for (col = 0; col < NCOLUMNS; col++)
		if (columns[col].is_required && !seen[col])
			import_fault(s, col, "column missing in the header");
}

static void
import_row_cb(int c, void *arg)
{
	struct import *s = arg;
	char number[MSISDN_MAX], date[11];

	(void)c;
	if (s->nfields == 0)
		import_header_end(s);
	else if (!s->is_blank) {
		if (++s->im->rows == PEOPLE_IMPORT_ROWS + 1)
			import_fault(
			    s, NCOLUMNS, "over 20000 rows: divide the file");
		if (import_row_is_sound(s, number, date) && s->error == 0 &&
		    s->im->faults == 0)
			s->error = import_write(s, number, date);
	}
	s->field = 0;
	s->is_blank = true;
	memset(s->value, 0, sizeof(s->value));
}

/* Feed line by line, so that a row knows the line on which it ends. A quoted
 * field over several lines counts them all. */
static int
import_feed(
    struct import *s, struct csv_parser *parser, const char *p, size_t len)
{
	const char *nl;
	size_t n;

	while (len > 0) {
		nl = memchr(p, '\n', len);
		n = nl != NULL ? (size_t)(nl - p) + 1 : len;
		s->line = s->next_line++;
		if (csv_parse(
			parser, p, n, import_field_cb, import_row_cb, s) != n) {
			import_fault(
			    s, NCOLUMNS, csv_strerror(csv_error(parser)));
			return TC_EINVAL;
		}
		p += n;
		len -= n;
	}
	if (csv_fini(parser, import_field_cb, import_row_cb, s) != 0) {
		import_fault(s, NCOLUMNS, "a quote is not closed");
		return TC_EINVAL;
	}
	return 0;
}

static int
import_list(struct import *s)
{
	struct list_row l;
	int rc;

	if (s->im->list == NULL)
		return 0;
	rc = list_get(s->core, s->im->list, &l);
	if (rc == TC_ENOENT) {
		rc = list_new(s->core, s->im->list, s->im->agency);
		if (rc == 0)
			rc = list_get(s->core, s->im->list, &l);
	}
	if (rc == 0)
		s->list_id = l.id;
	return rc;
}

static int
import_run(struct core *c, struct people_import *im)
{
	struct import *s = xcalloc(1, sizeof(*s));
	const char *p = im->csv, *eol;
	size_t len = im->len;
	struct csv_parser parser;
	int rc;

	s->core = c;
	s->im = im;
	s->next_line = 1;
	s->is_blank = true;
	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		len -= 3;
	}
	eol = memchr(p, '\n', len);
	rc = csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0 ? 0 : TC_EIO;
	if (rc == 0 &&
	    memchr(p, ';', eol != NULL ? (size_t)(eol - p) : len) != NULL)
		csv_set_delim(&parser, ';');
	if (rc == 0)
		rc = import_list(s);
	if (rc == 0) {
		(void)import_feed(s, &parser, p, len);
		if (im->faults == 0 && s->nfields == 0)
			import_fault(s, NCOLUMNS, "the file is empty");
		rc = s->error != 0 ? s->error : im->faults > 0 ? TC_EINVAL : 0;
	}
	csv_free(&parser);
	free(s);
	return rc;
}

/* A dry run does everything and is then taken back: its figures and faults are
 * those of the real one. */
int
people_import(struct core *c, struct people_import *im)
{
	int rc;

	if (!im->dry_run)
		return import_run(c, im);
	if ((rc = store_savepoint(c->store)) != 0)
		return rc;
	rc = import_run(c, im);
	return store_rollback_to(c->store) != 0 ? TC_EIO : rc;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CSV sheets of people (M09, sheet.h). libcsv does the quoting; the delimiter,
 * the header, line numbers, the habits of spreadsheets and what a row must hold
 * are ours. Called on the helper thread by http/.
 */
#include "config.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "outreach/sheet.h"
#include "store/person.h"

#define FIELD_MAX 256
#define FIELDS_MAX 64
#define TEXTS_MAX (64u << 20)

static const struct {
	const char *english, *vietnamese;
	bool is_required;
	size_t max; /* bytes, NUL included */
} columns[SHEET_NCOLUMNS] = {
    [SHEET_NUMBER] = {"number", "so_dien_thoai", true, 40},
    [SHEET_SOURCE] = {"consent_source", "nguon_dong_y", true, 64},
    [SHEET_DATE] = {"consent_date", "ngay_dong_y", true, 16},
    [SHEET_COLLECTOR] = {"collector", "nguoi_thu", true, 64},
    [SHEET_HAMLET] = {"hamlet", "thon", false, PERSON_HAMLET_MAX},
    [SHEET_LANGUAGE] = {"language", "ngon_ngu", false, PERSON_LANGUAGE_MAX},
    [SHEET_KIND] = {"kind", "nhom", false, PERSON_KIND_MAX},
    [SHEET_SCRIPT] = {"script", "chu_viet", false, 16},
    [SHEET_WORDING] = {"wording", "mau_phieu", false, 32},
    [SHEET_MINOR] = {"minor", "vi_thanh_nien", false, 16},
    [SHEET_GUARDIAN] = {"guardian_consent", "giam_ho_dong_y", false, 16},
    [SHEET_QUIET] = {"quiet_hours", "gio_khong_nhan", false, 16},
};

struct reader {
	struct sheet *sheet;
	const struct sheet_want *want;
	bool numbers_only;
	int line;            /* of the row that is read */
	int next_line;       /* lines consumed so far + 1 */
	size_t field;        /* index in the row */
	int map[FIELDS_MAX]; /* field index -> column, -1 = ignored */
	size_t nfields;      /* of the header; 0 before it */
	char value[SHEET_NCOLUMNS][FIELD_MAX];
	bool is_blank;
};

static void
sheet_fault(struct reader *r, enum sheet_column col, const char *reason)
{
	struct sheet *s = r->sheet;

	if (s->faults == NULL)
		s->faults = xcalloc(SHEET_FAULTS_MAX, sizeof(*s->faults));
	if (s->nfaults < SHEET_FAULTS_MAX)
		s->faults[s->nfaults] = (struct sheet_fault){r->line,
		    col < SHEET_NCOLUMNS ? columns[col].english : "", reason};
	s->nfaults++;
}

/* "Số điện thoại", "so dien thoai" and "so_dien_thoai" are one name. */
static int
sheet_column_by_name(const char *name, size_t len)
{
	struct fold f;
	char *p;
	int col, found = -1;

	if (fold_text(name, len, &f) != 0)
		return -1;
	for (p = f.text; *p != '\0'; p++)
		if (*p == ' ')
			*p = '_';
	for (col = 0; col < SHEET_NCOLUMNS; col++)
		if (strcmp(f.text, columns[col].english) == 0 ||
		    strcmp(f.text, columns[col].vietnamese) == 0)
			found = col;
	fold_clear(&f);
	return found;
}

/* Bytes of one space at the start (end) of len bytes, 0 when there is none. A
 * spreadsheet also has U+00A0. */
static size_t
space_at(const char *s, size_t len, bool is_end)
{
	char c = len > 0 ? s[is_end ? len - 1 : 0] : 'x';

	if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
		return 1;
	return len >= 2 &&
		       memcmp(s + (is_end ? len - 2 : 0), "\xc2\xa0", 2) == 0
		   ? 2
		   : 0;
}

/* Without spaces around it, and without what keeps a spreadsheet from reading a
 * number: 'x and ="x". */
static const char *
field_trim(const char *s, size_t *len)
{
	size_t n;

	while ((n = space_at(s, *len, false)) > 0) {
		s += n;
		*len -= n;
	}
	while ((n = space_at(s, *len, true)) > 0)
		*len -= n;
	if (*len > 0 && *s == '\'') {
		s++;
		(*len)--;
	} else if (*len >= 3 && s[0] == '=' && s[1] == '"' &&
		   s[*len - 1] == '"') {
		s += 2;
		*len -= 3;
	}
	return s;
}

static void
sheet_value(struct reader *r, int col, const char *text, size_t len)
{
	text = field_trim(text, &len);
	if (len >= columns[col].max)
		sheet_fault(r, col, "too long");
	else if (len > 0)
		memcpy(r->value[col], text, len);
	r->value[col][len < columns[col].max ? len : 0] = '\0';
}

/* libcsv hands out one field at a time. */
static void
sheet_field_cb(void *data, size_t len, void *arg)
{
	struct reader *r = arg;
	const char *text = len > 0 ? data : "";

	if (len > 0)
		r->is_blank = false;
	if (r->nfields == 0 && r->field < FIELDS_MAX)
		r->map[r->field] = sheet_column_by_name(text, len);
	else if (r->field < r->nfields && r->map[r->field] >= 0)
		sheet_value(r, r->map[r->field], text, len);
	r->field++;
}

static int64_t
month_days(int64_t y, int64_t m)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);

	return days[m - 1] + (m == 2 && is_leap);
}

/* YYYY-MM-DD, or D/M/YYYY as sheets have it; into ISO. */
static int
sheet_date(const char *s, char out[11])
{
	static const char digits[] = "0123456789";
	char part[3][5] = {"", "", ""};
	int64_t y, m, d;
	size_t i, n;
	char sep = strchr(s, '/') != NULL ? '/' : '-';
	bool is_iso = sep == '-';

	for (i = 0; i < 3; i++) {
		n = strspn(s, digits);
		if (n < (is_iso ? 2 : 1) || n > 4 ||
		    s[n] != (i < 2 ? sep : '\0'))
			return TC_EINVAL;
		memcpy(part[i], s, n);
		s += n + 1;
	}
	if (strlen(part[is_iso ? 0 : 2]) != 4 ||
	    str_to_int64(part[is_iso ? 0 : 2], 2000, 2100, &y) != 0 ||
	    str_to_int64(part[1], 1, 12, &m) != 0 ||
	    str_to_int64(part[is_iso ? 2 : 0], 1, month_days(y, m), &d) != 0)
		return TC_EINVAL;
	return str_printf(out, 11, "%04d-%02d-%02d", (int)y, (int)m, (int)d);
}

/* Why a number cannot be texted, NULL when it can. */
static const char *
sheet_number(const char *s, char out[MSISDN_MAX])
{
	switch (msisdn_parse(s, out)) {
	case MSISDN_MOBILE:
		return NULL;
	case MSISDN_FIXED:
		return "a fixed line gets no texts";
	default:
		return strspn(s, "0123456789.,E+") == strlen(s) &&
			       strchr(s, 'E') != NULL
			   ? "rounded by the spreadsheet: format the column as "
			     "text"
			   : "not a Vietnamese mobile number";
	}
}

static bool
sheet_is_yes(const char *s)
{
	static const char *const no[] = {"", "0", "no", "khong", "không", "k"};
	size_t i;

	for (i = 0; i < TC_NELEM(no); i++)
		if (strcasecmp(s, no[i]) == 0)
			return false;
	return true;
}

/* "Có dấu", "khong_dau" ... as the word that is kept. False: neither. */
static bool
sheet_script(char value[FIELD_MAX])
{
	static const struct {
		const char *folded, *script;
	} words[] = {{"co dau", "accented"}, {"accented", "accented"},
	    {"khong dau", "bare"}, {"bare", "bare"}};
	struct fold f;
	size_t i;

	if (fold_text(value, strlen(value), &f) != 0)
		return false;
	for (i = 0; i < TC_NELEM(words); i++)
		if (strcmp(f.text, words[i].folded) == 0)
			break;
	fold_clear(&f);
	return i < TC_NELEM(words) &&
	       str_printf(value, FIELD_MAX, "%s", words[i].script) == 0;
}

static void
sheet_check_dates(struct reader *r, struct sheet_row *row)
{
	if (r->value[SHEET_DATE][0] != '\0' &&
	    sheet_date(r->value[SHEET_DATE], row->date) != 0)
		sheet_fault(r, SHEET_DATE, "not a date (YYYY-MM-DD)");
	if (r->value[SHEET_GUARDIAN][0] != '\0' &&
	    sheet_date(r->value[SHEET_GUARDIAN], row->guardian) != 0)
		sheet_fault(r, SHEET_GUARDIAN, "not a date (YYYY-MM-DD)");
	else if (row->is_minor && r->value[SHEET_GUARDIAN][0] == '\0')
		sheet_fault(
		    r, SHEET_GUARDIAN, "a minor needs the guardian's consent");
}

/* "19", "19:30" into minutes of the day; *s behind it. */
static int
sheet_clock(const char **s, short *out)
{
	int64_t hour, minute = 0;
	char part[3] = "";
	size_t n = strspn(*s, "0123456789");

	if (n == 0 || n > 2)
		return TC_EINVAL;
	memcpy(part, *s, n);
	*s += n;
	if (str_to_int64(part, 0, 24, &hour) != 0)
		return TC_EINVAL;
	if (**s == ':' || **s == 'h') {
		(*s)++;
		n = strspn(*s, "0123456789");
		if (n == 2 && str_printf(part, 3, "%.2s", *s) == 0 &&
		    str_to_int64(part, 0, 59, &minute) == 0)
			*s += 2;
		else if (n != 0)
			return TC_EINVAL;
	}
	*out = (short)(hour * 60 + minute);
	return *out <= 24 * 60 ? 0 : TC_EINVAL;
}

/* "12-14", "21:30-6:00": from midnight on is 0. */
static void
sheet_check_quiet(struct reader *r, struct sheet_row *row)
{
	const char *s = r->value[SHEET_QUIET];
	int rc;

	if (*s == '\0')
		return;
	rc = sheet_clock(&s, &row->quiet_from);
	if (rc == 0 && *s++ == '-')
		rc = sheet_clock(&s, &row->quiet_until);
	else
		rc = TC_EINVAL;
	row->quiet_from %= 24 * 60;
	if (rc != 0 || *s != '\0' || row->quiet_from == row->quiet_until)
		sheet_fault(r, SHEET_QUIET, "not hours such as 12:00-14:00");
}

/* By code, name or another word for it; the code is what is kept. */
static void
sheet_check_kind(struct reader *r)
{
	const struct sheet_want *want = r->want;
	const struct argument_topic *kind;
	char *value = r->value[SHEET_KIND];

	if (*value == '\0' || want->nkinds == 0)
		return;
	kind = argument_topic_named(
	    want->kinds, want->nkinds, value, strlen(value));
	if (kind == NULL)
		sheet_fault(
		    r, SHEET_KIND, "a kind that commune.conf does not have");
	else
		(void)!str_printf(value, FIELD_MAX, "%s", kind->code);
}

/* Everything that is wrong with a row; its fields that were parsed. */
static void
sheet_check_row(struct reader *r, struct sheet_row *row)
{
	const char *why;
	int col;

	for (col = 0; col < SHEET_NCOLUMNS; col++)
		if (columns[col].is_required && r->value[col][0] == '\0' &&
		    (col == SHEET_NUMBER || !r->numbers_only))
			sheet_fault(r, col, "missing");
	if (r->value[SHEET_NUMBER][0] != '\0' &&
	    (why = sheet_number(r->value[SHEET_NUMBER], row->number)) != NULL)
		sheet_fault(r, SHEET_NUMBER, why);
	if (r->numbers_only)
		return;
	row->is_minor = sheet_is_yes(r->value[SHEET_MINOR]);
	sheet_check_dates(r, row);
	if (r->value[SHEET_LANGUAGE][0] != '\0' &&
	    !content_is_language(r->value[SHEET_LANGUAGE]))
		sheet_fault(
		    r, SHEET_LANGUAGE, "unknown language (vi, bdq, jra)");
	if (r->value[SHEET_SCRIPT][0] != '\0' &&
	    !sheet_script(r->value[SHEET_SCRIPT]))
		sheet_fault(
		    r, SHEET_SCRIPT, "unknown script (co dau, khong dau)");
	for (col = SHEET_HAMLET; col <= SHEET_KIND; col++)
		if (strpbrk(r->value[col], "[]{}\\") != NULL)
			sheet_fault(
			    r, col, "letters of an old font, not Unicode");
	sheet_check_kind(r);
	sheet_check_quiet(r, row);
}

static void
sheet_keep_row(struct reader *r, const struct sheet_row *checked)
{
	struct sheet *s = r->sheet;
	struct sheet_row *row;
	int col;

	if (s->nrows == s->cap) {
		s->cap = s->cap == 0 ? 256 : s->cap * 2;
		s->rows = xreallocarray(s->rows, s->cap, sizeof(*s->rows));
	}
	row = &s->rows[s->nrows++];
	*row = *checked;
	for (col = SHEET_SOURCE; col <= SHEET_WORDING; col++) {
		if (r->value[col][0] == '\0' || col == SHEET_DATE)
			continue;
		row->text[col] = (uint32_t)s->texts.len;
		(void)buf_put(
		    &s->texts, r->value[col], strlen(r->value[col]) + 1);
	}
}

static void
sheet_header_end(struct reader *r)
{
	bool seen[SHEET_NCOLUMNS] = {false};
	size_t i;
	int col;

	r->nfields = r->field < FIELDS_MAX ? r->field : FIELDS_MAX;
	for (i = 0; i < r->nfields; i++)
		if (r->map[i] >= 0)
			seen[r->map[i]] = true;
	for (col = 0; col < SHEET_NCOLUMNS; col++)
		if (columns[col].is_required && !seen[col] &&
		    (col == SHEET_NUMBER || !r->numbers_only))
			sheet_fault(r, col, "column missing in the header");
}

static void
sheet_row_cb(int c, void *arg)
{
	struct reader *r = arg;
	struct sheet_row row = {0};

	(void)c;
	if (r->nfields == 0)
		sheet_header_end(r);
	else if (!r->is_blank) {
		sheet_check_row(r, &row);
		sheet_keep_row(r, &row);
	}
	r->field = 0;
	r->is_blank = true;
	memset(r->value, 0, sizeof(r->value));
}

/* Feed line by line, so that a row knows the line on which it ends. A quoted
 * field over several lines counts them all. */
static void
sheet_feed(
    struct reader *r, struct csv_parser *parser, const char *p, size_t len)
{
	const char *nl;
	size_t n;

	while (len > 0) {
		nl = memchr(p, '\n', len);
		n = nl != NULL ? (size_t)(nl - p) + 1 : len;
		r->line = r->next_line++;
		if (csv_parse(parser, p, n, sheet_field_cb, sheet_row_cb, r) !=
		    n) {
			sheet_fault(
			    r, SHEET_NCOLUMNS, csv_strerror(csv_error(parser)));
			return;
		}
		p += n;
		len -= n;
	}
	if (csv_fini(parser, sheet_field_cb, sheet_row_cb, r) != 0)
		sheet_fault(r, SHEET_NCOLUMNS, "a quote is not closed");
	else if (r->sheet->nfaults == 0 && r->nfields == 0)
		sheet_fault(r, SHEET_NCOLUMNS, "the file is empty");
}

/* A file of an old code page, or UTF-16, is refused as a whole: guessing would
 * put wrong names into the database. */
static bool
sheet_is_utf8(struct reader *r, const char *p, size_t len)
{
	const char *nl;
	size_t n;

	for (r->line = 1; len > 0; r->line++) {
		nl = memchr(p, '\n', len);
		n = nl != NULL ? (size_t)(nl - p) + 1 : len;
		if (memchr(p, '\0', n) != NULL || !utf8_is_valid(p, n)) {
			sheet_fault(r, SHEET_NCOLUMNS,
			    "not UTF-8: save the sheet as \"CSV UTF-8\"");
			return false;
		}
		p += n;
		len -= n;
	}
	r->line = 0;
	return true;
}

/* The delimiter, of "sep=;" (then that line is passed over) or of the header. */
static char
sheet_delimiter(struct reader *r, const char **p, size_t *len)
{
	const char *eol = memchr(*p, '\n', *len);
	size_t n = eol != NULL ? (size_t)(eol - *p) : *len;
	char delimiter;

	if (n < 5 || strncmp(*p, "sep=", 4) != 0)
		return memchr(*p, ';', n) != NULL ? ';' : ',';
	delimiter = (*p)[4];
	n += eol != NULL;
	*p += n;
	*len -= n;
	r->next_line++;
	return delimiter;
}

static int
row_by_number(const void *a, const void *b)
{
	const struct sheet_row *x = *(struct sheet_row *const *)a,
			       *y = *(struct sheet_row *const *)b;
	int order = strcmp(x->number, y->number);

	return order != 0 ? order : x < y ? -1 : x > y;
}

static void
sheet_mark_again(struct sheet *s)
{
	struct sheet_row **order;
	size_t i;

	order = xcalloc(s->nrows + 1, sizeof(*order));
	for (i = 0; i < s->nrows; i++)
		order[i] = &s->rows[i];
	qsort(order, s->nrows, sizeof(*order), row_by_number);
	for (i = 1; i < s->nrows; i++)
		order[i]->is_again =
		    strcmp(order[i]->number, order[i - 1]->number) == 0;
	free(order);
}

struct sheet *
sheet_read(const char *csv, size_t len, const struct sheet_want *want)
{
	struct sheet *s = xcalloc(1, sizeof(*s));
	struct reader *r = xcalloc(1, sizeof(*r));
	struct csv_parser parser;

	r->sheet = s;
	r->want = want;
	r->numbers_only = want->numbers_only;
	r->next_line = 1;
	r->is_blank = true;
	buf_init(&s->texts, TEXTS_MAX);
	(void)buf_put(&s->texts, "", 1); /* offset 0 is "" */
	if (len >= 3 && memcmp(csv, "\xef\xbb\xbf", 3) == 0) {
		csv += 3;
		len -= 3;
	}
	if (sheet_is_utf8(r, csv, len)) {
		(void)csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
		csv_set_delim(
		    &parser, (unsigned char)sheet_delimiter(r, &csv, &len));
		sheet_feed(r, &parser, csv, len);
		csv_free(&parser);
		sheet_mark_again(s);
	}
	if (buf_error(&s->texts) != 0)
		sheet_fault(r, SHEET_NCOLUMNS, "the file is too large");
	free(r);
	return s;
}

void
sheet_free(struct sheet *s)
{
	if (s == NULL)
		return;
	buf_clear(&s->texts);
	free(s->rows);
	free(s->faults);
	free(s);
}

const char *
sheet_text(
    const struct sheet *s, const struct sheet_row *r, enum sheet_column col)
{
	return (const char *)s->texts.data + r->text[col];
}

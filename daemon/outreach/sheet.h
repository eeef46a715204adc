/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SHEET_H
#define TINCAY_SHEET_H

/*
 * A sheet of people as a CSV file: read and checked as a whole, before anything
 * is written. Touches no database and no shared memory, so that a large file
 * can be read on the helper thread.
 *
 * UTF-8 with or without BOM, "," or ";" as the header line (or "sep=;" above
 * it) says. Columns by name, in English or Vietnamese, with or without accents:
 * number|so_dien_thoai, consent_source|nguon_dong_y, consent_date|ngay_dong_y
 * (YYYY-MM-DD or D/M/YYYY), collector|nguoi_thu, and optional hamlet|thon,
 * language|ngon_ngu, kind|nhom, script|chu_viet ("co dau", "khong dau"), wording|mau_phieu (version of the form that was
 * signed), minor|vi_thanh_nien (x, 1 ...), guardian_consent|giam_ho_dong_y (a
 * date; a minor needs it), quiet_hours|gio_khong_nhan (19:30-21, when he does
 * not want to be texted). A list of numbers that may not be written to needs
 * the number alone.
 */

#include "buf.h"
#include "intake/content.h"
#include "msisdn.h"

enum sheet_column {
	SHEET_NUMBER,
	SHEET_SOURCE,
	SHEET_DATE,
	SHEET_COLLECTOR,
	SHEET_HAMLET,
	SHEET_LANGUAGE,
	SHEET_KIND,
	SHEET_SCRIPT,
	SHEET_WORDING,
	SHEET_MINOR,
	SHEET_GUARDIAN,
	SHEET_QUIET,
	SHEET_NCOLUMNS
};

#define SHEET_FAULTS_MAX 10000 /* so many are kept; all are counted */

struct sheet_fault {
	int line;
	const char *field, *reason; /* fixed English words */
};

struct sheet_row {
	char number[MSISDN_MAX];       /* canonical */
	char date[11];                 /* YYYY-MM-DD, "" */
	char guardian[11];             /* the same */
	short quiet_from, quiet_until; /* minutes of the day; equal: none */
	bool is_minor;
	bool is_again; /* the number stands further up as well */
	uint32_t text[SHEET_NCOLUMNS]; /* sheet_text() */
};

struct sheet {
	struct sheet_row *rows;
	size_t nrows, cap;
	struct sheet_fault *faults; /* the first ones */
	size_t nfaults;             /* all */
	struct buf texts;
};

/* What the columns may hold. Looked at during sheet_read() only. */
struct sheet_want {
	bool numbers_only;                  /* the others need not be there */
	const struct argument_topic *kinds; /* the kinds of the commune */
	size_t nkinds;                      /* 0: any word */
};

/* Read it all; never NULL. Without faults every row is sound, and its kind is
 * the code of one that is known. */
struct sheet *sheet_read(
    const char *csv, size_t len, const struct sheet_want *want);
void sheet_free(struct sheet *s); /* NULL is allowed */

/* What stood in a column, without spaces around it; "" = nothing. */
const char *sheet_text(
    const struct sheet *s, const struct sheet_row *r, enum sheet_column col);

#endif

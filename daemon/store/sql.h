/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SQL_H
#define TINCAY_SQL_H

/*
 * Private to store/: statements by table, bound by a format string, always
 *reset. A verb looks like
 *
 *	struct sql q;
 *	sql_use(&q, s, SQL_ID(SUBJECT_USER, USER_BY_NAME), "t", name);
 *	rc = sql_row(&q);              1 a row, 0 none, negative an error
 *	if (rc == 1)
 *		*id = sql_int(&q, 0);
 *	sql_done(&q);
 *
 * Binding letters: i int64_t, t const char * (NULL binds NULL), b const void *
 *and size_t (NULL binds NULL), n nothing (NULL). Text and blobs are bound
 *without copying: they must live until sql_done().
 */

#include <sqlite3.h>

#include "store.h"

struct buf;

/* One per verb file, in the order in which they are prepared. */
enum sql_subject {
	SUBJECT_CONTROL, /* store.c itself */
	SUBJECT_ADDRESS,
	SUBJECT_ALARM,
	SUBJECT_CASE,
	SUBJECT_CAMPAIGN,
	SUBJECT_CONTACT,
	SUBJECT_DUE,
	SUBJECT_DUTY,
	SUBJECT_HEALTH,
	SUBJECT_INBOUND,
	SUBJECT_LOCKED,
	SUBJECT_MESSAGE,
	SUBJECT_MODEM,
	SUBJECT_PERSON,
	SUBJECT_PURGE,
	SUBJECT_REKEY,
	SUBJECT_SEAL,
	SUBJECT_USER,
	SUBJECT_WEBHOOK,
	SQL_NSUBJECTS
};

struct sql_table {
	const char *const *sql;
	size_t n;
};
extern const struct sql_table sql_address, sql_alarm, sql_case, sql_campaign,
    sql_contact, sql_health, sql_inbound, sql_locked, sql_message, sql_modem,
    sql_person, sql_user, sql_purge, sql_seal, sql_due, sql_duty, sql_rekey,
    sql_webhook;

/* Which statement: its table and its place there. */
#define SQL_ID(subject, statement) ((subject) << 8 | (statement))

struct sql {
	struct store *store;
	sqlite3_stmt *st;
	int error; /* sticks: a failed bind makes row and run fail */
};

void sql_use(struct sql *q, struct store *s, int id, const char *fmt, ...);

/* Next row: 1, 0 at the end, negative error. */
int sql_row(struct sql *q) TC_MUSTCHECK;

/* Columns of the current row, from 0. Text is never NULL ("" for NULL);
 * pointers live until the next sql_row or sql_done. */
int64_t sql_int(struct sql *q, int col);
const char *sql_text(struct sql *q, int col);
const void *sql_blob(struct sql *q, int col, size_t *len);
/* Copy text into dst; what does not fit is an error that sticks in q. */
void sql_copy(struct sql *q, int col, char *dst, size_t size);
/* Copy a blob that must have exactly size bytes; anything else is an error that
 * sticks in q. */
void sql_copy_blob(struct sql *q, int col, void *dst, size_t size);

/* Reset and clear; returns the error that stuck, or 0. */
int sql_done(struct sql *q);

/* The one row of a bound query through read(q, out): 0, TC_ENOENT when there is
 * none, another error. Done with q. */
typedef void (*sql_read_cb)(struct sql *q, void *out);
int sql_one(struct sql *q, sql_read_cb read, void *out) TC_MUSTCHECK;

/* The same for one blob, appended to out. */
int sql_one_blob(struct sql *q, struct buf *out) TC_MUSTCHECK;

/* use + run to the end + done in one: the number of rows changed, or a negative
 * error. */
int sql_run(struct store *s, int id, const char *fmt, ...);

/* The first column of the first row of a query into *value, which is left alone
 * when there is no row. 0 or a negative error. */
int sql_value(struct store *s, int64_t *value, int id, const char *fmt, ...);

#endif

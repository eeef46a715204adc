/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements by table: binding by a format string, stepping, columns with
 * checks, and one place that turns SQLite's answers into our errors. Used by
 * the verb files of this folder alone.
 *
 * An error is logged here once, with SQLite's words and the statement, never
 * with the values that were bound.
 */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "buf.h"
#include "log.h"
#include "store/store_private.h"

static int
sql_error(struct sql *q, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
		if (rc == SQLITE_CONSTRAINT_UNIQUE ||
		    rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
		    rc == SQLITE_CONSTRAINT_ROWID)
			q->error = TC_EEXIST;
		else
			q->error = TC_ESTATE;
		break;
	default:
		q->error = TC_EIO;
		log_err("store statement failed code=%d why=\"%s\" sql=\"%s\"",
		    rc, sqlite3_errmsg(q->store->db), sqlite3_sql(q->st));
	}
	return q->error;
}

static int
sql_bind_one(struct sql *q, int index, char type, va_list *ap)
{
	const void *p;
	size_t len;

	switch (type) {
	case 'i':
		return sqlite3_bind_int64(q->st, index, va_arg(*ap, int64_t));
	case 't':
		p = va_arg(*ap, const char *);
		return sqlite3_bind_text(q->st, index, p, -1, SQLITE_STATIC);
	case 'b':
		p = va_arg(*ap, const void *);
		len = va_arg(*ap, size_t);
		return sqlite3_bind_blob64(q->st, index, p, len, SQLITE_STATIC);
	case 'n':
		return sqlite3_bind_null(q->st, index);
	default:
		return SQLITE_MISUSE;
	}
}

static void
sql_vuse(struct sql *q, struct store *s, int id, const char *fmt, va_list *ap)
{
	int i, rc;

	q->store = s;
	q->st = s->statements[id >> 8][id & 0xff];
	q->error = 0;
	for (i = 0; fmt[i] != '\0'; i++) {
		rc = sql_bind_one(q, i + 1, fmt[i], ap);
		if (rc != SQLITE_OK) {
			(void)sql_error(q, rc);
			return;
		}
	}
}

void
sql_use(struct sql *q, struct store *s, int id, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sql_vuse(q, s, id, fmt, &ap);
	va_end(ap);
}

int
sql_row(struct sql *q)
{
	int rc;

	if (q->error != 0)
		return q->error;
	rc = sqlite3_step(q->st);
	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : sql_error(q, rc);
}

int64_t
sql_int(struct sql *q, int col)
{
	return sqlite3_column_int64(q->st, col);
}

const char *
sql_text(struct sql *q, int col)
{
	const char *s = (const char *)sqlite3_column_text(q->st, col);

	return s != NULL ? s : "";
}

const void *
sql_blob(struct sql *q, int col, size_t *len)
{
	const void *p = sqlite3_column_blob(q->st, col);

	*len = (size_t)sqlite3_column_bytes(q->st, col);
	return p != NULL ? p : "";
}

void
sql_copy(struct sql *q, int col, char *dst, size_t size)
{
	const char *s = sql_text(q, col);
	size_t len = (size_t)sqlite3_column_bytes(q->st, col);

	if (len < size) {
		memcpy(dst, s, len);
		dst[len] = '\0';
		return;
	}
	dst[0] = '\0';
	q->error = TC_EIO;
}

void
sql_copy_blob(struct sql *q, int col, void *dst, size_t size)
{
	const void *p;
	size_t len;

	p = sql_blob(q, col, &len);
	if (len == size)
		memcpy(dst, p, size);
	else
		q->error = TC_EIO;
}

int
sql_done(struct sql *q)
{
	sqlite3_reset(q->st);
	sqlite3_clear_bindings(q->st);
	return q->error;
}

int
sql_one(struct sql *q, sql_read_cb read, void *out)
{
	int rc = sql_row(q);

	if (rc == 1)
		read(q, out);
	if (sql_done(q) != 0)
		return q->error;
	return rc == 1 ? 0 : TC_ENOENT;
}

static void
sql_read_blob(struct sql *q, void *out)
{
	const void *p;
	size_t len;

	p = sql_blob(q, 0, &len);
	if (buf_put(out, p, len) != 0)
		q->error = TC_EFULL;
}

int
sql_one_blob(struct sql *q, struct buf *out)
{
	return sql_one(q, sql_read_blob, out);
}

int
sql_run(struct store *s, int id, const char *fmt, ...)
{
	struct sql q;
	va_list ap;
	int rc;

	va_start(ap, fmt);
	sql_vuse(&q, s, id, fmt, &ap);
	va_end(ap);
	while ((rc = sql_row(&q)) == 1)
		;
	rc = sql_done(&q);
	return rc != 0 ? rc : sqlite3_changes(s->db);
}

int
sql_value(struct store *s, int64_t *value, int id, const char *fmt, ...)
{
	struct sql q;
	va_list ap;

	va_start(ap, fmt);
	sql_vuse(&q, s, id, fmt, &ap);
	va_end(ap);
	if (sql_row(&q) == 1)
		*value = sql_int(&q, 0);
	return sql_done(&q);
}

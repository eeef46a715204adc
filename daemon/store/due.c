/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What falls due: store/due.h. */
#include "config.h"

#include "store/due.h"
#include "store/sql.h"

#define DUE_COLUMNS "kind, subject, at, step"

enum {
	DUE_SET,
	DUE_CLEAR,
	DUE_FIRST,
	DUE_GET
};

static const char *const due_sql[] = {
    [DUE_SET] = ("INSERT INTO due(" DUE_COLUMNS ") VALUES(?1, ?2, ?3, ?4)"
		 " ON CONFLICT DO UPDATE SET at = ?3, step = ?4"),
    [DUE_CLEAR] = "DELETE FROM due WHERE kind = ?1 AND subject = ?2",
    [DUE_FIRST] = "SELECT " DUE_COLUMNS " FROM due ORDER BY at LIMIT 1",
    [DUE_GET] = "SELECT " DUE_COLUMNS " FROM due WHERE kind = ?1"
		" AND subject = ?2",
};
const struct sql_table sql_due = {due_sql, TC_NELEM(due_sql)};

int
store_due_set(struct store *s, const struct due *d)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_DUE, DUE_SET), "iiii", (int64_t)d->kind,
	    d->subject, d->at, (int64_t)d->step);
	return rc < 0 ? rc : 0;
}

int
store_due_clear(struct store *s, int kind, int64_t subject)
{
	int rc;

	rc = sql_run(
	    s, SQL_ID(SUBJECT_DUE, DUE_CLEAR), "ii", (int64_t)kind, subject);
	return rc < 0 ? rc : 0;
}

static void
due_read(struct sql *q, void *out)
{
	struct due *d = out;

	d->kind = (int)sql_int(q, 0);
	d->subject = sql_int(q, 1);
	d->at = sql_int(q, 2);
	d->step = (int)sql_int(q, 3);
}

int
store_due_first(struct store *s, struct due *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_DUE, DUE_FIRST), "");
	return sql_one(&q, due_read, out);
}

int
store_due_get(struct store *s, int kind, int64_t subject, struct due *out)
{
	struct sql q;

	sql_use(
	    &q, s, SQL_ID(SUBJECT_DUE, DUE_GET), "ii", (int64_t)kind, subject);
	return sql_one(&q, due_read, out);
}

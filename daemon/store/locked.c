/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts of the house and what came in without the data key: store/locked.h. */
#include "config.h"

#include "buf.h"
#include "store/locked.h"
#include "store/sql.h"

enum {
	HOUSE_GET,
	HOUSE_PUT,
	LOCKED_ADD,
	LOCKED_FIRST,
	LOCKED_REMOVE,
	LOCKED_SPOIL,
	LOCKED_WAITING,
	LOCKED_SPOILT
};

static const char *const locked_sql[] = {
    [HOUSE_GET] = "SELECT value FROM house WHERE name = ?1",
    [HOUSE_PUT] = "INSERT INTO house (name, value) VALUES (?1, ?2)",
    [LOCKED_ADD] = "INSERT INTO locked_inbound (sealed, at) VALUES (?1, ?2)",
    [LOCKED_FIRST] = "SELECT id, sealed FROM locked_inbound WHERE spoilt = 0"
		     " ORDER BY id LIMIT 1",
    [LOCKED_REMOVE] = "DELETE FROM locked_inbound WHERE id = ?1",
    [LOCKED_SPOIL] = "UPDATE locked_inbound SET spoilt = 1 WHERE id = ?1",
    [LOCKED_WAITING] = "SELECT count(*), min(at) FROM locked_inbound"
		       " WHERE spoilt = 0",
    [LOCKED_SPOILT] = "SELECT count(*) FROM locked_inbound WHERE spoilt = 1",
};
const struct sql_table sql_locked = {locked_sql, TC_NELEM(locked_sql)};

int
store_house_get(struct store *s, const char *name, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_LOCKED, HOUSE_GET), "t", name);
	return sql_one_blob(&q, out);
}

int
store_house_put(struct store *s, const char *name, const void *data, size_t len)
{
	int rc = sql_run(
	    s, SQL_ID(SUBJECT_LOCKED, HOUSE_PUT), "tb", name, data, len);

	return rc < 0 ? rc : 0;
}

int
store_locked_add(struct store *s, const void *sealed, size_t len, int64_t at)
{
	int rc = sql_run(
	    s, SQL_ID(SUBJECT_LOCKED, LOCKED_ADD), "bi", sealed, len, at);

	return rc < 0 ? rc : 0;
}

int
store_locked_first(struct store *s, int64_t *id, struct buf *sealed)
{
	const void *data;
	struct sql q;
	size_t len;
	int rc, end, full = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_LOCKED, LOCKED_FIRST), "");
	rc = sql_row(&q);
	if (rc == 1) {
		*id = sql_int(&q, 0);
		data = sql_blob(&q, 1, &len);
		full = buf_put(sealed, data, len);
	}
	end = sql_done(&q);
	if (rc == 1)
		return end != 0 ? end : full;
	return rc < 0 ? rc : end != 0 ? end : TC_ENOENT;
}

int
store_locked_remove(struct store *s, int64_t id)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_LOCKED, LOCKED_REMOVE), "i", id);

	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_locked_spoil(struct store *s, int64_t id)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_LOCKED, LOCKED_SPOIL), "i", id);

	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

static void
locked_read(struct sql *q, void *out)
{
	struct locked_figures *f = out;

	f->waiting = sql_int(q, 0);
	f->oldest_at = sql_int(q, 1);
}

int
store_locked_figures(struct store *s, struct locked_figures *out)
{
	struct sql q;
	int rc;

	*out = (struct locked_figures){0, 0, 0};
	sql_use(&q, s, SQL_ID(SUBJECT_LOCKED, LOCKED_WAITING), "");
	rc = sql_one(&q, locked_read, out);
	return rc != 0 ? rc
		       : sql_value(s, &out->spoilt,
			     SQL_ID(SUBJECT_LOCKED, LOCKED_SPOILT), "");
}

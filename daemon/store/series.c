/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Series of texts: store/series.h. */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "store/series.h"
#include "store/sql.h"

#define SERIES_COLUMNS                                                         \
	"s.id, s.number, s.is_visits, s.name, s.theme, s.state, s.author_id,"  \
	" s.created_at, s.per_day, s.per_month, a.name, p.name,"               \
	" (SELECT count(*) FROM series_member WHERE series_id = s.id),"        \
	" (SELECT count(*) FROM series_step WHERE series_id = s.id),"          \
	" (SELECT count(*) FROM notice WHERE series_id = s.id"                 \
	"  AND state IN ('sent', 'delivered', 'no_report')),"                  \
	" (SELECT count(*) FROM notice WHERE series_id = s.id"                 \
	"  AND state = 'queued')"                                              \
	" FROM series s JOIN user a ON a.id = s.author_id"                     \
	" LEFT JOIN user p ON p.id = s.approver_id"

enum {
	SERIES_ADD,
	SERIES_GET,
	SERIES_BY_NUMBER,
	SERIES_EACH,
	SERIES_NUMBERS,
	SERIES_APPROVE,
	SERIES_CANCEL,
	SERIES_DROP,
	STEP_ADD,
	STEP_GET,
	STEP_TEXT,
	MEMBER_JOIN,
	MEMBER_DROP,
	MEMBER_AT
};

static const char *const series_sql[] = {
    [SERIES_ADD] = "INSERT INTO series(id, number, is_visits, name, theme,"
		   " author_id, created_at, per_day, per_month)"
		   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [SERIES_GET] = "SELECT " SERIES_COLUMNS " WHERE s.id = ?1",
    [SERIES_BY_NUMBER] = "SELECT " SERIES_COLUMNS " WHERE s.number = ?1"
			 " AND s.state = 'approved'",
    [SERIES_EACH] = "SELECT " SERIES_COLUMNS " ORDER BY s.number, s.id",
    [SERIES_NUMBERS] = "SELECT number FROM series WHERE state <> 'cancelled'"
		       " ORDER BY number",
    [SERIES_APPROVE] = "UPDATE series SET state = 'approved', approver_id = ?2"
		       " WHERE id = ?1 AND state = 'draft'",
    [SERIES_CANCEL] = "UPDATE series SET state = 'cancelled' WHERE id = ?1"
		      " AND state <> 'cancelled'",
    [SERIES_DROP] = "UPDATE notice SET state = 'cancelled', at = ?2"
		    " WHERE series_id = ?1 AND state = 'queued'",
    [STEP_ADD] = "INSERT INTO series_step(series_id, step, day, segments,"
		 " text_box) VALUES(?1, ?2, ?3, ?4, ?5)",
    [STEP_GET] = "SELECT step, day, segments FROM series_step"
		 " WHERE series_id = ?1 AND step = ?2",
    [STEP_TEXT] = "SELECT text_box FROM series_step WHERE series_id = ?1"
		  " AND step = ?2",
    [MEMBER_JOIN] = "INSERT INTO series_member(series_id, person_id, at)"
		    " VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET at = ?3",
    [MEMBER_DROP] = "DELETE FROM notice WHERE series_id = ?1"
		    " AND person_id = ?2 AND state = 'queued'",
    [MEMBER_AT] = "SELECT at FROM series_member WHERE series_id = ?1"
		  " AND person_id = ?2",
};
const struct sql_table sql_series = {series_sql, TC_NELEM(series_sql)};

#define SERIES_SQL(statement) SQL_ID(SUBJECT_SERIES, statement)

int
store_series_add(struct store *s, const struct series *r)
{
	int rc = sql_run(s, SERIES_SQL(SERIES_ADD), "iiittiiii", r->id,
	    (int64_t)r->number, (int64_t)r->is_visits, r->name, r->theme,
	    r->author_id, r->created_at, (int64_t)r->per_day,
	    (int64_t)r->per_month);

	return rc < 0 ? rc : 0;
}

static void
series_read(struct sql *q, void *out)
{
	struct series *r = out;

	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->number = (int)sql_int(q, 1);
	r->is_visits = sql_int(q, 2) != 0;
	sql_copy(q, 3, r->name, sizeof(r->name));
	sql_copy(q, 4, r->theme, sizeof(r->theme));
	sql_copy(q, 5, r->state, sizeof(r->state));
	r->author_id = sql_int(q, 6);
	r->created_at = sql_int(q, 7);
	r->per_day = (int)sql_int(q, 8);
	r->per_month = (int)sql_int(q, 9);
	sql_copy(q, 10, r->author, sizeof(r->author));
	sql_copy(q, 11, r->approver, sizeof(r->approver));
	r->members = sql_int(q, 12);
	r->nsteps = sql_int(q, 13);
	r->sent = sql_int(q, 14);
	r->queued = sql_int(q, 15);
}

int
store_series_get(struct store *s, int64_t id, struct series *out)
{
	struct sql q;

	sql_use(&q, s, SERIES_SQL(SERIES_GET), "i", id);
	return sql_one(&q, series_read, out);
}

int
store_series_by_number(struct store *s, int number, struct series *out)
{
	struct sql q;

	sql_use(&q, s, SERIES_SQL(SERIES_BY_NUMBER), "i", (int64_t)number);
	return sql_one(&q, series_read, out);
}

int
store_series_each(struct store *s, store_series_cb cb, void *ctx)
{
	struct series r;
	struct sql q;
	int rc, n = 0;

	sql_use(&q, s, SERIES_SQL(SERIES_EACH), "");
	while ((rc = sql_row(&q)) == 1) {
		series_read(&q, &r);
		if ((rc = cb(&r, ctx)) < 0)
			break;
		n++;
	}
	if (sql_done(&q) != 0)
		return q.error;
	return rc < 0 ? rc : n;
}

int
store_series_free_number(struct store *s, int *number)
{
	struct sql q;

	*number = 1;
	sql_use(&q, s, SERIES_SQL(SERIES_NUMBERS), "");
	while (sql_row(&q) == 1)
		if (sql_int(&q, 0) == *number)
			(*number)++;
	return sql_done(&q);
}

int
store_series_approve(struct store *s, int64_t id, int64_t approver_id)
{
	int rc = sql_run(s, SERIES_SQL(SERIES_APPROVE), "ii", id, approver_id);

	return rc < 0 ? rc : rc == 0 ? TC_ESTATE : 0;
}

int
store_series_cancel(struct store *s, int64_t id, int64_t now)
{
	int rc = sql_run(s, SERIES_SQL(SERIES_CANCEL), "i", id);

	if (rc <= 0)
		return rc < 0 ? rc : TC_ESTATE;
	rc = sql_run(s, SERIES_SQL(SERIES_DROP), "ii", id, now);
	return rc < 0 ? rc : 0;
}

int
store_series_add_step(struct store *s, int64_t id,
    const struct series_step *step, const struct buf *text_box)
{
	int rc = sql_run(s, SERIES_SQL(STEP_ADD), "iiiib", id,
	    (int64_t)step->step, (int64_t)step->day, (int64_t)step->segments,
	    text_box->data, text_box->len);

	return rc < 0 ? rc : 0;
}

static void
step_read(struct sql *q, void *out)
{
	struct series_step *step = out;

	step->step = (int)sql_int(q, 0);
	step->day = (int)sql_int(q, 1);
	step->segments = (int)sql_int(q, 2);
}

int
store_series_step(
    struct store *s, int64_t id, int step, struct series_step *out)
{
	struct sql q;

	sql_use(&q, s, SERIES_SQL(STEP_GET), "ii", id, (int64_t)step);
	return sql_one(&q, step_read, out);
}

int
store_series_text(struct store *s, int64_t id, int step, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, SERIES_SQL(STEP_TEXT), "ii", id, (int64_t)step);
	return sql_one_blob(&q, out);
}

int
store_member_join(
    struct store *s, int64_t series_id, int64_t person_id, int64_t now)
{
	int rc = sql_run(
	    s, SERIES_SQL(MEMBER_JOIN), "iii", series_id, person_id, now);

	if (rc >= 0)
		rc = sql_run(
		    s, SERIES_SQL(MEMBER_DROP), "ii", series_id, person_id);
	return rc < 0 ? rc : 0;
}

int
store_member_at(
    struct store *s, int64_t series_id, int64_t person_id, int64_t *at)
{
	int rc;

	*at = 0;
	rc =
	    sql_value(s, at, SERIES_SQL(MEMBER_AT), "ii", series_id, person_id);
	return rc != 0 ? rc : *at == 0 ? TC_ENOENT : 0;
}

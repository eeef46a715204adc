/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that somebody asked for: store/notice.h. */
#include "config.h"

#include "store/notice.h"
#include "store/sql.h"

#define NOTICE_COLUMNS                                                         \
	"id, person_id, coalesce(event_id, 0), due_at, until_at, state,"       \
	" coalesce(series_id, 0), step"

enum {
	NOTICE_ADD,
	NOTICE_GET,
	NOTICE_DUE,
	NOTICE_SET,
	NOTICE_WAIT,
	NOTICE_MOVE,
	NOTICE_CANCEL,
	NOTICE_END,
	TOLD_HAS,
	TOLD_ADD
};

static const char *const notice_sql[] = {
    [NOTICE_ADD] = "INSERT INTO notice(id, person_id, event_id, due_at,"
		   " until_at, series_id, step) VALUES(?1, ?2, nullif(?3, 0),"
		   " ?4, ?5, nullif(?6, 0), ?7)",
    [NOTICE_GET] = "SELECT " NOTICE_COLUMNS " FROM notice WHERE id = ?1",
    [NOTICE_DUE] = "SELECT " NOTICE_COLUMNS " FROM notice"
		   " INDEXED BY notice_due WHERE state = 'queued'"
		   " AND due_at <= ?1 ORDER BY due_at LIMIT 1",
    [NOTICE_SET] =
	("UPDATE notice SET state = ?2, reason = ?3, at = ?4,"
	 " fed_at = iif(?2 = 'sending', ?4,"
	 "  iif(?2 IN ('suppressed', 'cancelled', 'failed'), NULL, fed_at))"
	 " WHERE id = ?1"),
    [NOTICE_WAIT] = "UPDATE notice SET due_at = ?3, reason = ?2"
		    " WHERE id = ?1 AND state = 'queued'",
    [NOTICE_MOVE] = "UPDATE notice SET due_at = ?2, until_at = ?3"
		    " WHERE event_id = ?1 AND state = 'queued'",
    [NOTICE_CANCEL] = "UPDATE notice SET state = 'cancelled', at = ?3"
		      " WHERE event_id = ?1 AND (?2 = 0 OR person_id = ?2)"
		      " AND state = 'queued'",
    [NOTICE_END] = "UPDATE notice SET state = 'suppressed',"
		   " reason = 'too_late', at = ?1"
		   " WHERE state = 'queued' AND until_at <= ?1",
    [TOLD_HAS] = "SELECT count(*) FROM told WHERE day = ?1 AND from_at = ?2"
		 " AND step = ?3",
    [TOLD_ADD] = "INSERT OR IGNORE INTO told(day, from_at, step)"
		 " VALUES(?1, ?2, ?3)",
};
const struct sql_table sql_notice = {notice_sql, TC_NELEM(notice_sql)};

#define NOTICE_SQL(statement) SQL_ID(SUBJECT_NOTICE, statement)

int
store_notice_add(struct store *s, const struct notice *n)
{
	int rc = sql_run(s, NOTICE_SQL(NOTICE_ADD), "iiiiiii", n->id,
	    n->person_id, n->event_id, n->due_at, n->until_at, n->series_id,
	    (int64_t)n->step);

	return rc < 0 ? rc : 0;
}

static void
notice_read(struct sql *q, void *out)
{
	struct notice *n = out;

	n->id = sql_int(q, 0);
	n->person_id = sql_int(q, 1);
	n->event_id = sql_int(q, 2);
	n->due_at = sql_int(q, 3);
	n->until_at = sql_int(q, 4);
	sql_copy(q, 5, n->state, sizeof(n->state));
	n->series_id = sql_int(q, 6);
	n->step = (int)sql_int(q, 7);
}

int
store_notice_get(struct store *s, int64_t id, struct notice *out)
{
	struct sql q;

	sql_use(&q, s, NOTICE_SQL(NOTICE_GET), "i", id);
	return sql_one(&q, notice_read, out);
}

int
store_notice_due(struct store *s, int64_t now, struct notice *out)
{
	struct sql q;

	sql_use(&q, s, NOTICE_SQL(NOTICE_DUE), "i", now);
	return sql_one(&q, notice_read, out);
}

int
store_notice_set(struct store *s, const struct notice_state *n)
{
	int rc = sql_run(s, NOTICE_SQL(NOTICE_SET), "itti", n->id, n->state,
	    n->reason, n->at);

	return rc < 0 ? rc : 0;
}

int
store_notice_wait(struct store *s, int64_t id, const char *reason, int64_t at)
{
	int rc = sql_run(s, NOTICE_SQL(NOTICE_WAIT), "iti", id, reason, at);

	return rc < 0 ? rc : 0;
}

int
store_notice_move(struct store *s, const struct notice *n)
{
	return sql_run(s, NOTICE_SQL(NOTICE_MOVE), "iii", n->event_id,
	    n->due_at, n->until_at);
}

int
store_notice_cancel(
    struct store *s, int64_t event_id, int64_t person_id, int64_t now)
{
	return sql_run(
	    s, NOTICE_SQL(NOTICE_CANCEL), "iii", event_id, person_id, now);
}

int
store_notice_end(struct store *s, int64_t now)
{
	return sql_run(s, NOTICE_SQL(NOTICE_END), "i", now);
}

int
store_told_has(struct store *s, const char *day, int64_t from, int step)
{
	int64_t n = 0;
	int rc = sql_value(
	    s, &n, NOTICE_SQL(TOLD_HAS), "tii", day, from, (int64_t)step);

	return rc != 0 ? rc : (int)n;
}

int
store_told_add(struct store *s, const char *day, int64_t from, int step)
{
	int rc =
	    sql_run(s, NOTICE_SQL(TOLD_ADD), "tii", day, from, (int64_t)step);

	return rc < 0 ? rc : 0;
}

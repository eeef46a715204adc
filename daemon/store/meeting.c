/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events and guests: store/meeting.h. */
#include "config.h"

#include <string.h>

#include "store/meeting.h"
#include "store/sql.h"

#define MEETING_COLUMNS                                                        \
	"e.id, e.number, e.name, e.place, e.starts_at, e.state, e.author_id,"  \
	" a.name, p.name, e.created_at,"                                       \
	" (SELECT group_concat(name, char(10)) FROM (SELECT l.name"            \
	" FROM event_list el JOIN list l ON l.id = el.list_id"                 \
	" WHERE el.event_id = e.id ORDER BY l.name)),"                         \
	" (SELECT count(*) FROM event_guest WHERE event_id = e.id"             \
	" AND left_at = 0),"                                                   \
	" (SELECT count(*) FROM event_guest WHERE event_id = e.id"             \
	" AND left_at > 0),"                                                   \
	" (SELECT count(*) FROM notice WHERE event_id = e.id"                  \
	" AND state IN ('sent', 'delivered', 'no_report')),"                   \
	" (SELECT count(*) FROM notice WHERE event_id = e.id"                  \
	" AND state = 'queued')"                                               \
	" FROM event e JOIN user a ON a.id = e.author_id"                      \
	" LEFT JOIN user p ON p.id = e.approver_id"

enum {
	MEETING_ADD,
	MEETING_EDIT,
	MEETING_UNLIST,
	MEETING_ADD_LIST,
	MEETING_GET,
	MEETING_EACH,
	MEETING_APPROVE,
	MEETING_CANCEL,
	MEETING_NUMBERS,
	MEETING_COMING,
	MEETING_NEXT,
	GUEST_JOIN,
	GUEST_LEAVE,
	GUEST_AT,
	GUEST_NEXT,
	GUEST_EACH
};

static const char *const meeting_sql[] = {
    [MEETING_ADD] =
	"INSERT INTO event(id, number, name, place, starts_at,"
	" author_id, created_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [MEETING_EDIT] = "UPDATE event SET name = ?2, place = ?3, starts_at = ?4,"
		     " number = ?5, state = 'draft', approver_id = NULL"
		     " WHERE id = ?1 AND state <> 'cancelled'",
    [MEETING_UNLIST] = "DELETE FROM event_list WHERE event_id = ?1",
    [MEETING_ADD_LIST] = "INSERT OR IGNORE INTO event_list(event_id, list_id)"
			 " VALUES(?1, ?2)",
    [MEETING_GET] = "SELECT " MEETING_COLUMNS " WHERE e.id = ?1",
    [MEETING_EACH] = "SELECT " MEETING_COLUMNS " WHERE e.starts_at > ?1"
		     " ORDER BY e.starts_at, e.id",
    [MEETING_APPROVE] = "UPDATE event SET state = 'approved', approver_id = ?2"
			" WHERE id = ?1 AND state = 'draft'",
    [MEETING_CANCEL] = "UPDATE event SET state = 'cancelled'"
		       " WHERE id = ?1 AND state <> 'cancelled'",
    [MEETING_NUMBERS] = "SELECT number FROM event WHERE starts_at > ?1"
			" AND state <> 'cancelled' ORDER BY number",
    [MEETING_COMING] = "SELECT " MEETING_COLUMNS " WHERE e.number = ?1"
		       " AND e.starts_at > ?2 AND e.state = 'approved'"
		       " ORDER BY e.starts_at LIMIT 1",
    [MEETING_NEXT] = "SELECT " MEETING_COLUMNS " WHERE e.starts_at > ?1"
		     " AND e.state = 'approved' ORDER BY e.starts_at LIMIT 1",
    [GUEST_JOIN] =
	("INSERT INTO event_guest(event_id, person_id, at)"
	 " VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET at = ?3, left_at = 0"
	 " WHERE left_at > 0"),
    [GUEST_LEAVE] = "UPDATE event_guest SET left_at = ?3 WHERE event_id = ?1"
		    " AND person_id = ?2 AND left_at = 0",
    [GUEST_AT] = "SELECT at FROM event_guest WHERE event_id = ?1"
		 " AND person_id = ?2 AND left_at = 0",
    [GUEST_NEXT] = "SELECT e.id FROM event_guest g"
		   " JOIN event e ON e.id = g.event_id"
		   " WHERE g.person_id = ?1 AND g.left_at = 0"
		   " AND e.starts_at > ?2 AND e.state <> 'cancelled'"
		   " ORDER BY e.starts_at LIMIT 1",
    [GUEST_EACH] = "SELECT person_id FROM event_guest WHERE event_id = ?1"
		   " AND left_at = 0",
};
const struct sql_table sql_meeting = {meeting_sql, TC_NELEM(meeting_sql)};

#define MEETING_SQL(statement) SQL_ID(SUBJECT_MEETING, statement)

int
store_meeting_add(struct store *s, const struct meeting *e)
{
	int rc = sql_run(s, MEETING_SQL(MEETING_ADD), "iittiii", e->id,
	    (int64_t)e->number, e->name, e->place, e->starts_at, e->author_id,
	    e->created_at);

	return rc < 0 ? rc : 0;
}

int
store_meeting_edit(struct store *s, const struct meeting *e, bool is_unlisting)
{
	int rc = sql_run(s, MEETING_SQL(MEETING_EDIT), "ittii", e->id, e->name,
	    e->place, e->starts_at, (int64_t)e->number);

	if (rc <= 0)
		return rc < 0 ? rc : TC_ESTATE;
	if (!is_unlisting)
		return 0;
	rc = sql_run(s, MEETING_SQL(MEETING_UNLIST), "i", e->id);
	return rc < 0 ? rc : 0;
}

int
store_meeting_add_list(struct store *s, int64_t id, int64_t list_id)
{
	int rc = sql_run(s, MEETING_SQL(MEETING_ADD_LIST), "ii", id, list_id);

	return rc < 0 ? rc : 0;
}

static void
meeting_read(struct sql *q, void *out)
{
	struct meeting *e = out;

	memset(e, 0, sizeof(*e));
	e->id = sql_int(q, 0);
	e->number = (int)sql_int(q, 1);
	sql_copy(q, 2, e->name, sizeof(e->name));
	sql_copy(q, 3, e->place, sizeof(e->place));
	e->starts_at = sql_int(q, 4);
	sql_copy(q, 5, e->state, sizeof(e->state));
	e->author_id = sql_int(q, 6);
	sql_copy(q, 7, e->author, sizeof(e->author));
	sql_copy(q, 8, e->approver, sizeof(e->approver));
	e->created_at = sql_int(q, 9);
	sql_copy(q, 10, e->lists, sizeof(e->lists));
	e->guests = sql_int(q, 11);
	e->left = sql_int(q, 12);
	e->reminded = sql_int(q, 13);
	e->reminder = sql_int(q, 14);
}

int
store_meeting_get(struct store *s, int64_t id, struct meeting *out)
{
	struct sql q;

	sql_use(&q, s, MEETING_SQL(MEETING_GET), "i", id);
	return sql_one(&q, meeting_read, out);
}

int
store_meeting_each(
    struct store *s, int64_t after, store_meeting_cb cb, void *ctx)
{
	struct meeting e;
	struct sql q;
	int rc, n = 0;

	sql_use(&q, s, MEETING_SQL(MEETING_EACH), "i", after);
	while ((rc = sql_row(&q)) == 1) {
		meeting_read(&q, &e);
		if ((rc = cb(&e, ctx)) < 0)
			break;
		n++;
	}
	if (sql_done(&q) != 0)
		return q.error;
	return rc < 0 ? rc : n;
}

int
store_meeting_approve(struct store *s, int64_t id, int64_t approver_id)
{
	int rc =
	    sql_run(s, MEETING_SQL(MEETING_APPROVE), "ii", id, approver_id);

	return rc < 0 ? rc : rc == 0 ? TC_ESTATE : 0;
}

int
store_meeting_cancel(struct store *s, int64_t id)
{
	int rc = sql_run(s, MEETING_SQL(MEETING_CANCEL), "i", id);

	return rc < 0 ? rc : rc == 0 ? TC_ESTATE : 0;
}

int
store_meeting_free_number(struct store *s, int64_t now, int *number)
{
	struct sql q;

	*number = 1;
	sql_use(&q, s, MEETING_SQL(MEETING_NUMBERS), "i", now);
	while (sql_row(&q) == 1)
		if (sql_int(&q, 0) == *number)
			(*number)++;
	return sql_done(&q);
}

int
store_meeting_coming(
    struct store *s, int number, int64_t now, struct meeting *out)
{
	struct sql q;

	if (number == 0)
		sql_use(&q, s, MEETING_SQL(MEETING_NEXT), "i", now);
	else
		sql_use(&q, s, MEETING_SQL(MEETING_COMING), "ii",
		    (int64_t)number, now);
	return sql_one(&q, meeting_read, out);
}

int
store_guest_join(
    struct store *s, int64_t event_id, int64_t person_id, int64_t now)
{
	int rc = sql_run(
	    s, MEETING_SQL(GUEST_JOIN), "iii", event_id, person_id, now);

	return rc < 0 ? rc : rc > 0;
}

int
store_guest_leave(
    struct store *s, int64_t event_id, int64_t person_id, int64_t now)
{
	int rc = sql_run(
	    s, MEETING_SQL(GUEST_LEAVE), "iii", event_id, person_id, now);

	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_guest_at(
    struct store *s, int64_t event_id, int64_t person_id, int64_t *at)
{
	int rc;

	*at = 0;
	rc = sql_value(s, at, MEETING_SQL(GUEST_AT), "ii", event_id, person_id);
	return rc != 0 ? rc : *at == 0 ? TC_ENOENT : 0;
}

int
store_guest_next(
    struct store *s, int64_t person_id, int64_t now, int64_t *event_id)
{
	int rc;

	*event_id = 0;
	rc = sql_value(
	    s, event_id, MEETING_SQL(GUEST_NEXT), "ii", person_id, now);
	return rc != 0 ? rc : *event_id == 0 ? TC_ENOENT : 0;
}

int
store_guest_each(
    struct store *s, int64_t event_id, store_guest_cb cb, void *ctx)
{
	struct sql q;
	int rc, n = 0;

	sql_use(&q, s, MEETING_SQL(GUEST_EACH), "i", event_id);
	while ((rc = sql_row(&q)) == 1 && (rc = cb(sql_int(&q, 0), ctx)) >= 0)
		n++;
	if (sql_done(&q) != 0)
		return q.error;
	return rc < 0 ? rc : n;
}

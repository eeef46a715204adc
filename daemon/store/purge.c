/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is not kept any longer: store/purge.h. secure_delete overwrites what was
 * there; the desk sees to the WAL. */
#include "config.h"

#include "store/purge.h"
#include "store/sql.h"

enum {
	PURGE_NEXT,
	PURGE_TALLY,
	PURGE_CHANGE,
	PURGE_CASE,
	PURGE_CONTACT,
	PURGE_MESSAGES,
	PURGE_CONTACTS
};

static const char *const purge_sql[] = {
    [PURGE_NEXT] = "SELECT id FROM \"case\" WHERE state = 'closed'"
		   " AND hold = '' AND closed_at < ?1"
		   " ORDER BY closed_at LIMIT 1",
    [PURGE_TALLY] = "INSERT INTO tally(month, queue, urgency, outcome, n)"
		    " SELECT strftime('%Y-%m', opened_at, 'unixepoch'), queue,"
		    " urgency, outcome, 1 FROM \"case\" WHERE id = ?1"
		    " ON CONFLICT DO UPDATE SET n = n + 1",
    [PURGE_CHANGE] = "INSERT INTO counter(name, n) VALUES('change', ?1)"
		     " ON CONFLICT DO UPDATE SET n = max(n, ?1)",
    [PURGE_CASE] = "DELETE FROM \"case\" WHERE id = ?1",
    [PURGE_CONTACT] = "DELETE FROM contact WHERE id = ?1 AND NOT EXISTS("
		      "SELECT 1 FROM \"case\" WHERE contact_id = ?1)",
    [PURGE_MESSAGES] = "DELETE FROM message WHERE id IN ("
		       "SELECT id FROM message WHERE created_at < ?1"
		       " AND settled_at IS NOT NULL ORDER BY created_at, id"
		       " LIMIT 500)",
    [PURGE_CONTACTS] =
	"DELETE FROM contact WHERE id IN (SELECT id FROM contact c"
	" WHERE created_at < ?1 AND fallback_at < ?1"
	" AND NOT EXISTS(SELECT 1 FROM \"case\" WHERE contact_id = c.id)"
	" AND NOT EXISTS(SELECT 1 FROM message WHERE contact_id = c.id)"
	" LIMIT 500)",
};
const struct sql_table sql_purge = {purge_sql, TC_NELEM(purge_sql)};

int
store_purge_next(struct store *s, int64_t before, struct case_row *out)
{
	int64_t id = 0;
	int rc;

	rc = sql_value(s, &id, SQL_ID(SUBJECT_PURGE, PURGE_NEXT), "i", before);
	if (rc != 0)
		return rc;
	return id == 0 ? TC_ENOENT : store_case_get(s, id, out);
}

int
store_purge_case(struct store *s, const struct case_row *c)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_PURGE, PURGE_TALLY), "i", c->id);
	if (rc >= 0)
		rc = sql_run(
		    s, SQL_ID(SUBJECT_PURGE, PURGE_CHANGE), "i", c->change);
	if (rc >= 0)
		rc = sql_run(s, SQL_ID(SUBJECT_PURGE, PURGE_CASE), "i", c->id);
	if (rc >= 0)
		rc = sql_run(s, SQL_ID(SUBJECT_PURGE, PURGE_CONTACT), "i",
		    c->contact_id);
	return rc < 0 ? rc : 0;
}

int
store_purge_messages(struct store *s, int64_t before)
{
	return sql_run(s, SQL_ID(SUBJECT_PURGE, PURGE_MESSAGES), "i", before);
}

int
store_purge_contacts(struct store *s, int64_t before)
{
	return sql_run(s, SQL_ID(SUBJECT_PURGE, PURGE_CONTACTS), "i", before);
}

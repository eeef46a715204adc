/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The copies of case keys and what she agreed to: store/seal.h. A copy that
 * becomes visible gets its place in the queue by store_case_update(). */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "store/seal.h"
#include "store/sql.h"

enum {
	SEAL_ADD,
	SEAL_GET,
	SEAL_EACH,
	SEAL_REFUSE,
	SEAL_HAS_SHOWN,
	SEAL_SHOW,
	SEAL_RELEASE,
	SEAL_WITHHOLD,
	SEAL_DROP_REFERRAL,
	SEAL_NEXT_RUNG,
	CONSENT_ADD,
	CONSENT_GIVEN,
	CONSENT_EACH,
	REPORTER_ADD,
	REPORTER_GET
};

static const char *const seal_sql[] = {
    [SEAL_ADD] = "INSERT INTO case_seal(case_id, agency, sealed, rung,"
		 " shown_at, released_at)"
		 " VALUES(?1, ?2, ?3, ?4, nullif(?5, 0), nullif(?5, 0))",
    [SEAL_GET] = "SELECT sealed FROM case_seal WHERE case_id = ?1"
		 " AND agency = ?2 AND released_at IS NOT NULL",
    [SEAL_EACH] = "SELECT agency FROM case_seal WHERE case_id = ?1"
		  " AND shown_at IS NOT NULL",
    [SEAL_REFUSE] = "DELETE FROM case_seal WHERE case_id = ?1 AND agency = ?2"
		    " AND NOT EXISTS(SELECT 1 FROM \"case\" c JOIN user u"
		    " ON u.id = c.claimed_by WHERE c.id = ?1 AND u.agency = ?2)"
		    " AND EXISTS(SELECT 1 FROM case_seal WHERE case_id = ?1"
		    " AND agency NOT IN (?2, 'RECOVERY'))",
    [SEAL_HAS_SHOWN] = "SELECT count(*) FROM case_seal WHERE case_id = ?1"
		       " AND shown_at IS NOT NULL",
    [SEAL_SHOW] = "UPDATE case_seal SET shown_at = coalesce(shown_at, ?3)"
		  " WHERE case_id = ?1 AND agency = ?2",
    [SEAL_RELEASE] = "UPDATE case_seal SET shown_at = coalesce(shown_at, ?3),"
		     " released_at = coalesce(released_at, ?3)"
		     " WHERE case_id = ?1 AND agency = ?2",
    [SEAL_WITHHOLD] = "UPDATE case_seal SET shown_at = NULL, rank = NULL"
		      " WHERE case_id = ?1 AND agency = ?2"
		      " AND released_at IS NULL",
    [SEAL_DROP_REFERRAL] = "DELETE FROM case_seal WHERE case_id = ?1"
			   " AND agency = ?2 AND released_at IS NULL"
			   " AND rung = 100",
    [SEAL_NEXT_RUNG] = "SELECT agency, rung FROM case_seal WHERE case_id = ?1"
		       " AND released_at IS NULL AND rung BETWEEN ?2 AND ?3"
		       " ORDER BY rung, agency LIMIT 1",
    [CONSENT_ADD] = "INSERT OR REPLACE INTO case_consent(case_id, agency, at,"
		    " given, how, user_id) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    [CONSENT_GIVEN] = "SELECT given FROM case_consent WHERE case_id = ?1"
		      " AND agency = ?2 ORDER BY at DESC LIMIT 1",
    [CONSENT_EACH] = "SELECT agency, at, given, how, user_id"
		     " FROM case_consent WHERE case_id = ?1 ORDER BY at",
    [REPORTER_ADD] = "INSERT OR IGNORE INTO case_reporter(case_id, at, sealed)"
		     " VALUES(?1, ?2, ?3)",
    [REPORTER_GET] = "SELECT sealed FROM case_reporter WHERE case_id = ?1",
};
const struct sql_table sql_seal = {seal_sql, TC_NELEM(seal_sql)};

int
store_seal_add(struct store *s, const struct case_seal *seal)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_SEAL, SEAL_ADD), "itbii", seal->case_id,
	    seal->agency, seal->sealed, sizeof(seal->sealed),
	    (int64_t)seal->rung, seal->released_at);
	return rc < 0 ? rc : 0;
}

int
store_seal_get(struct store *s, int64_t case_id, const char *agency,
    unsigned char sealed[80])
{
	struct sql q;
	int rc;

	sql_use(&q, s, SQL_ID(SUBJECT_SEAL, SEAL_GET), "it", case_id, agency);
	if ((rc = sql_row(&q)) == 1)
		sql_copy_blob(&q, 0, sealed, 80);
	if (sql_done(&q) != 0)
		return q.error;
	return rc == 1 ? 0 : TC_ENOENT;
}

/* "CAX,HPN" without "CAX". */
static void
queue_without(char queue[CASE_QUEUE_MAX], const char *agency)
{
	char *at = queue, *end, *rest;
	size_t len = strlen(agency);

	while (*at != '\0') {
		end = at + strcspn(at, ",");
		if ((size_t)(end - at) == len &&
		    strncmp(at, agency, len) == 0) {
			rest = *end == ',' ? end + 1 : end;
			memmove(at, rest, strlen(rest) + 1);
			if (*at == '\0' && at > queue)
				at[-1] = '\0';
			break;
		}
		at = *end == ',' ? end + 1 : end;
	}
}

/* Somebody must see the case. When nobody else does: the duty officer, or, when
 * he is related to her and has no copy, whoever is next. */
static int
seal_keep_one(struct store *s, int64_t case_id, int64_t now)
{
	static const int second[] = {RUNG_SECOND, RUNG_TRIAGE - 1};
	struct seal_of of = {case_id, "TRIAGE"};
	char next[AGENCY_CODE_MAX];
	int64_t shown = 0;
	int rc;

	rc = sql_value(
	    s, &shown, SQL_ID(SUBJECT_SEAL, SEAL_HAS_SHOWN), "i", case_id);
	if (rc != 0 || shown > 0)
		return rc;
	rc = store_seal_release(s, &of, now);
	if (rc != TC_ENOENT)
		return rc;
	if ((rc = store_seal_next(s, case_id, second, next)) != 0)
		return rc;
	of.agency = next;
	return store_seal_release(s, &of, now);
}

int
store_seal_refuse(
    struct store *s, struct case_row *c, const char *agency, int64_t now)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_SEAL, SEAL_REFUSE), "it", c->id, agency);
	if (rc <= 0)
		return rc < 0 ? rc : TC_ENOENT;
	queue_without(c->queue, agency);
	if (c->queue[0] == '\0' &&
	    (rc = str_printf(c->queue, sizeof(c->queue), "%s", "TRIAGE")) != 0)
		return rc;
	return seal_keep_one(s, c->id, now);
}

int
store_seal_each(struct store *s, int64_t case_id, store_agency_cb cb, void *ctx)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_SEAL, SEAL_EACH), "i", case_id);
	while (sql_row(&q) == 1)
		cb(sql_text(&q, 0), ctx);
	return sql_done(&q);
}

/* A statement on the copy of one agency: 0, TC_ENOENT when it has none. */
static int
seal_set(struct store *s, int statement, const struct seal_of *of, int64_t now)
{
	int rc;

	rc = now != 0 ? sql_run(s, SQL_ID(SUBJECT_SEAL, statement), "iti",
			    of->case_id, of->agency, now)
		      : sql_run(s, SQL_ID(SUBJECT_SEAL, statement), "it",
			    of->case_id, of->agency);
	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_seal_show(struct store *s, const struct seal_of *of, int64_t now)
{
	return seal_set(s, SEAL_SHOW, of, now);
}

int
store_seal_release(struct store *s, const struct seal_of *of, int64_t now)
{
	return seal_set(s, SEAL_RELEASE, of, now);
}

int
store_seal_withhold(struct store *s, const struct seal_of *of)
{
	int rc = seal_set(s, SEAL_DROP_REFERRAL, of, 0);

	if (rc == TC_ENOENT)
		rc = seal_set(s, SEAL_WITHHOLD, of, 0);
	return rc == TC_ENOENT ? 0 : rc;
}

int
store_seal_next(struct store *s, int64_t case_id, const int rungs[2],
    char agency[AGENCY_CODE_MAX])
{
	struct sql q;
	int rc;

	sql_use(&q, s, SQL_ID(SUBJECT_SEAL, SEAL_NEXT_RUNG), "iii", case_id,
	    (int64_t)rungs[0], (int64_t)rungs[1]);
	if ((rc = sql_row(&q)) == 1)
		sql_copy(&q, 0, agency, AGENCY_CODE_MAX);
	if (sql_done(&q) != 0)
		return q.error;
	return rc == 1 ? 0 : TC_ENOENT;
}

/* --- consent --- */

int
store_scope_add(struct store *s, const struct scope *k)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_SEAL, CONSENT_ADD), "itiiti", k->case_id,
	    k->agency, k->at, (int64_t)k->is_given, k->how, k->user_id);
	return rc < 0 ? rc : 0;
}

int
store_scope_given(struct store *s, int64_t case_id, const char *agency)
{
	int64_t given = 0;
	int rc;

	rc = sql_value(s, &given, SQL_ID(SUBJECT_SEAL, CONSENT_GIVEN), "it",
	    case_id, agency);
	return rc != 0 ? rc : given != 0;
}

int
store_scope_each(struct store *s, int64_t case_id, store_scope_cb cb, void *ctx)
{
	struct scope k = {.case_id = case_id};
	struct sql q;
	int rc;

	sql_use(&q, s, SQL_ID(SUBJECT_SEAL, CONSENT_EACH), "i", case_id);
	while ((rc = sql_row(&q)) == 1) {
		k.agency = sql_text(&q, 0);
		k.at = sql_int(&q, 1);
		k.is_given = sql_int(&q, 2) != 0;
		k.how = sql_text(&q, 3);
		k.user_id = sql_int(&q, 4);
		if ((rc = cb(&k, ctx)) < 0)
			break;
	}
	return sql_done(&q) != 0 ? q.error : rc;
}

int
store_reporter_add(
    struct store *s, int64_t case_id, int64_t at, const struct buf *sealed)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_SEAL, REPORTER_ADD), "iib", case_id,
	    at, (const void *)sealed->data, sealed->len);

	return rc < 0 ? rc : 0;
}

int
store_reporter_get(struct store *s, int64_t case_id, struct buf *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_SEAL, REPORTER_GET), "i", case_id);
	return sql_one_blob(&q, out);
}

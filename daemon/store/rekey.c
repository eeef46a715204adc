/* SPDX-License-Identifier: GPL-2.0-or-later */
/* New keys and old copies: store/rekey.h. */
#include "config.h"

#include "store/rekey.h"
#include "store/sql.h"

enum {
	REKEY_SET,
	REKEY_AGE,
	REKEY_DUE,
	REKEY_DUE_AT,
	REKEY_OLD,
	REKEY_EACH,
	REKEY_REPLACE
};

static const char *const rekey_sql[] = {
    [REKEY_SET] = "UPDATE agency SET public_key = ?2, key_set_at = ?3,"
		  " due_at = NULL WHERE code = ?1",
    [REKEY_AGE] = "UPDATE case_seal SET is_old = 1 WHERE agency = ?1",
    [REKEY_DUE] = "UPDATE agency SET due_at = coalesce(due_at, ?2)"
		  " WHERE code = ?1",
    [REKEY_DUE_AT] = "SELECT due_at FROM agency WHERE code = ?1",
    [REKEY_OLD] = "SELECT (SELECT count(*) FROM case_seal WHERE agency = ?1"
		  " AND is_old = 1) + (SELECT count(*) FROM address"
		  " WHERE ?1 = 'DCTC' AND is_old = 1)",
    [REKEY_EACH] = "SELECT o.case_id, s.sealed FROM case_seal o"
		   " JOIN case_seal s ON s.case_id = o.case_id"
		   " AND s.agency = ?2 WHERE o.agency = ?1 AND o.is_old = 1"
		   " ORDER BY o.case_id LIMIT ?3",
    [REKEY_REPLACE] = "UPDATE case_seal SET sealed = ?3, is_old = 0"
		      " WHERE case_id = ?1 AND agency = ?2 AND is_old = 1",
};
const struct sql_table sql_rekey = {rekey_sql, TC_NELEM(rekey_sql)};

int
store_rekey(struct store *s, const char *agency, const unsigned char pk[32],
    int64_t now)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_REKEY, REKEY_SET), "tbi", agency, pk,
	    (size_t)32, now);
	if (rc <= 0)
		return rc < 0 ? rc : TC_ENOENT;
	rc = sql_run(s, SQL_ID(SUBJECT_REKEY, REKEY_AGE), "t", agency);
	return rc < 0 ? rc : 0;
}

int
store_rekey_due(struct store *s, const char *agency, int64_t now)
{
	int rc =
	    sql_run(s, SQL_ID(SUBJECT_REKEY, REKEY_DUE), "ti", agency, now);

	return rc < 0 ? rc : 0;
}

int
store_rekey_state(struct store *s, const char *agency, struct rekey_state *out)
{
	int rc;

	out->due_at = out->old = 0;
	rc = sql_value(
	    s, &out->due_at, SQL_ID(SUBJECT_REKEY, REKEY_DUE_AT), "t", agency);
	if (rc == 0)
		rc = sql_value(s, &out->old, SQL_ID(SUBJECT_REKEY, REKEY_OLD),
		    "t", agency);
	return rc;
}

int
store_rekey_each(struct store *s, const struct rekey_query *query,
    store_rekey_cb cb, void *ctx)
{
	const void *sealed;
	struct sql q;
	size_t len;
	int rc, n = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_REKEY, REKEY_EACH), "tti", query->agency,
	    query->from, (int64_t)query->limit);
	while ((rc = sql_row(&q)) == 1) {
		sealed = sql_blob(&q, 1, &len);
		if ((rc = cb(sql_int(&q, 0), sealed, len, ctx)) < 0)
			break;
		n++;
	}
	return sql_done(&q) != 0 ? q.error : rc < 0 ? rc : n;
}

int
store_rekey_replace(struct store *s, int64_t case_id, const char *agency,
    const unsigned char sealed[80])
{
	int rc = sql_run(s, SQL_ID(SUBJECT_REKEY, REKEY_REPLACE), "itb",
	    case_id, agency, sealed, (size_t)80);

	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys of handlers and what is sealed to them: store/holder.h. */
#include "config.h"

#include <string.h>

#include "store/holder.h"
#include "store/sql.h"

#define HOLDER_COLUMNS "u.name, u.agency, k.public_key, k.agency_key, k.sealed"

enum {
	HOLDER_SET_KEY,
	HOLDER_GIVE,
	HOLDER_GET,
	HOLDER_REMOVE,
	HOLDER_EACH
};

static const char *const holder_sql[] = {
    [HOLDER_SET_KEY] = "INSERT OR REPLACE INTO user_key (user_id, public_key)"
		       " VALUES (?1, ?2)",
    [HOLDER_GIVE] = "UPDATE user_key SET agency_key = ?2, sealed = ?3"
		    " WHERE user_id = ?1",
    [HOLDER_GET] = "SELECT " HOLDER_COLUMNS " FROM user u"
		   " JOIN user_key k ON k.user_id = u.id WHERE u.id = ?1",
    [HOLDER_REMOVE] = "DELETE FROM user_key WHERE user_id = ?1",
    [HOLDER_EACH] = "SELECT " HOLDER_COLUMNS " FROM user u"
		    " LEFT JOIN user_key k ON k.user_id = u.id"
		    " WHERE u.agency = ?1 AND u.roles & ?2 <> 0"
		    " AND u.revoked_at IS NULL ORDER BY u.name",
};
const struct sql_table sql_holder = {holder_sql, TC_NELEM(holder_sql)};

int
store_holder_set_key(
    struct store *s, int64_t user_id, const unsigned char pk[32])
{
	int rc = sql_run(s, SQL_ID(SUBJECT_HOLDER, HOLDER_SET_KEY), "ib",
	    user_id, (const void *)pk, (size_t)32);

	return rc < 0 ? rc : 0;
}

int
store_holder_give(struct store *s, int64_t user_id, const struct holder *share)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_HOLDER, HOLDER_GIVE), "ibb", user_id,
	    (const void *)share->agency_key, sizeof(share->agency_key),
	    (const void *)share->sealed, sizeof(share->sealed));

	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

static void
holder_read(struct sql *q, void *out)
{
	struct holder *h = out;
	size_t len;

	memset(h, 0, sizeof(*h));
	sql_copy(q, 0, h->user, sizeof(h->user));
	sql_copy(q, 1, h->agency, sizeof(h->agency));
	(void)sql_blob(q, 2, &len);
	h->has_key = len > 0;
	if (h->has_key)
		sql_copy_blob(q, 2, h->public_key, sizeof(h->public_key));
	(void)sql_blob(q, 4, &len);
	h->has_share = len > 0;
	if (!h->has_share)
		return;
	sql_copy_blob(q, 3, h->agency_key, sizeof(h->agency_key));
	sql_copy_blob(q, 4, h->sealed, sizeof(h->sealed));
}

int
store_holder_get(struct store *s, int64_t user_id, struct holder *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_HOLDER, HOLDER_GET), "i", user_id);
	return sql_one(&q, holder_read, out);
}

int
store_holder_remove(struct store *s, int64_t user_id)
{
	int rc =
	    sql_run(s, SQL_ID(SUBJECT_HOLDER, HOLDER_REMOVE), "i", user_id);

	return rc < 0 ? rc : 0;
}

int
store_holder_each(
    struct store *s, const char *agency, store_holder_cb cb, void *ctx)
{
	struct holder h;
	struct sql q;
	int rc, n = 0;

	sql_use(&q, s, SQL_ID(SUBJECT_HOLDER, HOLDER_EACH), "ti", agency,
	    (int64_t)ROLE_HANDLER);
	while ((rc = sql_row(&q)) == 1) {
		holder_read(&q, &h);
		if ((rc = cb(&h, ctx)) != 0)
			break;
		n++;
	}
	return sql_done(&q) != 0 ? q.error : rc != 0 ? rc : n;
}

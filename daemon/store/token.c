/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tokens of machines: store/token.h. */
#include "config.h"

#include <string.h>

#include "store/sql.h"
#include "store/token.h"

#define TOKEN_COLUMNS                                                          \
	"t.id, t.user_id, u.name, t.name, t.scopes, t.created_at, "            \
	"t.expires_at, coalesce(t.used_at, 0), coalesce(t.revoked_at, 0)"
#define TOKEN_FROM " FROM token t JOIN user u ON u.id = t.user_id "

enum {
	TOKEN_ADD,
	TOKEN_FIND,
	TOKEN_GET,
	TOKEN_USED,
	TOKEN_REVOKE,
	TOKEN_LIST,
	TOKEN_COUNT,
	TOKEN_PURGE
};

static const char *const token_sql[] = {
    [TOKEN_ADD] = "INSERT INTO token(id, hash, user_id, name, scopes,"
		  " created_at, expires_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [TOKEN_FIND] = ("SELECT " TOKEN_COLUMNS TOKEN_FROM "WHERE t.hash = ?1"
		    " AND t.revoked_at IS NULL AND t.expires_at > ?2"),
    [TOKEN_GET] = "SELECT " TOKEN_COLUMNS TOKEN_FROM "WHERE t.id = ?1",
    [TOKEN_USED] = "UPDATE token SET used_at = ?2 WHERE id = ?1",
    [TOKEN_REVOKE] = "UPDATE token SET revoked_at = coalesce(revoked_at, ?2)"
		     " WHERE id = ?1",
    [TOKEN_LIST] =
	("SELECT " TOKEN_COLUMNS TOKEN_FROM "WHERE ?1 IN (0, t.user_id)"
	 " ORDER BY t.created_at DESC, t.id"),
    [TOKEN_COUNT] = "SELECT count(*) FROM token WHERE user_id = ?1"
		    " AND revoked_at IS NULL AND expires_at > ?2",
    [TOKEN_PURGE] = "DELETE FROM token"
		    " WHERE min(expires_at, coalesce(revoked_at, expires_at))"
		    " < ?1",
};
const struct sql_table sql_token = {token_sql, TC_NELEM(token_sql)};

int
store_token_add(
    struct store *s, const struct token *t, const unsigned char hash[32])
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_TOKEN, TOKEN_ADD), "ibitiii", t->id,
	    (const void *)hash, (size_t)32, t->user_id, t->name,
	    (int64_t)t->scopes, t->created_at, t->expires_at);
	return rc < 0 ? rc : 0;
}

static void
token_read(struct sql *q, void *out)
{
	struct token *t = out;

	memset(t, 0, sizeof(*t));
	t->id = sql_int(q, 0);
	t->user_id = sql_int(q, 1);
	sql_copy(q, 2, t->user, sizeof(t->user));
	sql_copy(q, 3, t->name, sizeof(t->name));
	t->scopes = (unsigned)sql_int(q, 4);
	t->created_at = sql_int(q, 5);
	t->expires_at = sql_int(q, 6);
	t->used_at = sql_int(q, 7);
	t->revoked_at = sql_int(q, 8);
}

int
store_token_find(struct store *s, const unsigned char hash[32], int64_t now,
    struct token *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_TOKEN, TOKEN_FIND), "bi",
	    (const void *)hash, (size_t)32, now);
	return sql_one(&q, token_read, out);
}

int
store_token_get(struct store *s, int64_t id, struct token *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_TOKEN, TOKEN_GET), "i", id);
	return sql_one(&q, token_read, out);
}

int
store_token_used(struct store *s, int64_t id, int64_t now)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_TOKEN, TOKEN_USED), "ii", id, now);

	return rc < 0 ? rc : 0;
}

int
store_token_revoke(struct store *s, int64_t id, int64_t now)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_TOKEN, TOKEN_REVOKE), "ii", id, now);

	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_token_each(struct store *s, int64_t user_id, store_token_cb cb, void *ctx)
{
	struct token t;
	struct sql q;
	int n = 0, stop = 0, end;

	sql_use(&q, s, SQL_ID(SUBJECT_TOKEN, TOKEN_LIST), "i", user_id);
	while (stop == 0 && sql_row(&q) == 1) {
		token_read(&q, &t);
		stop = cb(&t, ctx);
		n++;
	}
	end = sql_done(&q);
	if (stop != 0)
		return stop;
	return end != 0 ? end : n;
}

int
store_token_count(struct store *s, int64_t user_id, int64_t now, int64_t *n)
{
	*n = 0;
	return sql_value(
	    s, n, SQL_ID(SUBJECT_TOKEN, TOKEN_COUNT), "ii", user_id, now);
}

int
store_token_purge(struct store *s, int64_t before)
{
	return sql_run(s, SQL_ID(SUBJECT_TOKEN, TOKEN_PURGE), "i", before);
}

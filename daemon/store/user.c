/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users, their sessions, the agencies' public keys and the answers remembered
 * for an Idempotency-Key. Called by http and desk. Passwords are here as
 * Argon2id strings, tokens as hashes alone. Errors as store.h says.
 */
#include "config.h"

#include <string.h>

#include "store/sql.h"
#include "store/user.h"

#define USER_COLUMNS                                                           \
	"u.id, u.name, u.agency, u.roles, u.password, u.created_at, "          \
	"coalesce(u.revoked_at, 0)"

enum {
	USER_ADD,
	USER_BY_NAME,
	USER_BY_ID,
	USER_REVOKE,
	USER_ALL,
	SESSION_ADD,
	SESSION_USER,
	SESSION_REMOVE,
	SESSION_REMOVE_OF,
	SESSION_PURGE,
	SESSION_REMOVE_OTHERS,
	USER_SET_PASSWORD,
	AGENCY_SET_KEY,
	AGENCY_GET,
	ANSWER_GET,
	ANSWER_PUT,
	ANSWER_PURGE,
	STAFF_ADD,
	STAFF_REMOVE,
	STAFF_AGENCIES,
	USER_NSTATEMENTS
};

static const char *const statements[] = {
    [USER_ADD] = "INSERT INTO user (id, name, agency, roles, password, "
		 "created_at) VALUES (?, ?, ?, ?, ?, ?)",
    [USER_BY_NAME] = "SELECT " USER_COLUMNS " FROM user u WHERE u.name = ?",
    [USER_BY_ID] = "SELECT " USER_COLUMNS " FROM user u WHERE u.id = ?",
    [USER_REVOKE] =
	"UPDATE user SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?",
    [USER_ALL] = "SELECT " USER_COLUMNS " FROM user u ORDER BY u.name",
    [SESSION_ADD] = "INSERT INTO session (token_hash, user_id, created_at, "
		    "expires_at) VALUES (?, ?, ?, ?)",
    [SESSION_USER] = "SELECT " USER_COLUMNS
		     " FROM session s JOIN user u ON u.id = s.user_id "
		     "WHERE s.token_hash = ? AND s.expires_at > ? "
		     "AND u.revoked_at IS NULL",
    [SESSION_REMOVE] = "DELETE FROM session WHERE token_hash = ?",
    [SESSION_REMOVE_OF] = "DELETE FROM session WHERE user_id = ?",
    [SESSION_REMOVE_OTHERS] =
	"DELETE FROM session WHERE user_id = ? AND token_hash <> ?",
    [USER_SET_PASSWORD] = "UPDATE user SET password = ? WHERE id = ?",
    [SESSION_PURGE] = "DELETE FROM session WHERE expires_at <= ?",
    [AGENCY_SET_KEY] =
	"INSERT INTO agency (code, public_key, key_set_at) VALUES (?, ?, ?)",
    [AGENCY_GET] =
	"SELECT code, public_key, key_set_at FROM agency WHERE code = ?",
    [ANSWER_GET] = "SELECT request, status, body FROM answer WHERE key = ?",
    [ANSWER_PUT] = "INSERT INTO answer (key, request, status, body, at) "
		   "VALUES (?, ?, ?, ?, ?)",
    [ANSWER_PURGE] = "DELETE FROM answer WHERE at < ?",
    [STAFF_ADD] = "INSERT OR IGNORE INTO staff_number (mac, user_id) "
		  "VALUES (?, ?)",
    [STAFF_REMOVE] = "DELETE FROM staff_number WHERE mac = ? AND user_id = ?",
    [STAFF_AGENCIES] = "SELECT DISTINCT u.agency FROM staff_number n "
		       "JOIN user u ON u.id = n.user_id "
		       "WHERE n.mac = ? AND u.agency <> ''",
};
_Static_assert(TC_NELEM(statements) == USER_NSTATEMENTS, "a statement each");

const struct sql_table sql_user = {statements, TC_NELEM(statements)};

static const char *const role_names[] = {"admin", "drafter", "approver",
    "handler", "technician", "setup", "reviewer"};

const char *
role_name(enum role role)
{
	for (size_t i = 0; i < TC_NELEM(role_names); i++)
		if ((unsigned)role == 1u << i)
			return role_names[i];
	return "none";
}

int
role_parse(const char *name, unsigned *bit)
{
	for (size_t i = 0; i < TC_NELEM(role_names); i++) {
		if (strcmp(name, role_names[i]) != 0)
			continue;
		*bit = 1u << i;
		return 0;
	}
	return TC_EINVAL;
}

/* --- users --- */

int
store_user_add(struct store *s, const struct user *u)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_USER, USER_ADD), "ittiti", u->id,
	    u->name, u->agency, (int64_t)u->roles, u->password, u->created_at);
	return rc < 0 ? rc : 0;
}

/* The columns USER_COLUMNS of the current row. */
static void
user_read(struct sql *q, void *out)
{
	struct user *u = out;

	memset(u, 0, sizeof(*u));
	u->id = sql_int(q, 0);
	sql_copy(q, 1, u->name, sizeof(u->name));
	sql_copy(q, 2, u->agency, sizeof(u->agency));
	u->roles = (unsigned)sql_int(q, 3);
	sql_copy(q, 4, u->password, sizeof(u->password));
	u->created_at = sql_int(q, 5);
	u->revoked_at = sql_int(q, 6);
}

/* Read the one user that q finds and end the query. */
int
store_user_by_name(struct store *s, const char *name, struct user *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_USER, USER_BY_NAME), "t", name);
	return sql_one(&q, user_read, out);
}

int
store_user_by_id(struct store *s, int64_t id, struct user *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_USER, USER_BY_ID), "i", id);
	return sql_one(&q, user_read, out);
}

int
store_user_revoke(struct store *s, const char *name, int64_t now)
{
	struct user u;
	int rc;

	rc = store_user_by_name(s, name, &u);
	if (rc != 0)
		return rc;
	rc = sql_run(s, SQL_ID(SUBJECT_USER, USER_REVOKE), "ii", now, u.id);
	if (rc < 0)
		return rc;
	rc = sql_run(s, SQL_ID(SUBJECT_USER, SESSION_REMOVE_OF), "i", u.id);
	return rc < 0 ? rc : 0;
}

int
store_user_set_password(struct store *s, int64_t user_id, const char *hash,
    const unsigned char token_hash[32])
{
	int rc;

	rc = sql_run(
	    s, SQL_ID(SUBJECT_USER, USER_SET_PASSWORD), "ti", hash, user_id);
	if (rc <= 0)
		return rc < 0 ? rc : TC_ENOENT;
	rc = sql_run(s, SQL_ID(SUBJECT_USER, SESSION_REMOVE_OTHERS), "ib",
	    user_id, (const void *)token_hash, (size_t)32);
	return rc < 0 ? rc : 0;
}

int
store_user_each(struct store *s, store_user_cb cb, void *ctx)
{
	struct sql q;
	struct user u;
	int rc, n = 0, stop = 0, end;

	sql_use(&q, s, SQL_ID(SUBJECT_USER, USER_ALL), "");
	while (stop == 0 && (rc = sql_row(&q)) == 1) {
		user_read(&q, &u);
		stop = cb(&u, ctx);
		n++;
	}
	end = sql_done(&q);
	if (stop != 0)
		return stop;
	return end != 0 ? end : n;
}

/* --- sessions --- */

int
store_session_add(struct store *s, const unsigned char hash[32],
    int64_t user_id, int64_t now, int64_t expires_at)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_USER, SESSION_ADD), "biii",
	    (const void *)hash, (size_t)32, user_id, now, expires_at);
	return rc < 0 ? rc : 0;
}

int
store_session_user(struct store *s, const unsigned char hash[32], int64_t now,
    struct user *out)
{
	struct sql q;

	sql_use(&q, s, SQL_ID(SUBJECT_USER, SESSION_USER), "bi",
	    (const void *)hash, (size_t)32, now);
	return sql_one(&q, user_read, out);
}

int
store_session_remove(struct store *s, const unsigned char hash[32])
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_USER, SESSION_REMOVE), "b",
	    (const void *)hash, (size_t)32);
	if (rc < 0)
		return rc;
	return rc == 0 ? TC_ENOENT : 0;
}

int
store_session_purge(struct store *s, int64_t now)
{
	return sql_run(s, SQL_ID(SUBJECT_USER, SESSION_PURGE), "i", now);
}

/* --- agencies --- */

int
store_agency_set_key(
    struct store *s, const char *code, const unsigned char pk[32], int64_t now)
{
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_USER, AGENCY_SET_KEY), "tbi", code,
	    (const void *)pk, (size_t)32, now);
	return rc < 0 ? rc : 0;
}

int
store_agency_get(struct store *s, const char *code, struct agency *out)
{
	struct sql q;
	int rc, end;

	memset(out, 0, sizeof(*out));
	sql_use(&q, s, SQL_ID(SUBJECT_USER, AGENCY_GET), "t", code);
	rc = sql_row(&q);
	if (rc == 1) {
		sql_copy(&q, 0, out->code, sizeof(out->code));
		sql_copy_blob(&q, 1, out->public_key, sizeof(out->public_key));
		out->key_set_at = sql_int(&q, 2);
	}
	end = sql_done(&q);
	if (rc < 0)
		return rc;
	if (end != 0)
		return end;
	return rc == 1 ? 0 : TC_ENOENT;
}

/* --- remembered answers --- */

int
store_answer_get(struct store *s, struct answer *a)
{
	const size_t size = sizeof(a->key);
	struct sql q;
	const void *was;
	size_t len;
	int rc, end;

	sql_use(&q, s, SQL_ID(SUBJECT_USER, ANSWER_GET), "b",
	    (const void *)a->key, size);
	rc = sql_row(&q);
	if (rc == 1) {
		was = sql_blob(&q, 0, &len);
		if (len != size || memcmp(was, a->request, size) != 0)
			rc = TC_ESTATE;
	}
	if (rc == 1) {
		a->status = (int)sql_int(&q, 1);
		a->body = xstrdup(sql_text(&q, 2));
	}
	end = sql_done(&q);
	if (rc == 1)
		return 0;
	return rc < 0 ? rc : end != 0 ? end : TC_ENOENT;
}

int
store_answer_put(struct store *s, const struct answer *a)
{
	const size_t size = sizeof(a->key);
	int rc;

	rc = sql_run(s, SQL_ID(SUBJECT_USER, ANSWER_PUT), "bbiti",
	    (const void *)a->key, size, (const void *)a->request, size,
	    (int64_t)a->status, a->body, a->at);
	return rc < 0 ? rc : 0;
}

int
store_answer_purge(struct store *s, int64_t before)
{
	return sql_run(s, SQL_ID(SUBJECT_USER, ANSWER_PURGE), "i", before);
}

int
store_staff_add(struct store *s, const unsigned char mac[32], int64_t user_id)
{
	int rc = sql_run(
	    s, SQL_ID(SUBJECT_USER, STAFF_ADD), "bi", mac, (size_t)32, user_id);

	return rc < 0 ? rc : 0;
}

int
store_staff_remove(
    struct store *s, const unsigned char mac[32], int64_t user_id)
{
	int rc = sql_run(s, SQL_ID(SUBJECT_USER, STAFF_REMOVE), "bi", mac,
	    (size_t)32, user_id);

	return rc < 0 ? rc : rc == 0 ? TC_ENOENT : 0;
}

int
store_staff_agencies(struct store *s, const unsigned char mac[32],
    char agencies[][AGENCY_CODE_MAX], size_t max)
{
	struct sql q;
	int n = 0, rc;

	sql_use(
	    &q, s, SQL_ID(SUBJECT_USER, STAFF_AGENCIES), "b", mac, (size_t)32);
	while ((rc = sql_row(&q)) == 1 && (size_t)n < max)
		sql_copy(&q, 0, agencies[n++], AGENCY_CODE_MAX);
	rc = sql_done(&q);
	return rc != 0 ? rc : n;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions: login, logout, who am I. A login is tried against the backoff, then
 * the password is checked on the worker, then the session is written in a turn.
 * Names that do not exist cost the same work and get the same answer.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "http/scopes.h"
#include "http/server.h"
#include "log.h"
#include "vault/vault.h"

#define SESSION_S (12 * 3600)

/* On the worker's thread. */
static void
login_work(void *arg)
{
	struct api_req *r = arg;
	struct api_secret *s = r->secret;

	if (s->known)
		s->rc = vault_password_verify(s->hash, s->password);
	else
		/* Argon2id at the same cost, for nothing. */
		s->rc = vault_password_hash(s->password, s->hash) == TC_EFULL
			    ? TC_EFULL
			    : TC_EDENIED;
}

int
api_session_prepare(struct api_req *r)
{
	struct api_secret *s = xcalloc(1, sizeof(*s));
	const char *name = api_body_text(r, "user");
	struct user u;
	int rc;

	r->secret = s;
	r->retry_after = auth_try(r->http->auth, name, clock_mono_ms());
	if (r->retry_after > 0)
		return api_refuse(
		    r, TC_EAGAIN, 429, "too many failed logins, wait");
	rc = store_user_by_name(r->core->store, name, &u);
	if (rc != 0 && rc != TC_ENOENT)
		return api_refuse_error(r, rc);
	s->known = rc == 0 && u.revoked_at == 0;
	if (s->known) {
		s->user_id = u.id;
		memcpy(s->hash, u.password, sizeof(s->hash));
	}
	vault_wipe(&u, sizeof(u));
	/* The field's maximum is smaller. */
	(void)!str_printf(s->password, sizeof(s->password), "%s",
	    api_body_text(r, "password"));
	return request_work(r, login_work);
}

int
api_session_new(struct api_req *r)
{
	const struct api_secret *s = r->secret;
	unsigned char hash[VAULT_MAC];
	char token[VAULT_TOKEN_SIZE];
	int64_t now = clock_now();
	json_t *body;
	int rc;

	if (s->rc != 0 && s->rc != TC_EDENIED)
		return api_refuse_error(r, TC_EAGAIN);
	if (s->rc == 0)
		rc = store_user_by_id(r->core->store, s->user_id, &r->user);
	else
		rc = TC_ENOENT;
	if (rc != 0 && rc != TC_ENOENT)
		return rc;
	/* Revoked, or another password, while the worker was busy. */
	if (rc != 0 || r->user.revoked_at != 0 ||
	    strcmp(r->user.password, s->hash) != 0) {
		memset(&r->user, 0, sizeof(r->user));
		auth_failed(
		    r->http->auth, api_body_text(r, "user"), clock_mono_ms());
		return api_refuse(
		    r, TC_EDENIED, 401, "the name or the password is wrong");
	}
	vault_wipe(r->user.password, sizeof(r->user.password));
	vault_token_new(token);
	vault_token_hash(token, hash);
	rc = store_session_add(
	    r->core->store, hash, r->user.id, now, now + SESSION_S);
	if (rc != 0)
		return rc;
	auth_succeeded(r->http->auth, r->user.name);
	body = json_pack("{s:s, s:o, s:o, s:o, s:o}", "token", token, "user",
	    jval_text(r->user.name), "agency", jval_text(r->user.agency),
	    "roles", auth_roles(r->user.roles), "expires_at",
	    jval_int(now + SESSION_S));
	vault_wipe(token, sizeof(token));
	return api_reply(r, 201, body);
}

int
api_session_get(struct api_req *r)
{
	return api_reply(r, 200,
	    json_pack("{s:o, s:o, s:o, s:o}", "user", jval_text(r->user.name),
		"agency", jval_text(r->user.agency), "roles",
		auth_roles(r->user.roles), "scopes",
		r->is_machine ? scope_list(r->scopes) : json_null()));
}

int
api_session_end(struct api_req *r)
{
	int rc = TC_ENOENT;

	if (r->has_token)
		rc = store_session_remove(r->core->store, r->token_hash);
	return rc != 0 ? rc : api_reply(r, 204, NULL);
}

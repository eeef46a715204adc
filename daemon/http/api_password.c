/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One's own password: the old one is tried against the backoff of failed logins
 * and checked on the worker, where the new one is hashed, too. Whoever logged in
 * with the old one is out.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "http/server.h"
#include "log.h"
#include "vault/vault.h"

/* On the worker's thread. */
static void
password_work(void *arg)
{
	struct api_req *r = arg;
	struct api_secret *s = r->secret;

	s->rc = vault_password_verify(s->hash, s->password);
	if (s->rc == 0)
		s->rc = vault_password_hash(s->fresh, s->fresh_hash);
}

/* The user's row as it is now; wiped by the caller. */
static int
password_user(struct api_req *r, struct user *u)
{
	int rc = store_user_by_id(r->core->store, r->user.id, u);

	return rc == 0 && u->revoked_at != 0 ? TC_ENOENT : rc;
}

int
api_password_prepare(struct api_req *r)
{
	struct api_secret *s;
	struct user u;
	int rc;

	if (!r->has_token)
		return api_refuse(
		    r, TC_EDENIED, 403, "only a user has a password");
	r->retry_after = auth_try(r->http->auth, r->user.name, clock_mono_ms());
	if (r->retry_after > 0)
		return api_refuse(
		    r, TC_EAGAIN, 429, "too many failed logins, wait");
	rc = password_user(r, &u);
	if (rc != 0)
		return api_refuse_error(r, rc);
	s = r->secret = xcalloc(1, sizeof(*s));
	memcpy(s->hash, u.password, sizeof(s->hash));
	vault_wipe(&u, sizeof(u));
	/* The maxima of the fields are smaller. */
	(void)!str_printf(s->password, sizeof(s->password), "%s",
	    api_body_text(r, "password"));
	(void)!str_printf(
	    s->fresh, sizeof(s->fresh), "%s", api_body_text(r, "new_password"));
	return request_work(r, password_work);
}

int
api_password_set(struct api_req *r)
{
	const struct api_secret *s = r->secret;
	struct user u;
	int rc;

	if (s->rc == TC_EDENIED) {
		auth_failed(r->http->auth, r->user.name, clock_mono_ms());
		return api_refuse(
		    r, TC_EDENIED, 403, "the old password is wrong");
	}
	if (s->rc != 0)
		return api_refuse_error(r, TC_EAGAIN);
	/* Changed by another session while the worker was busy. */
	rc = password_user(r, &u);
	if (rc == 0 && strcmp(u.password, s->hash) != 0)
		rc = TC_ESTATE;
	vault_wipe(u.password, sizeof(u.password));
	if (rc == 0)
		rc = store_user_set_password(
		    r->core->store, r->user.id, s->fresh_hash, r->token_hash);
	if (rc != 0)
		return rc;
	auth_succeeded(r->http->auth, r->user.name);
	log_info("password is changed user=%s", r->user.name);
	return api_reply(r, 204, NULL);
}

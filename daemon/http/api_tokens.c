/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tokens of machines: a user makes them for himself, with scopes that his roles
 * cover; an administrator sees and revokes everybody's. A token is in one answer
 * alone, that to POST, which is therefore not remembered. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "http/api.h"
#include "http/scopes.h"
#include "store/token.h"
#include "vault/vault.h"

#define DAY_S INT64_C(86400)
#define DAYS 90
#define TOKENS_MAX 32 /* of one user that can be used */

static json_t *
token_json(const struct token *t)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
	    jval_id(t->id), "user", jval_text(t->user), "name",
	    jval_text(t->name), "scopes", scope_list(t->scopes), "created_at",
	    jval_time(t->created_at), "expires_at", jval_time(t->expires_at),
	    "used_at", jval_time(t->used_at), "revoked_at",
	    jval_time(t->revoked_at));
}

static int
on_token(const struct token *t, void *ctx)
{
	json_array_append_new(ctx, token_json(t));
	return 0;
}

static bool
tokens_sees_all(const struct api_req *r)
{
	return (r->user.roles & (ROLE_ADMIN | ROLE_SETUP)) != 0;
}

int
api_tokens_list(struct api_req *r)
{
	json_t *list = json_array();
	int rc = store_token_each(r->core->store,
	    tokens_sees_all(r) ? 0 : r->user.id, on_token, list);

	return api_reply_list(r, "tokens", list, rc);
}

/* The scopes of the body as bits; 0 or refused. */
static int
tokens_scopes(struct api_req *r, unsigned *scopes)
{
	json_t *list = json_object_get(r->body, "scopes");
	unsigned bit;

	*scopes = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (scope_parse(
			json_string_value(json_array_get(list, i)), &bit) != 0)
			return api_refuse_field(r, TC_EINVAL, 422, "scopes",
			    "holds an unknown scope");
		if (!scope_is_within((enum scope)bit, r->user.roles))
			return api_refuse_field(r, TC_EDENIED, 403, "scopes",
			    "holds one that your roles do not cover");
		*scopes |= bit;
	}
	return 0;
}

/* The row of a new token. 0 or refused. */
static int
tokens_read(struct api_req *r, struct token *t)
{
	int64_t n;
	int rc;

	if (r->user.id == 0)
		return api_refuse(r, TC_EDENIED, 403,
		    "a token is of a user, who is to log in");
	if ((rc = tokens_scopes(r, &t->scopes)) != 0)
		return rc;
	t->id = vault_random_id();
	t->user_id = r->user.id;
	t->created_at = clock_now();
	t->expires_at = t->created_at + api_body_int(r, "days", DAYS) * DAY_S;
	if (str_printf(t->name, sizeof(t->name), "%s",
		api_body_text(r, "name")) != 0 ||
	    str_printf(t->user, sizeof(t->user), "%s", r->user.name) != 0)
		return TC_EINVAL;
	rc = store_token_count(r->core->store, t->user_id, t->created_at, &n);
	if (rc == 0 && n >= TOKENS_MAX)
		return api_refuse(
		    r, TC_EFULL, 409, "there are too many, revoke some");
	return rc;
}

int
api_tokens_new(struct api_req *r)
{
	struct token t = {.used_at = 0};
	unsigned char hash[VAULT_MAC];
	char token[VAULT_TOKEN_SIZE];
	json_t *body;
	int rc;

	if ((rc = tokens_read(r, &t)) != 0)
		return rc;
	vault_token_new(token);
	vault_token_hash(token, hash);
	rc = store_token_add(r->core->store, &t, hash);
	if (rc != 0)
		return rc;
	body = token_json(&t);
	json_object_set_new(body, "token", jval_text(token));
	vault_wipe(token, sizeof(token));
	return api_reply(r, 201, body);
}

int
api_tokens_revoke(struct api_req *r)
{
	struct token t;
	int64_t id;
	int rc;

	if ((rc = api_arg_id(r, &id)) != 0)
		return rc;
	rc = store_token_get(r->core->store, id, &t);
	if (rc == 0 && !tokens_sees_all(r) && t.user_id != r->user.id)
		rc = TC_ENOENT;
	if (rc == 0)
		rc = store_token_revoke(r->core->store, id, clock_now());
	if (rc == 0)
		rc = store_token_get(r->core->store, id, &t);
	return rc != 0 ? rc : api_reply(r, 200, token_json(&t));
}

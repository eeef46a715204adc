/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who asks, and how often somebody may try a password. Called by request.c and
 * api_session.c. Owns the table of failed logins, in memory alone: a restart
 * forgets it, and each try costs 0.1 s on the one helper thread in any case.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/http.h>

#include "clock.h"
#include "http/server.h"
#include "log.h"
#include "store/token.h"
#include "turn.h"
#include "vault/vault.h"

#define BEARER "Bearer "
#define USED_S 60 /* how exactly the last use of a token is known */

/* --- failed logins --- */

#define AUTH_NAMES 256

/* After `grace` failures each further one doubles the wait, up to `max_s`; one
 * failure is forgotten per `forget_s` since the last. */
struct auth_rule {
	int grace, max_s, forget_s;
};
/* A name that is known to an attacker must not lock its owner out for long. */
static const struct auth_rule rule_name = {3, 60, 120};
static const struct auth_rule rule_all = {20, 8, 5};

struct failures {
	uint64_t name; /* hash; 0 = free */
	int n;
	int64_t last_ms;
};

struct auth {
	struct failures all;
	struct failures names[AUTH_NAMES];
};

struct auth *
auth_new(void)
{
	return xcalloc(1, sizeof(struct auth));
}

void
auth_free(struct auth *a)
{
	free(a);
}

/* The row of a name; a new name takes the row that failed longest ago. */
static struct failures *
auth_row(struct auth *a, const char *name)
{
	uint64_t h = fnv64(FNV64_INIT, name, strlen(name)) | 1;
	struct failures *oldest = &a->names[0];

	for (size_t i = 0; i < AUTH_NAMES; i++) {
		if (a->names[i].name == h)
			return &a->names[i];
		if (a->names[i].last_ms < oldest->last_ms)
			oldest = &a->names[i];
	}
	memset(oldest, 0, sizeof(*oldest));
	oldest->name = h;
	return oldest;
}

/* How many failures still count. */
static int
failures_count(
    const struct failures *f, const struct auth_rule *rule, int64_t now)
{
	int64_t old = (now - f->last_ms) / (rule->forget_s * 1000);

	return old >= f->n ? 0 : f->n - (int)old;
}

/* How many ms are left to wait; 0 or less: none. */
static int64_t
failures_wait(
    const struct failures *f, const struct auth_rule *rule, int64_t now)
{
	int over = failures_count(f, rule, now) - rule->grace;
	int64_t wait_s;

	if (over < 0)
		return 0;
	wait_s = over < 16 ? INT64_C(1) << over : rule->max_s;
	if (wait_s > rule->max_s)
		wait_s = rule->max_s;
	return f->last_ms + wait_s * 1000 - now;
}

static void
failures_add(struct failures *f, const struct auth_rule *rule, int64_t now)
{
	f->n = failures_count(f, rule, now) + 1;
	f->last_ms = now;
}

int
auth_try(struct auth *a, const char *name, int64_t mono_ms)
{
	struct failures *f = auth_row(a, name);
	int64_t wait = failures_wait(f, &rule_name, mono_ms);
	int64_t wait_all = failures_wait(&a->all, &rule_all, mono_ms);

	if (wait_all > wait)
		wait = wait_all;
	if (wait > 0)
		return (int)((wait + 999) / 1000);
	failures_add(f, &rule_name, mono_ms);
	failures_add(&a->all, &rule_all, mono_ms);
	return 0;
}

void
auth_failed(struct auth *a, const char *name, int64_t mono_ms)
{
	auth_row(a, name)->last_ms = mono_ms;
	a->all.last_ms = mono_ms;
}

void
auth_succeeded(struct auth *a, const char *name)
{
	auth_row(a, name)->n = 0;
	if (a->all.n > 0)
		a->all.n--;
}

/* --- who asks --- */

json_t *
auth_roles(unsigned roles)
{
	json_t *list = json_array();

	for (unsigned bit = 1; bit <= ROLE_LAST; bit <<= 1)
		if ((roles & bit) != 0)
			json_array_append_new(
			    list, jval_text(role_name((enum role)bit)));
	return list;
}

/* Root and the service's own user, on the control socket. */
static bool
auth_is_setup(const struct api_req *r)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (!r->conn->is_unix || getsockopt(bufferevent_getfd(r->conn->bev),
				     SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
		return false;
	return peer.uid == 0 || peer.uid == geteuid();
}

static int
op_token_used(void *arg)
{
	struct api_req *r = arg;

	return store_token_used(r->core->store, r->token_id, clock_now());
}

/* A token of a machine: its user, as he is now. 0, TC_ENOENT, TC_EIO. */
static int
auth_machine(struct api_req *r)
{
	int64_t now = clock_now();
	struct token t;
	int rc;

	if ((rc = store_token_find(r->core->store, r->token_hash, now, &t)) !=
		0 ||
	    (rc = store_user_by_id(r->core->store, t.user_id, &r->user)) != 0)
		return rc;
	if (r->user.revoked_at != 0)
		return TC_ENOENT;
	r->is_machine = true;
	r->scopes = t.scopes;
	r->token_id = t.id;
	if ((now >= t.used_at + USED_S || now < t.used_at) &&
	    turn_run(r->core->turn, op_token_used, r) != 0)
		log_warn("http: the use of a token is not written");
	return 0;
}

int
auth_identify(struct api_req *r)
{
	const char *h = evhttp_find_header(
	    evhttp_request_get_input_headers(r->ev), "Authorization");
	int rc;

	if (h == NULL && auth_is_setup(r)) {
		memset(&r->user, 0, sizeof(r->user));
		memcpy(r->user.name, "setup", sizeof("setup"));
		r->user.roles = ROLE_SETUP;
		return 0;
	}
	if (h == NULL)
		return api_refuse(r, TC_EDENIED, 401, "no token");
	if (strncasecmp(h, BEARER, strlen(BEARER)) != 0 ||
	    strlen(h + strlen(BEARER)) != VAULT_TOKEN_SIZE - 1)
		return api_refuse(r, TC_EDENIED, 401, "not a bearer token");
	vault_token_hash(h + strlen(BEARER), r->token_hash);
	rc = store_session_user(
	    r->core->store, r->token_hash, clock_now(), &r->user);
	r->has_token = rc == 0;
	if (rc == TC_ENOENT)
		rc = auth_machine(r);
	vault_wipe(r->user.password, sizeof(r->user.password));
	if (rc == TC_ENOENT)
		return api_refuse(
		    r, TC_EDENIED, 401, "the token is unknown or expired");
	return rc == 0 ? 0 : api_refuse_error(r, rc);
}

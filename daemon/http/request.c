/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of one request: route, who, what, then the handler inside a turn op,
 * then the answer through the turn. Called by http.c when evhttp has a whole
 * request. Each check refuses with a problem; nothing but an answer leaves
 * here.
 *
 * While a request is served evhttp does not read from its connection and does
 * not notice that the client left, so r->ev stays valid until api_send(); only
 * http_free() takes it away, and then r->http is NULL.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <event2/buffer.h>
#include <event2/http.h>

#include "buf.h"
#include "clock.h"
#include "http/scopes.h"
#include "http/server.h"
#include "turn.h"
#include "vault/vault.h"
#include "worker.h"

#define BODY_JSON_MAX (64 * 1024)
#define IDEMPOTENCY_KEY_MAX 128

static const char *const method_names[] = {"GET", "POST", "HEAD", "PUT",
    "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH"};

void
request_free(struct api_req *r)
{
	poll_remove(r);
	if (r->later != NULL)
		r->later->forget(r);
	if (r->http != NULL) {
		r->http->stats.requests--;
		LIST_REMOVE(r, link);
	}
	json_decref(r->query);
	json_decref(r->body);
	free(r->out);
	api_audit_free(r->audit);
	api_import_free(r->import);
	if (r->again_timer != NULL)
		event_free(r->again_timer);
	if (r->secret != NULL) {
		vault_wipe(r->secret, sizeof(*r->secret));
		free(r->secret);
	}
	free(r);
}

/* --- checks, in order; each 0 or refused --- */

/* Against DNS rebinding: a page that made its name point to this machine sends
 * its own name. Nobody but us is on the Unix socket, and under TLS that name is
 * not in our certificate. */
static int
request_check_host(struct api_req *r)
{
	static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
	const char *h =
	    evhttp_find_header(evhttp_request_get_input_headers(r->ev), "Host");
	size_t len;

	if (r->conn->is_unix || r->conn->is_tls)
		return 0;
	for (size_t i = 0; h != NULL && i < TC_NELEM(hosts); i++) {
		len = strlen(hosts[i]);
		if (strncasecmp(h, hosts[i], len) != 0)
			continue;
		if (h[len] == '\0' ||
		    (h[len] == ':' &&
			h[len + 1 + strspn(h + len + 1, "0123456789")] == '\0'))
			return 0;
	}
	return api_refuse(r, TC_EINVAL, 400, "Host is not this machine");
}

static int
request_check_route(struct api_req *r)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(r->ev);
	enum evhttp_cmd_type cmd = evhttp_request_get_command(r->ev);
	const char *method = "";
	int rc;

	for (size_t i = 0; i < TC_NELEM(method_names); i++)
		if ((unsigned)cmd == 1u << i)
			method = method_names[i];
	rc = router_find(
	    r, method, uri != NULL ? evhttp_uri_get_path(uri) : NULL);
	if (rc == TC_ENOENT)
		return api_refuse(r, rc, 404, "there is no such resource");
	if (rc == TC_EDENIED)
		return api_refuse(r, rc, 405, NULL);
	if (rc != 0)
		return api_refuse(r, rc, 400, "the path is not well formed");
	return 0;
}

static int
request_check_user(struct api_req *r)
{
	int rc;

	if (r->route->roles == ROLES_OPEN)
		return 0;
	rc = auth_identify(r);
	if (rc != 0)
		return rc;
	if ((r->user.roles & r->route->roles) == 0)
		return api_refuse(r, TC_EDENIED, 403, "not with your roles");
	if (r->is_machine && !scope_allows(r->scopes, r->route))
		return api_refuse(
		    r, TC_EDENIED, 403, "not with the scopes of this token");
	return 0;
}

static int
request_check_locked(struct api_req *r)
{
	if ((r->route->flags & API_LOCKED) != 0 ||
	    !vault_is_locked(r->core->vault))
		return 0;
	return api_refuse(
	    r, TC_ENOTREADY, 503, "the data key is locked: tincayctl unlock");
}

static int
request_check_query(struct api_req *r)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(r->ev);
	struct field_fault fault;

	if (field_parse_query(r->route->query, evhttp_uri_get_query(uri),
		&r->query, &fault) != 0)
		return api_refuse_field(
		    r, TC_EINVAL, 400, fault.name, fault.reason);
	return 0;
}

static bool
type_is(const char *header, const char *type)
{
	size_t len = strlen(type);

	return header != NULL && strncasecmp(header, type, len) == 0 &&
	       (header[len] == '\0' || header[len] == ';' ||
		   header[len] == ' ');
}

static const char *const body_types[] = {
    [BODY_NONE] = "no body",
    [BODY_JSON] = "application/json",
    [BODY_CSV] = "text/csv",
    [BODY_FORM] = "application/x-www-form-urlencoded",
};

/* Take the body out of evhttp's buffer as one NUL-terminated piece. */
static int
request_check_body(struct api_req *r)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(r->ev);
	char detail[64];
	const char *type = evhttp_find_header(
	    evhttp_request_get_input_headers(r->ev), "Content-Type");
	const char *wanted = body_types[r->route->body];

	r->raw_len = evbuffer_get_length(in);
	if (r->route->body == BODY_NONE && r->raw_len != 0)
		return api_refuse(r, TC_EINVAL, 400, "takes no body");
	if (r->route->body != BODY_CSV && r->raw_len > BODY_JSON_MAX)
		return api_refuse(r, TC_EFULL, 413, NULL);
	if (r->raw_len != 0 && !type_is(type, wanted)) {
		(void)!str_printf(
		    detail, sizeof(detail), "%s is wanted", wanted);
		return api_refuse(r, TC_EINVAL, 415, detail);
	}
	if (evbuffer_add(in, "", 1) != 0)
		return api_refuse(r, TC_EFULL, 503, NULL);
	r->raw = (const char *)evbuffer_pullup(in, -1);
	return r->raw != NULL ? 0 : api_refuse(r, TC_EFULL, 503, NULL);
}

static int
request_check_form(struct api_req *r)
{
	struct field_fault fault;

	if (field_parse_query(r->route->fields, r->raw, &r->body, &fault) != 0)
		return api_refuse_field(
		    r, TC_EINVAL, 422, fault.name, fault.reason);
	return 0;
}

static int
request_check_fields(struct api_req *r)
{
	struct field_fault fault;
	json_error_t e;
	char detail[80];

	if (r->route->body == BODY_FORM)
		return request_check_form(r);
	if (r->route->body != BODY_JSON)
		return 0;
	r->body = r->raw_len == 0 ? json_object()
				  : json_loadb(r->raw, r->raw_len,
					JSON_REJECT_DUPLICATES, &e);
	if (r->body == NULL) {
		/* Not e.text: it quotes the body. */
		(void)!str_printf(detail, sizeof(detail),
		    "not well-formed JSON, line %d column %d", e.line,
		    e.column);
		return api_refuse(r, TC_EINVAL, 400, detail);
	}
	if (!json_is_object(r->body))
		return api_refuse(r, TC_EINVAL, 400, "not a JSON object");
	if (field_check(r->route->fields, r->body, &fault) != 0)
		return api_refuse_field(
		    r, TC_EINVAL, 422, fault.name, fault.reason);
	return 0;
}

/* Idempotency-Key: the key counts for one user, the request is method, target
 * and body. Both are stored as keyed hashes alone. */
static int
request_check_key(struct api_req *r)
{
	const char *key = evhttp_find_header(
	    evhttp_request_get_input_headers(r->ev), "Idempotency-Key");
	const struct vault *v = r->core->vault;
	struct buf b;
	size_t len;

	if (key == NULL || strcmp(r->route->method, "POST") != 0 ||
	    (r->route->flags & API_NO_REPLAY) != 0 || vault_is_locked(v))
		return 0; /* what is served while locked may be said twice */
	len = strlen(key);
	if (len == 0 || len > IDEMPOTENCY_KEY_MAX)
		return api_refuse(
		    r, TC_EINVAL, 400, "Idempotency-Key: 1 to 128 characters");
	/* Header size bounds the target. */
	buf_init(&b, 64 * 1024);
	buf_printf(&b, "%" PRId64 "\n%s", r->user.id, key);
	vault_mac(v, VAULT_IDEMPOTENCY, b.data, b.len, r->replay.key);
	vault_mac(v, VAULT_IDEMPOTENCY, r->raw, r->raw_len, r->replay.request);
	buf_reset(&b);
	buf_printf(
	    &b, "%s\n%s\n", r->route->method, evhttp_request_get_uri(r->ev));
	buf_put(&b, r->replay.request, sizeof(r->replay.request));
	vault_mac(v, VAULT_IDEMPOTENCY, b.data, b.len, r->replay.request);
	r->has_key = buf_error(&b) == 0;
	buf_clear(&b);
	return r->has_key ? 0 : api_refuse(r, TC_EFULL, 413, NULL);
}

static int
request_check(struct api_req *r)
{
	static int (*const checks[])(struct api_req *) = {
	    request_check_host,
	    request_check_route,
	    request_check_user,
	    request_check_locked,
	    request_check_query,
	    request_check_body,
	    request_check_fields,
	    request_check_key,
	};
	int rc = 0;

	if (r->conn->excess)
		return api_refuse(r, TC_EFULL, 503, "too many connections");
	for (size_t i = 0; i < TC_NELEM(checks) && rc == 0; i++)
		rc = checks[i](r);
	return rc;
}

/* --- handling and answering --- */

static void
on_let_out(void *arg)
{
	api_send(arg);
}

/* The commit failed: what the answer says did not happen. */
static void
on_drop(void *arg)
{
	struct api_req *r = arg;

	r->allow = NULL;
	r->replayed = false;
	(void)api_refuse_error(r, TC_EIO);
	api_send(r);
}

static void
request_answer(struct api_req *r)
{
	if (r->route != NULL && (r->route->flags & API_NO_TURN) != 0)
		api_send(r);
	else
		turn_defer(
		    r->core->turn, EFFECT_ANSWER, on_let_out, on_drop, r);
}

void
api_later_answer(struct api_req *r, bool is_committed)
{
	r->later = NULL; /* nobody is to be told */
	poll_remove(r);
	if (is_committed)
		api_send(r);
	else
		request_answer(r);
}

/* The answer of an earlier request with the same key: 1 when there is one. */
static int
request_replay(struct api_req *r)
{
	int rc = store_answer_get(r->core->store, &r->replay);

	if (rc == TC_ENOENT)
		return 0;
	if (rc == TC_ESTATE)
		return api_refuse(
		    r, rc, 422, "Idempotency-Key was used for another request");
	if (rc != 0)
		return rc;
	r->replayed = true;
	(void)api_reply_text(
	    r, r->replay.status, "application/json", r->replay.body);
	return 1;
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	request_resume(arg);
}

/* What was written is committed: on with it in the next iteration of the loop,
 * when everybody else had a turn. Not while the server stops. */
static void
on_part_done(void *arg)
{
	static const struct timeval now = {0, 0};
	struct api_req *r = arg;

	r->again = false;
	if (r->http == NULL || r->http->stopped) {
		request_cancel(r);
		return;
	}
	if (r->again_timer == NULL)
		r->again_timer = evtimer_new(r->http->base, on_again, r);
	if (r->again_timer == NULL || evtimer_add(r->again_timer, &now) != 0)
		request_cancel(r);
}

static int
request_remember(struct api_req *r)
{
	r->replay.status = r->status;
	r->replay.body = r->out;
	r->replay.at = clock_now();
	return store_answer_put(r->core->store, &r->replay);
}

static int
request_op(void *arg)
{
	struct api_req *r = arg;
	int rc = 0;

	if (r->has_key)
		rc = request_replay(r);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	rc = r->route->handler(r);
	if (rc == 0 && r->dry_run)
		return TC_EAGAIN;
	if (rc == 0 && r->has_key && !r->again)
		rc = request_remember(r);
	return rc;
}

/* True when the request waits now for what it asked for. */
static bool
request_wait(struct api_req *r)
{
	bool is_full = false;

	if (!r->http->stopped) {
		if (poll_add(r) == 0)
			return true;
		is_full = true;
	}
	if (r->later != NULL) {
		r->later->over(r);
		r->later->forget(r);
		r->later = NULL;
	}
	if (is_full)
		(void)api_refuse(r, TC_EFULL, 503, "too many long polls");
	return false;
}

static void
request_run(struct api_req *r)
{
	int rc;

	if ((r->route->flags & API_NO_TURN) != 0)
		rc = r->route->handler(r);
	else
		rc = turn_run(r->core->turn, request_op, r);
	if (rc == TC_EAGAIN && r->dry_run)
		rc = 0;
	if (rc < 0 && r->status < 400)
		(void)api_refuse_error(r, rc);
	if (rc == 0 && r->again) {
		turn_defer(
		    r->core->turn, EFFECT_ANSWER, on_part_done, on_drop, r);
		return;
	}
	if (rc == 0 && r->wait_s > 0 && request_wait(r))
		return;
	request_answer(r);
}

/* The worker has done what a prepare function asked for, or a part of the work
 * is committed. Meanwhile the user may have been revoked. */
void
request_resume(struct api_req *r)
{
	if (r->http == NULL)
		request_free(r);
	else if (request_check_user(r) != 0)
		request_answer(r);
	else
		request_run(r);
}

/* It will not be done: the daemon ends. */
void
request_cancel(struct api_req *r)
{
	if (r->http == NULL) {
		request_free(r);
		return;
	}
	(void)api_refuse_error(r, TC_EAGAIN);
	request_answer(r);
}

static void
work_done(void *arg)
{
	request_resume(arg);
}

static void
work_drop(void *arg)
{
	request_cancel(arg);
}

int
request_work(struct api_req *r, void (*work)(void *arg))
{
	int rc = worker_submit(r->http->worker, work, work_done, work_drop, r);

	return rc == 0 ? 1 : api_refuse_error(r, rc);
}

void
request_start(struct http *h, struct conn *k, struct evhttp_request *ev)
{
	struct api_req *r = xcalloc(1, sizeof(*r));
	int rc;

	r->http = h;
	r->core = h->core;
	r->conn = k;
	r->ev = ev;
	r->out = xstrdup("");
	LIST_INSERT_HEAD(&h->reqs, r, link);
	k->req = r;
	h->stats.requests++;
	rc = request_check(r);
	if (rc == 0 && r->route->prepare != NULL)
		rc = r->route->prepare(r);
	if (rc == 0)
		request_run(r);
	else if (rc < 0)
		request_answer(r);
}

/* --- what handlers read --- */

const char *
api_query_text(const struct api_req *r, const char *name)
{
	return json_string_value(json_object_get(r->query, name));
}

int64_t
api_query_int(const struct api_req *r, const char *name, int64_t fallback)
{
	json_t *v = json_object_get(r->query, name);

	if (json_is_boolean(v))
		return json_is_true(v);
	return v != NULL ? json_integer_value(v) : fallback;
}

const char *
api_body_text(const struct api_req *r, const char *name)
{
	return json_string_value(json_object_get(r->body, name));
}

int64_t
api_body_int(const struct api_req *r, const char *name, int64_t fallback)
{
	json_t *v = json_object_get(r->body, name);

	return v != NULL ? json_integer_value(v) : fallback;
}

int
api_body_bytes(
    struct api_req *r, const char *name, unsigned char **out, size_t *len)
{
	const char *text = api_body_text(r, name);
	size_t n;

	*out = NULL;
	*len = 0;
	if (text == NULL)
		return 0;
	n = strlen(text);
	*out = xmalloc(n / 4 * 3 + 1);
	*len = n / 4 * 3;
	if (n > 0)
		*len -= (size_t)(text[n - 1] == '=') +
			(size_t)(n > 1 && text[n - 2] == '=');
	if (n > 0 && n % 4 == 0 && jval_parse_base64(text, *out, *len) == 0)
		return 0;
	free(*out);
	*out = NULL;
	return api_refuse_field(r, TC_EINVAL, 422, name, "is not base64");
}

int
api_arg_id(struct api_req *r, int64_t *id)
{
	if (jval_parse_id(r->args[0], id) != 0)
		return api_refuse_error(r, TC_ENOENT);
	return 0;
}

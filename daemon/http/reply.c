/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers: what handlers set, problems (RFC 9457), and the one place where
 * something is sent. An answer is kept in the request until the turn has
 * committed; only then api_send() gives it to evhttp. A client that left
 * meanwhile costs nothing: evhttp drops what cannot be written.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/http.h>

#include "http/server.h"
#include "log.h"

static const struct {
	int status;
	const char *title;
} titles[] = {
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

static const struct {
	int err, status;
	const char *detail;
} errors[] = {
    {TC_EINVAL, 422, "the request makes no sense"},
    {TC_ENOENT, 404, "there is no such object"},
    {TC_EEXIST, 409, "it is there already"},
    {TC_EFULL, 503, "too much at once"},
    {TC_EDENIED, 403, "not allowed"},
    {TC_ESTATE, 409, "not in the state that this needs"},
    {TC_EIO, 503, "it could not be stored"},
    {TC_EAGAIN, 503, "not now"},
    {TC_ENOTREADY, 409, "the set-up is not finished"},
};

static const char *
reply_title(int status)
{
	for (size_t i = 0; i < TC_NELEM(titles); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Unknown";
}

int
api_reply_text(struct api_req *r, int status, const char *type, char *text)
{
	free(r->out);
	r->status = status;
	r->out = text;
	r->type = type;
	return 0;
}

int
api_reply(struct api_req *r, int status, json_t *body)
{
	char *text = NULL;

	if (body != NULL)
		text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	if (text == NULL)
		text = xstrdup("");
	return api_reply_text(r, status, "application/json", text);
}

int
api_reply_list(struct api_req *r, const char *key, json_t *list, int rc)
{
	if (rc < 0) {
		json_decref(list);
		return rc;
	}
	return api_reply(r, 200, json_pack("{s:o}", key, list));
}

int
api_refuse_with(
    struct api_req *r, int err, int status, const char *detail, json_t *more)
{
	json_t *p;

	p = json_pack("{s:s, s:s, s:i}", "type", "about:blank", "title",
	    reply_title(status), "status", status);
	if (detail != NULL)
		json_object_set_new(p, "detail", jval_text(detail));
	if (more != NULL)
		json_object_update(p, more);
	json_decref(more);
	(void)api_reply(r, status, p);
	r->type = "application/problem+json";
	if (status == 503 && r->retry_after == 0)
		r->retry_after = 1;
	return err;
}

int
api_refuse(struct api_req *r, int err, int status, const char *detail)
{
	return api_refuse_with(r, err, status, detail, NULL);
}

int
api_refuse_field(struct api_req *r, int err, int status, const char *field,
    const char *reason)
{
	char detail[160];
	json_t *more;

	/* Cut is fine: field names are short, the reason is ours. */
	(void)!str_printf(detail, sizeof(detail), "%s %s",
	    *field != '\0' ? field : "a field", reason);
	more = json_pack("{s:o, s:[{s:o, s:o}]}", "field", jval_text(field),
	    "errors", "field", jval_text(field), "reason", jval_text(reason));
	return api_refuse_with(r, err, status, detail, more);
}

int
api_refuse_error(struct api_req *r, int err)
{
	for (size_t i = 0; i < TC_NELEM(errors); i++)
		if (errors[i].err == err)
			return api_refuse(
			    r, err, errors[i].status, errors[i].detail);
	return api_refuse(r, err, 500, NULL);
}

/* --- sending --- */

/* An answer to HEAD tells the length of the body that it leaves out, which
 * evhttp would send. */
static bool
reply_is_head(const struct api_req *r, struct evkeyvalq *h)
{
	char len[24];

	if (evhttp_request_get_command(r->ev) != EVHTTP_REQ_HEAD)
		return false;
	if (str_printf(len, sizeof(len), "%zu", strlen(r->out)) == 0)
		evhttp_add_header(h, "Content-Length", len);
	return true;
}

static void
reply_add_headers(const struct api_req *r)
{
	struct evkeyvalq *h = evhttp_request_get_output_headers(r->ev);
	char seconds[16];

	evhttp_add_header(h, "Cache-Control", "no-store");
	evhttp_add_header(h, "X-Content-Type-Options", "nosniff");
	if (*r->out != '\0')
		evhttp_add_header(h, "Content-Type", r->type);
	if (r->allow != NULL)
		evhttp_add_header(h, "Allow", r->allow);
	if (r->status == 401)
		evhttp_add_header(h, "WWW-Authenticate", "Bearer");
	if (r->retry_after > 0 &&
	    str_printf(seconds, sizeof(seconds), "%d", r->retry_after) == 0)
		evhttp_add_header(h, "Retry-After", seconds);
	if (r->conn->excess)
		evhttp_add_header(h, "Connection", "close");
}

/* Who changed what, never with which words or numbers. */
static void
reply_log(const struct api_req *r)
{
	const char *user = r->user.name[0] != '\0' ? r->user.name : "-";

	if (r->route == NULL || strcmp(r->route->method, "GET") == 0)
		return;
	log_info("http: %s %s user=%s status=%d%s", r->route->method,
	    r->route->path, user, r->status, r->replayed ? " replayed" : "");
}

void
api_send(struct api_req *r)
{
	struct evbuffer *out;

	if (r->http == NULL) {
		request_free(r);
		return;
	}
	reply_log(r);
	r->http->stats.answers[r->status / 100]++;
	reply_add_headers(r);
	out = evbuffer_new();
	if (out == NULL)
		log_err("http: no memory for an answer");
	else if (!reply_is_head(r, evhttp_request_get_output_headers(r->ev)))
		(void)evbuffer_add(out, r->out, strlen(r->out));
	evhttp_send_reply(r->ev, r->status, reply_title(r->status), out);
	if (out != NULL)
		evbuffer_free(out);
	http_conn_done(r->conn);
	request_free(r);
}

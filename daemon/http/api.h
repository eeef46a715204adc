/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_API_H
#define TINCAY_API_H

/*
 * Private to http/: a request on its way, the route that serves it, and what a
 * handler may call.
 *
 *   received -> [prepared on the worker] -> handled in a turn op -> committed
 *   -> answered ; a long poll with nothing new waits after the commit
 *
 * A handler returns 0 after one of the api_reply functions, or a negative error:
 * api_refuse() says which problem it is, otherwise the error's own status is
 * answered and everything the handler wrote is taken back.
 */

#include <jansson.h>
#include <sys/queue.h>

#include "core.h"
#include "http/field.h"
#include "http/http.h"
#include "http/jval.h"
#include "store/user.h"

struct api_req;
struct conn;
struct event;
struct evhttp_request;

#define API_ARGS_MAX 2
#define API_ARG_MAX 256 /* bytes of one path segment, NUL included */

/* Who may: a mask of enum role, or one of these. */
#define ROLES_ANY 0xffu /* everybody who is known */
#define ROLES_OPEN 0u   /* also who is not */

enum api_body {
	BODY_NONE,
	BODY_JSON,
	BODY_CSV,
	BODY_FORM
};

enum api_flags {
	API_NO_TURN = 1 << 0, /* answered at once, even when the disk is gone */
	API_NO_REPLAY = 1 << 1, /* a POST that ignores Idempotency-Key */
	API_LOCKED = 1 << 2     /* served while the data key is locked */
};

struct route {
	const char *method, *path; /* "/api/v1/cases/{code}" */
	unsigned roles;
	enum api_body body;
	unsigned flags;
	const struct field *query, *fields; /* NULL: none */
	int (*handler)(struct api_req *r);
	/* Before the turn: 0 go on, 1 request_resume() will come, negative
	 * refused. NULL: none. */
	int (*prepare)(struct api_req *r);
	int arg; /* for handlers that serve several routes */
};
extern const struct route routes[];
extern const size_t nroutes;

/* A password on its way through the worker; wiped when the request ends. */
struct api_secret {
	char password[1025];
	unsigned char key[32]; /* what it opened */
	char fresh[1025];      /* the password in its place, and its hash */
	char fresh_hash[USER_HASH_MAX];
	char hash[USER_HASH_MAX];
	bool known; /* hash is a user's; otherwise the work is done for nothing
		       (nobody learns which names exist) */
	int64_t user_id;
	int rc;
};

/* An answer that somebody else will bring: the handler sets it and wait_s. */
struct api_later {
	/* Set the answer: the time is over, or nobody waits any more. */
	void (*over)(struct api_req *r);
	/* The request ends: api_later_answer() must not be called any more. */
	void (*forget)(struct api_req *r);
};

struct api_req {
	LIST_ENTRY(api_req) link; /* all requests */
	struct http *http;        /* NULL: the server is gone, drop it */
	struct core *core;
	struct conn *conn;
	struct evhttp_request *ev;
	const struct route *route;
	char args[API_ARGS_MAX][API_ARG_MAX];
	json_t *query, *body; /* checked objects */
	const char *raw;      /* the body's bytes, NUL-terminated */
	size_t raw_len;
	/* who */
	struct user user;
	bool has_token;  /* of a session */
	bool is_machine; /* a token that has these scopes */
	unsigned scopes;
	int64_t token_id;
	unsigned char token_hash[32];
	struct api_secret *secret;
	struct api_audit *audit;   /* a check of the ledger, NULL: none */
	struct api_import *import; /* a sheet on its way, NULL: none */
	/* Idempotency-Key */
	bool has_key, replayed;
	bool dry_run; /* set by a handler: take back what it wrote, answer all
			 the same */
	struct answer replay; /* body belongs to out */
	bool again; /* set by a handler that has written one part of much: once
		       that is committed it is called again, in a turn op of
		       its own, and others get a turn in between */
	struct event *again_timer;
	/* the answer */
	int status;
	char *out; /* "" = no body */
	const char *type, *allow;
	int retry_after; /* seconds; 0 = header left out */
	/* long poll */
	int wait_s; /* set by a handler whose answer may wait for something new */
	bool waiting;
	const struct api_later
	    *later;       /* NULL: it waits for a queue to change */
	int64_t later_id; /* for who brings it */
	TAILQ_ENTRY(api_req) poll_link;
	struct event *poll_timer, *poll_closed;
};

/* --- reply.c --- */

/* Set the answer; takes the reference of body (NULL: no content). Return 0. */
int api_reply(struct api_req *r, int status, json_t *body);
/* {key: list}; rc negative: how the list was not made, which is returned. Takes
 * the reference of list. */
int api_reply_list(struct api_req *r, const char *key, json_t *list, int rc);
int api_reply_text(struct api_req *r, int status, const char *type, char *text);

/* Set a problem (RFC 9457) and return err. detail: fixed words, or NULL. field
 * may be NULL. */
int api_refuse(struct api_req *r, int err, int status, const char *detail);
int api_refuse_field(struct api_req *r, int err, int status, const char *field,
    const char *reason);
/* The same with members of the caller's (reference taken). */
int api_refuse_with(
    struct api_req *r, int err, int status, const char *detail, json_t *more);
/* The problem that an error code stands for. Returns err. */
int api_refuse_error(struct api_req *r, int err);

/* Send r's answer (never twice) and free r. */
void api_send(struct api_req *r);

/* --- request.c --- */

void request_start(struct http *h, struct conn *k, struct evhttp_request *ev);
void request_resume(struct api_req *r);
void request_cancel(struct api_req *r);
void request_free(struct api_req *r);
/* For a prepare: do work(r) on the worker, then go on. 1, or refused. */
int request_work(struct api_req *r, void (*work)(void *arg)) TC_MUSTCHECK;

/* The answer that r waits for (struct api_later) is set: it leaves now, or,
 * when what it says is not committed yet, after the commit. Outside a turn
 * op. */
void api_later_answer(struct api_req *r, bool is_committed);

/* Checked fields: fallback when absent. */
const char *api_query_text(const struct api_req *r, const char *name);
int64_t api_query_int(
    const struct api_req *r, const char *name, int64_t fallback);
const char *api_body_text(const struct api_req *r, const char *name);
int64_t api_body_int(
    const struct api_req *r, const char *name, int64_t fallback);
/* A base64 field of any length: new memory, or NULL with *len 0 when it is not
 * there. 0 or refused. */
int api_body_bytes(struct api_req *r, const char *name, unsigned char **out,
    size_t *len) TC_MUSTCHECK;
/* The id in the first path segment; refuses with 404. */
int api_arg_id(struct api_req *r, int64_t *id) TC_MUSTCHECK;

/* --- auth.c --- */

/* Who asks: 0, or refused with 401. Sets r->user. */
int auth_identify(struct api_req *r) TC_MUSTCHECK;
json_t *auth_roles(unsigned roles);

struct auth; /* failed logins */
struct auth *auth_new(void);
void auth_free(struct auth *a);
/* Seconds until this name may try again, 0 = now: then the try is counted as
 * failed until auth_succeeded(). */
int auth_try(struct auth *a, const char *name, int64_t mono_ms);
/* The try was wrong: the wait begins when that was found, however long it
 * took. */
void auth_failed(struct auth *a, const char *name, int64_t mono_ms);
void auth_succeeded(struct auth *a, const char *name);

/* --- api_ussd.c --- */

struct conf;
struct ussd_door; /* who may come in from the USSD gateway */
/* Reads the secret once; without one the door is closed. */
struct ussd_door *ussd_door_new(const struct conf *conf);
void ussd_door_free(struct ussd_door *d);

/* --- api_campaigns.c --- */

struct campaign;
struct campaign_refusal;
/* One campaign with its account. */
int campaigns_reply(struct api_req *r, int status, int64_t id);
/* The problem of a step that outreach refused, with its reason. Returns rc. */
int api_refuse_step(
    struct api_req *r, int rc, const struct campaign_refusal *why);

/* --- api_modems.c --- */

/* All modems as GET /modems lists them; 0, or an error. The caller drops
 * *out. */
int modems_json(struct core *c, json_t **out) TC_MUSTCHECK;
/* The names of those whose credit is below the reserve: campaigns wait there. */
json_t *modems_low_credit(struct core *c);

/* --- api_content.c --- */

/* Put what a campaign says, what the lint finds and who did what into out: 0, or
 * an error. */
int content_json(
    struct core *c, const struct campaign *k, json_t *out) TC_MUSTCHECK;
/* A problem with all that the lint finds. Returns err. */
int content_refuse(
    struct api_req *r, int err, int status, int64_t id, const char *reason);

/* --- api_audit.c --- */

struct api_audit;
void api_audit_free(struct api_audit *a);

/* --- api_people.c --- */

struct api_import;
void api_import_free(struct api_import *a);

/* --- router.c --- */

/* 0; TC_ENOENT; TC_EDENIED: the path has other methods, listed in r->allow;
 * TC_EINVAL: not a path. */
int router_find(
    struct api_req *r, const char *method, const char *path) TC_MUSTCHECK;

/* --- poll.c --- */

struct polls;
struct polls *polls_new(struct http *h);
/* Answers nobody: http_free() has dropped them. */
void polls_free(struct polls *p);
/* Keep r, whose answer is ready, until its agency's queue changes, the time is
 * over or the client is gone. 0, or TC_EFULL. */
int poll_add(struct api_req *r) TC_MUSTCHECK;
void poll_remove(struct api_req *r);
void polls_answer_all(struct polls *p);

#include "http/handlers.h"

#endif

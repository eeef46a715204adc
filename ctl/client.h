/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_CLIENT_H
#define TINCAY_CTL_CLIENT_H

/*
 * HTTP to one tincayd, over its Unix socket or a URL: https anywhere, http to
 * this machine only. No proxy and no redirect is followed, so that the token
 * goes nowhere else. Every POST carries an Idempotency-Key; when the answer is
 * 503 or the connection is lost the request goes out again with the same key,
 * at most CLIENT_RETRIES times, so that nothing is done twice.
 */

#include <jansson.h>

#include "buf.h"

struct progress;

#define CLIENT_BODY_MAX (16u << 20) /* both ways */
#define CLIENT_RETRIES 3

struct client;

struct client_options {
	const char *socket; /* used when url is NULL */
	const char *url;
	const char
	    *cacert; /* file of trusted certificates; NULL: the system's */
};

struct client_request {
	const char *method; /* "GET" ... */
	const char *path;   /* behind /api/v1, with the query, escaped */
	const json_t *body; /* sent as JSON; NULL: none */
	const void *data;   /* or these bytes, of this type */
	size_t len;
	const char *type;
	int wait_s;                /* how long the server may hold it */
	bool once;                 /* no retry: the caller does it */
	struct progress *progress; /* of the upload, may be NULL */
};

struct client_answer {
	long status;      /* HTTP */
	json_t *json;     /* NULL when there was no body */
	char error[256];  /* English; why there is no answer */
	bool unreachable; /* nobody listens there, or we may not talk to it */
};

/* 0, or TC_EINVAL and why (Vietnamese, static): the URL is not allowed. */
int client_new(const struct client_options *o, struct client **out,
    const char **why) TC_MUSTCHECK;
void client_free(struct client *cl);

/* The name of the server for the token file: "unix:/..." or the URL. */
const char *client_server(const struct client *cl);

/* Send this token from now on (copied); NULL: none. */
void client_set_token(struct client *cl, const char *token);

/*
 * Do a request. 0 when an answer came, whatever its status; json is an object
 * then, or NULL. TC_EIO (no connection, timeout), TC_EPROTO (not JSON where it
 * must be), TC_EFULL (the answer is too large): an->error tells. The caller
 * clears *an in any case.
 */
int client_call(struct client *cl, const struct client_request *rq,
    struct client_answer *an) TC_MUSTCHECK;
void client_answer_clear(struct client_answer *an);

/* Append "name=value" to a path, escaped, with "?" or "&" as it needs; value
 * NULL appends nothing. */
void client_path_add(struct buf *path, const char *name, const char *value);
/* Append "/segment", escaped. */
void client_path_segment(struct buf *path, const char *segment);

#endif

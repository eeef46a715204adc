/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_HTTP_FIXTURE_H
#define TINCAY_HTTP_FIXTURE_H

/*
 * A whole daemon without modems in this process (real store, turn, vault,
 * content, desk, outreach, outbox) with the HTTP server on a Unix socket and a
 * loopback port, and plain clients. Whatever waits does so by running the loop
 * until the event or a deadline, which fails the test.
 */

#include <jansson.h>

#include "buf.h"
#include "core.h"
#include "http/http.h"
#include "radio/radio.h"
#include "store/user.h"

/* A radio of the fixture's own (http_radio.c): usb0 is ready, usb1 is held. */
struct fx_radio {
	bool held[2];
	int dials, cancels;
	char dialled[64];
	bool is_answer;
	int rc; /* what radio_ussd() says */
	void (*cb)(const struct radio_ussd_answer *a, void *ctx);
	void *ctx;
};

struct fx {
	char dir[64], sock[80];
	struct core core;
	struct event_base *base;
	struct worker *worker;
	struct http *http;
	bool hold; /* do not commit */
	struct fx_radio radio;
};

struct client {
	int fd;
	struct buf in;
};

struct reply {
	int status;
	char head[4096];
	char *body;
	json_t *json; /* NULL when the body is none */
};

struct fx *fx_open(void);
void fx_close(struct fx *f);
/* One iteration of the daemon's loop. */
void fx_pump(struct fx *f);
/* How often the loop wakes within ms: a busy loop wakes thousands of times. */
int fx_wakes(struct fx *f, int ms);
/* SQL on the daemon's own connection. */
void fx_sql(struct fx *f, const char *sql);
/* The first column of the first row. */
int64_t fx_value(struct fx *f, const char *sql);

/* Add a user with a session, password "correct horse". Returns the token, in a
 * static ring. */
const char *fx_user(
    struct fx *f, const char *name, const char *agency, unsigned roles);
/* Give every agency of the pack and RECOVERY a key. */
void fx_set_keys(struct fx *f);
/* File a text of somebody under an intent; commits. */
void fx_file(struct fx *f, const char *intent, const char *text);

/* The network answers what was dialled on usb0. */
void fx_ussd(struct fx *f, enum ml_ussd_status status, const char *text);

struct client *client_unix(struct fx *f);
struct client *client_tcp(struct fx *f);
void client_close(struct client *c);
void client_send(struct client *c, const char *data, size_t len);
void client_printf(struct client *c, const char *fmt, ...) TC_PRINTF(2, 3);
/* A whole request with Host, token (NULL: none) and JSON body (NULL: none). */
void client_request(struct client *c, const char *token, const char *method,
    const char *path, const char *body);
/* The next answer on the connection. The caller clears it. */
void client_wait(struct fx *f, struct client *c, struct reply *out);
/* Runs the loop until the server closes the connection. */
void client_wait_eof(struct fx *f, struct client *c);
/* Has anything come? Runs the loop a few times first. */
bool client_is_quiet(struct fx *f, struct client *c);
void reply_clear(struct reply *r);
const char *reply_text(const struct reply *r, const char *key);
int64_t reply_int(const struct reply *r, const char *key);

/* One request on a connection of its own over the Unix socket; returns the
 * status. out may be NULL. */
int fx_call(struct fx *f, const char *token, const char *request,
    const char *body, struct reply *out);

#define fx_until(f, condition)                                                 \
	do {                                                                   \
		int64_t fx_deadline = clock_mono_ms() + 10000;                 \
		while (!(condition)) {                                         \
			assert_true(clock_mono_ms() < fx_deadline);            \
			fx_pump(f);                                            \
		}                                                              \
	} while (0)

#endif

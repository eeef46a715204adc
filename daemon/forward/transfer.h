/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FORWARD_TRANSFER_H
#define TINCAY_FORWARD_TRANSFER_H

/*
 * POST over HTTPS without holding the loop: libcurl's multi interface on
 * libevent. Each transfer has a connection of its own, follows no redirect, uses
 * no proxy, verifies the certificate and connects to public addresses alone,
 * unless it may do otherwise. Times and sizes are bounded. libcurl starts with
 * the first transfer.
 */

#include "util.h"

struct event_base;
struct transfer;
struct transfers;

#define TRANSFER_BODY_MAX 65536 /* of an answer; the rest is not read */

struct transfers_options {
	int timeout_s;       /* for all of a transfer */
	const char *ca_file; /* trusted certificates; "": the system's */
};

/* Never NULL; o is not kept, its texts must outlive it. */
struct transfers *transfers_new(
    struct event_base *base, const struct transfers_options *o);
/* Ends every transfer without a word. NULL is allowed. */
void transfers_free(struct transfers *ts);

/* Is it https:// with a name or an address, at most 511 bytes, without user,
 * password and fragment? NULL, or why not (fixed words). */
const char *transfer_check_url(const char *url);

struct transfer_request {
	const char *url, *body;
	const char *const *headers; /* "name: value"; NULL at the end */
	bool may_be_private;        /* the address need not be public */
};

struct transfer_result {
	int status;            /* HTTP; 0: there was no answer */
	int64_t retry_after_s; /* what the receiver asks for, 0 = nothing */
	const char *error;     /* fixed words; NULL: there was a whole answer */
};
typedef void (*transfer_cb)(const struct transfer_result *r, void *ctx);

/* Start one; everything is copied. cb comes exactly once, later, unless it is
 * cancelled before. NULL when libcurl does not start. */
struct transfer *transfer_start(struct transfers *ts,
    const struct transfer_request *rq, transfer_cb cb, void *ctx);
void transfer_cancel(struct transfer *t);

#endif

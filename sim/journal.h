/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_JOURNAL_H
#define TINCAY_SIM_JOURNAL_H

/*
 * What really happened, one JSON object a line: {"t":microseconds,"modem":1,
 * "ev":"..."} and the fields of that event (tincay-sim(1), JOURNAL). Each line
 * is one write() to a file opened for appending, so that a reader sees whole
 * lines and a kill loses none. "t" is the real time, never the driven clock.
 */

#include <jansson.h>

#include "util.h"

struct journal {
	int fd; /* -1: closed, lines are dropped */
};

/* Open for appending, create if need be. 0 or TC_EIO. */
int journal_open(struct journal *j, const char *path) TC_MUSTCHECK;
void journal_close(struct journal *j);

/* Microseconds of CLOCK_REALTIME. */
int64_t journal_now(void);

/* Write one line now, or for an event of time t. modem 0 = no modem. fields (an
 * object or NULL) is taken over. */
void journal_log(
    struct journal *j, unsigned modem, const char *ev, json_t *fields);
void journal_log_at(struct journal *j, int64_t t, unsigned modem,
    const char *ev, json_t *fields);

/* Bytes as a JSON string, each as the code point of its value. */
json_t *journal_bytes(const void *data, size_t len);

/* len bytes as a string of lower-case hex. */
json_t *journal_hex(const void *data, size_t len);

#endif

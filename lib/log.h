/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_LOG_H
#define TINCAY_LOG_H

/*
 * The log: one line per event on standard error (systemd or a terminal reads
 * it), "LEVEL module what key=value ...".
 *
 * Never in a log line: a full number, a text, a key (R23). Numbers go through
 * log_number(). The message is lower case, fixed words first, then key=value
 * pairs; no final dot. Control characters are escaped, so that one event is
 * always one line. A child that must not write to standard error hands its
 * lines to a sink instead (tincay-modem sends them as frames).
 */

#include "util.h"

enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARN,
	LOG_LEVEL_ERR,
	LOG_NLEVELS
};

/* Takes a finished line: escaped, at most 1023 bytes of UTF-8, without newline
 * and without the LEVEL word, which is given apart; must not log itself. */
typedef void (*log_sink_cb)(enum log_level level, const char *line, void *ctx);

/* Lines below level are dropped. Starts as info. */
void log_set_level(enum log_level level);

/* Send lines to cb instead of standard error; NULL takes it back. */
void log_set_sink(log_sink_cb cb, void *ctx);

void log_debug(const char *fmt, ...) TC_PRINTF(1, 2);
void log_info(const char *fmt, ...) TC_PRINTF(1, 2);
void log_warn(const char *fmt, ...) TC_PRINTF(1, 2);
void log_err(const char *fmt, ...) TC_PRINTF(1, 2);

/* One line at err level, then exit(1). Only while a program starts. */
void log_fatal(const char *fmt, ...) TC_PRINTF(1, 2) __attribute__((noreturn));

/* "...678": the last three digits of a number for a log line, in a static ring
 * of 8 buffers. Short numbers (up to 5 digits, no person) are shown whole,
 * alphanumeric senders as "alpha", "" as "none". */
const char *log_number(const char *msisdn);

#endif

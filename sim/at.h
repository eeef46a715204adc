/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_AT_H
#define TINCAY_SIM_AT_H

/*
 * The AT command interpreter (ITU-T V.250, 3GPP 27.005, 27.007): tables of
 * commands, one per subject, and one dispatcher.
 */

#include "util.h"

struct modem;

/* What a handler returns: one of these, or AT_CME(n), AT_CMS(n). */
enum at_result {
	AT_OK,
	AT_ERROR,
	AT_LATER,  /* the handler or an event answers itself */
	AT_SILENT, /* no answer at all: a fault */
	AT_UNKNOWN /* no such command */
};
#define AT_CME(n) (1000 + (n))
#define AT_CMS(n) (2000 + (n))

/* 27.005 clause 3.2.5 and 27.007 clause 9.2 */
#define CMS_NOT_ALLOWED 302
#define CMS_BAD_PDU 304
#define CMS_NO_SIM 310
#define CMS_PIN 311
#define CMS_PUK 316
#define CMS_BAD_INDEX 321
#define CMS_NO_NETWORK 331
#define CMS_NO_CNMA 340
#define CME_NO_SIM 10
#define CME_PIN 11
#define CME_PUK 12
#define CME_WRONG_PASSWORD 16

/* args: what follows "=" ("" for the read and the plain form). */
typedef int (*at_handler)(struct modem *m, const char *args);

struct at_row {
	const char *name; /* "+CSQ"; basic commands: the letter */
	const char *test; /* answer to "=?"; "" = only OK, NULL = ERROR */
	const char *text; /* fixed answer to "?" and the plain form */
	at_handler set;   /* NAME=args */
	at_handler read;  /* NAME? */
	at_handler exec;  /* NAME */
	at_handler query; /* NAME=? where test is no fixed text */
};

/* Each ends with a row without a name. */
extern const struct at_row at_general_rows[];
extern const struct at_row at_sms_rows[];
extern const struct at_row at_call_rows[];

/* Run one command line (without CR). */
void at_run_line(struct modem *m, const char *line);

/* Run what followed the prompt; is_cancelled when ESC ended it. */
void at_run_data(struct modem *m, const char *data, bool is_cancelled);

/* End the command that runs with a result of the kind a handler returns. */
void at_finish(struct modem *m, int result);

/* Take up to max comma-separated integers; one that is left out keeps its value
 * in out. Returns how many places there were, or TC_EINVAL. */
int at_ints(const char *args, int *out, size_t max) TC_MUSTCHECK;

/* Take a quoted (or bare) string up to the next comma and step over that. 0, or
 * TC_EINVAL: not closed, too long. */
int at_string(const char **args, char *out, size_t size) TC_MUSTCHECK;

#endif

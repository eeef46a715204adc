/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_MODEM_IO_H
#define TINCAY_SIM_MODEM_IO_H

/*
 * Between the three files of a modem only: modem.c (the thing), modem_in.c
 * (bytes to commands), modem_out.c (answers and notifications to bytes).
 */

#include "modem.h"

#define MODEM_OUTPUT_MAX (256 * 1024)
#define MODEM_ANSWER_MAX (128 * 1024)

/* Forget what was read and not yet worked through. */
void modem_in_reset(struct modem *m);
/* Work through the input as far as the state lets it. */
void modem_in_feed(struct modem *m);
/* Event callbacks; the context is the modem. */
void modem_in_read_cb(evutil_socket_t fd, short what, void *arg);
void modem_in_delay_cb(evutil_socket_t fd, short what, void *arg);

/* Forget what was not yet written. */
void modem_out_reset(struct modem *m);
/* Add one byte of echo; it goes out with the next flush. */
void modem_out_echo(struct modem *m, unsigned char c);
/* Write what the tty takes now; the rest follows by itself. */
void modem_out_flush(struct modem *m);
void modem_out_write_cb(evutil_socket_t fd, short what, void *arg);

#endif

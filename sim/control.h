/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_CONTROL_H
#define TINCAY_SIM_CONTROL_H

/*
 * The control socket D/control.sock: one JSON object a line in, one a line out,
 * in the same order (tincay-sim(1), CONTROL SOCKET).
 */

#include "util.h"

#define CONTROL_LINE_MAX (64 * 1024)
#define CONTROL_SOCKET "control.sock"

struct sim;
struct control;

/* 0, or an error that has been logged (TC_EEXIST: another simulator answers
 * there). */
int control_new(struct sim *sim, struct control **out) TC_MUSTCHECK;
void control_free(struct control *c);

/* A message became complete in the inbox of number: answer who waits. */
void control_inbox_changed(struct control *c, const char *number);

/* Fill in a socket address; 0, or TC_EFULL when the path is too long. */
struct sockaddr_un;
int control_address(const char *dir, struct sockaddr_un *sun) TC_MUSTCHECK;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MODEM_STATUS_H
#define TINCAY_MODEM_STATUS_H

/*
 * STATUS: how the modem does. Every question of it is optional: a step that
 * killed the last child is in config.skip and left out.
 */

#include "modemlink.h"

struct child;

struct status {
	int64_t at_ms;      /* monotonic; the next */
	int64_t network_ms; /* the same, with operator and registration */
	struct ml_status last;
};

/* Ask what is due and tell it. Returns how many milliseconds nothing will
 * be due. */
int64_t status_work(struct child *c);

#endif

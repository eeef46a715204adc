/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_HEALTH_H
#define TINCAY_HEALTH_H

/* How the box is, for the status, the metrics and the line an hour in the log:
 * what the radio does not know by itself. */

#include "core.h"
#include "outbox/outbox.h"

struct health_queue {
	int64_t length[LANE_NLANES]; /* messages that wait */
	/* How long the first part has waited, for its turn, its modem or
	 * another try. */
	int64_t oldest_s[LANE_NLANES];
};

/* A few index look-ups for each modem. 0 or TC_EIO. */
int health_get_queue(struct core *c, struct health_queue *out) TC_MUSTCHECK;

/* A line for each modem and one for the queue. */
void health_log(struct core *c);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MODEM_USSD_H
#define TINCAY_MODEM_USSD_H

/*
 * USSD: one session at a time, dialled by tincayd (USSD) and answered step by
 * step (USSD_IN).
 *
 *   idle --USSD code--> asked --answer, deadline--> idle
 *                         |  ^
 *          the net asks   v  |  USSD answer
 *                        menu --USSD "", SEND_PART, the net ends it--> idle
 *
 * What the network begins by itself is told with id 0 and never answered; the
 * session it holds open is ended before the next code is dialled, or the code
 * would be taken for the answer.
 */

#include "modemlink.h"

struct child;

struct ussd {
	bool is_on;          /* a session of ours runs */
	bool is_menu;        /* it waits for an answer of ours */
	bool is_fresh;       /* nothing of an older session can be open */
	uint64_t id;         /* the session's */
	int64_t deadline_ms; /* monotonic; while the network is asked */
};

/* USSD: dial a code, answer a menu, or end the session with "". */
void ussd_request(struct child *c, uint64_t id, const struct ml_ussd *q);

/* Tell what the network said since the last call. Returns how many
 * milliseconds until an answer is due, -1 when none is. */
int64_t ussd_work(struct child *c);

/* End the session, for a text must go out; it is told as terminated. */
void ussd_end(struct child *c);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CHILD_H
#define TINCAY_CHILD_H

/*
 * The parts of one tincay-modem, for the files that join them: send.c (a
 * command becomes a text message on the air), inbox.c (what comes in becomes
 * frames), ussd.c, status.c.
 */

#include "inbox.h"
#include "link.h"
#include "phone.h"
#include "spool.h"
#include "status.h"
#include "ussd.h"

struct child {
	struct ml_config config;
	struct link link;
	struct spool spool;
	struct phone phone;
	struct inbox inbox;
	struct ussd ussd;
	struct status status;
	int64_t list_ms; /* monotonic; the next look at the stores */
	int64_t sent_ms; /* when the last send ended; 0 = none yet */
};

/* Send one part and report its RESULT (spool first, then the frame, then the
 * disk). Returns when the outcome is known or the deadline has passed; the
 * phone is then dead. */
void send_part(
    struct child *c, uint64_t part_id, const struct ml_send_part *part);

/* RESULT of a part that was not begun, or whose child died. late: the modem may
 * still answer. */
void send_report(
    struct child *c, uint64_t part_id, struct ml_result *r, bool late);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_INBOX_H
#define TINCAY_INBOX_H

/*
 * What the modem receives. A text message stays where it is (on the SIM, or in
 * the modem) until tincayd has committed it and says DELETE_SMS: it is offered
 * (SMS_IN), and offered again after INBOX_AGAIN_MS while it is still there, or
 * after INBOX_REFUSED_MS when the modem refused to delete it. A
 * delivery report or a call goes through the spool and is then forgotten here.
 *
 * Place of a message: folder 1 is libgammu's first store (the SIM, where there
 * is one), 2 its second; folder 0 are messages that the modem passed on without
 * storing them (+CMT), which live in this table only.
 */

#include <gammu.h>

#include "modemlink.h"

#define INBOX_AGAIN_MS 60000
#define INBOX_REFUSED_MS 10000
#define INBOX_ITEMS_MAX 1024

struct inbox_item {
	uint32_t folder, slot;
	uint64_t hash;
	int64_t first_ms;         /* seen first; to be offered (again) from */
	int64_t again_ms;         /* then on; monotonic */
	bool is_listed;           /* by the listing that runs */
	struct ml_sms_in *passed; /* folder 0: the message itself */
};

struct inbox {
	struct inbox_item *items;
	size_t nitems, cap;
	uint32_t next_passed;
	GSM_MultiSMSMessage *buffer;
};

struct child;

/* Handle what was announced since the last call: read it, offer it; hang up on
 * a caller. Not while a send waits for its answer. */
void inbox_work(struct child *c);

/* Only the texts of it: read, offer. Delivery reports wait for inbox_work(). */
void inbox_take_texts(struct child *c);

/* Look through every store. */
void inbox_list(struct child *c);

/* DELETE_SMS, answered by DELETED: only what is still the message meant. */
void inbox_delete(struct child *c, uint64_t id, const struct ml_place *place);

void inbox_clear(struct inbox *in);

#endif

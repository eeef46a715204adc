/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OUTBOX_RENDER_H
#define TINCAY_OUTBOX_RENDER_H

/* Private to outbox/: from a message row to the segment that goes on the air,
 * and every reason not to. */

#include "core.h"
#include "store/message.h"

struct radio_part;

struct outbox_refusal {
	const char *state;  /* "expired", "suppressed" or "cancelled" */
	const char *reason; /* fixed word, goes into message.reason */
	int64_t wait_until; /* UTC; of TC_EAGAIN */
};

/* Fill out for this part of this message. 0; TC_EDENIED with *why when it must
 * not go out (any more); TC_EAGAIN: not before why->wait_until; other errors. */
int outbox_render(struct core *c, const struct message *m, const struct part *p,
    struct radio_part *out, struct outbox_refusal *why) TC_MUSTCHECK;

/* Could the fixed text of m (template, slots, receiver) be sent as one segment?
 * 0; TC_ENOENT, TC_EINVAL, TC_EDENIED as outbox_reply() says, logged. */
int outbox_check_text(struct core *c, const struct message *m) TC_MUSTCHECK;

/* Is the message addressed to this canonical number? 1, 0, negative error. */
int outbox_is_to(
    struct core *c, const struct message *m, const char *number) TC_MUSTCHECK;

#endif

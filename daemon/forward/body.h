/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FORWARD_BODY_H
#define TINCAY_FORWARD_BODY_H

/* Private to forward/: what a webhook says. */

#include "store/webhook.h"

/*
 * {"type": "case.opened", "timestamp": "2026-03-10T02:00:00Z",
 *  "data": {"queue": "HPN", "urgency": 1, "code": "ABCDEFGH", "cursor": 12}}
 * Made of the row alone, so that each try says the same. There is no text and no
 * number in it. A new string; the caller frees it.
 */
char *body_make(const struct webhook *w, const struct delivery *d);

/* webhook-id: "msg_" and 16 hex digits. */
#define BODY_ID_SIZE 21
void body_id(const struct delivery *d, char out[BODY_ID_SIZE]);

#endif

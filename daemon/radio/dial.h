/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_RADIO_DIAL_H
#define TINCAY_RADIO_DIAL_H

/* Private to radio/: a USSD session towards the operator, one a modem. */

#include "radio/radio.h"

struct event;
struct modem;

enum dial_phase {
	DIAL_NONE,
	DIAL_WAITING, /* until the modem is idle, or has started again */
	DIAL_ASKED,
	DIAL_MENU /* for the answer to it */
};
struct dial {
	enum dial_phase phase;
	uint64_t id;
	char code[ML_USSD_MAX];
	radio_ussd_cb cb; /* NULL: nobody waits */
	void *ctx;
	struct event *timer;
	int64_t end_ms; /* monotonic: no session is longer */
	unsigned forms; /* bits of enum ml_ussd_form that failed */
	bool is_answer; /* a menu was answered: the form is right */
	bool is_proven; /* a form has worked since the daemon started */
	uint64_t asked_generation; /* there was no help to wait for it then */
};

void dial_init(struct modem *m);
void dial_clear(struct modem *m);
/* The form that a new child is started with. */
int dial_form_to_start(struct modem *m);
void dial_on_in(struct modem *m, uint64_t id, const struct ml_ussd_in *in);
void dial_on_gone(struct modem *m);
/* Nothing may be sent while the session runs. */
bool dial_blocks(const struct modem *m);
/* Dial what waits, when the modem is idle; end what help waits for. After
 * send_pump() of all modems. */
void dial_pump(struct modem *m);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * USSD sessions (see ussd.h). Called by main.c. Owns nothing; the state is in
 * the child.
 *
 * What libgammu 1.42 makes of it: GSM_DialService() returns when the modem has
 * taken the command, at the latest after 30 s; the answer comes to the callback
 * later, or before that. To end a session there is only one way, to switch the
 * announcements off (AT+CUSD=2, AT+CUSD=0) and on again.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "child.h"
#include "clock.h"
#include "log.h"
#include "text.h"

#define DIAL_MS 40000
#define RESET_MS 5000 /* a text waits for it, perhaps */
#define DEADLINE_MS 60000

static void
ussd_tell(
    struct child *c, uint64_t id, enum ml_ussd_status status, const char *text)
{
	struct ml_ussd_in in = {.status = (uint8_t)status};

	(void)snprintf(in.text, sizeof(in.text), "%s", text);
	link_send(&c->link, ML_USSD_IN, id, &in);
	explicit_bzero(&in, sizeof(in));
}

/* End whatever session the network holds open. */
static void
ussd_reset(struct child *c)
{
	struct phone *p = &c->phone;
	GSM_Error error;

	phone_step(p, ML_STEP_USSD);
	phone_enter(p, RESET_MS);
	error = GSM_SetIncomingUSSD(p->sm, FALSE);
	if (phone_leave(p, error) != 0)
		log_info("modem did not end a USSD session why=%s",
		    GSM_ErrorString(error));
	if (!p->is_dead) {
		phone_enter(p, RESET_MS);
		(void)phone_leave(p, GSM_SetIncomingUSSD(p->sm, TRUE));
	}
	phone_step(p, ML_STEP_NONE);
	p->nussds = 0;
	c->ussd.is_on = c->ussd.is_menu = false;
	c->ussd.is_fresh = true;
}

void
ussd_end(struct child *c)
{
	if (!c->ussd.is_on || c->phone.is_dead)
		return;
	ussd_reset(c);
	ussd_tell(c, c->ussd.id, ML_USSD_TERMINATED, "");
}

static void
ussd_fail(struct child *c, enum ml_ussd_status status)
{
	c->ussd.is_on = c->ussd.is_menu = false;
	c->ussd.is_fresh = false;
	ussd_tell(c, c->ussd.id, status, "");
}

/* Half of what a send may take. */
static int64_t
deadline_of(const struct ml_config *config)
{
	return config->send_deadline_ms == 0 ? DEADLINE_MS
					     : config->send_deadline_ms / 2;
}

static void
ussd_dial(struct child *c, const char *text)
{
	struct phone *p = &c->phone;
	char number[ML_USSD_MAX];
	GSM_Error error;

	memcpy(number, text, sizeof(number)); /* libgammu wants it writable */
	c->ussd.deadline_ms = clock_mono_ms() + deadline_of(&c->config);
	phone_step(p, ML_STEP_USSD);
	phone_enter(p, DIAL_MS);
	error = GSM_DialService(p->sm, number);
	(void)phone_leave(p, error);
	phone_step(p, ML_STEP_NONE);
	/* +CUSD may come before the end of the command, and an answer like
	 * "not supported" is an error to libgammu. */
	if (error == ERR_NONE || p->nussds > 0 || p->is_dead)
		return;
	log_warn("modem USSD refused why=%s", GSM_ErrorString(error));
	ussd_fail(c, error == ERR_TIMEOUT ? ML_USSD_TIMEOUT : ML_USSD_FAILED);
}

/* What goes between quotes of a command. */
static bool
request_is_good(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == '"' ||
		    (unsigned char)text[i] > 0x7e)
			return false;
	return true;
}

void
ussd_request(struct child *c, uint64_t id, const struct ml_ussd *q)
{
	struct ussd *u = &c->ussd;

	if (q->text[0] == '\0') {
		if (u->is_on && u->id == id)
			ussd_end(c);
		return;
	}
	if (!request_is_good(q->text) || (u->is_on && !u->is_menu)) {
		ussd_tell(c, id, ML_USSD_FAILED, "");
		return;
	}
	if (u->is_on && u->id != id)
		ussd_end(c);
	if (!u->is_on && !u->is_fresh)
		ussd_reset(c);
	if (c->phone.is_dead)
		return;
	u->is_on = true;
	u->is_menu = false;
	u->id = id;
	ussd_dial(c, q->text);
}

/* A modem has one session at a time: while ours runs, all that comes is its. */
static void
ussd_take(struct child *c, struct ml_ussd_in *in)
{
	struct ussd *u = &c->ussd;

	text_mend_hex(in->text);
	ussd_tell(
	    c, u->is_on ? u->id : 0, (enum ml_ussd_status)in->status, in->text);
	if (in->status != ML_USSD_MENU)
		u->is_on = false;
	else if (!u->is_on)
		u->is_fresh = false; /* a menu of the network's own */
	u->is_menu = u->is_on;
}

int64_t
ussd_work(struct child *c)
{
	struct phone *p = &c->phone;
	struct ussd *u = &c->ussd;
	int64_t left;
	unsigned i;

	for (i = 0; i < p->nussds; i++)
		ussd_take(c, &p->ussds[i]);
	explicit_bzero(p->ussds, sizeof(p->ussds));
	p->nussds = 0;
	if (!u->is_on || u->is_menu)
		return -1;
	left = u->deadline_ms - clock_mono_ms();
	if (left > 0)
		return left;
	ussd_fail(c, ML_USSD_TIMEOUT);
	return -1;
}

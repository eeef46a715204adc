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
#define RESET_MS 5000 /* of a text that waits for it */
#define HEX_MIN 8     /* shorter ones are numbers */

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

static void
ussd_dial(struct child *c, const char *text)
{
	struct phone *p = &c->phone;
	char number[ML_USSD_MAX];
	GSM_Error error;

	memcpy(number, text, sizeof(number)); /* libgammu wants it writable */
	c->ussd.deadline_ms = clock_mono_ms() + USSD_DEADLINE_MS;
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

	ussd_mend(in->text);
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

/* --- answers in hexadecimal --- */

/* Characters that a network writes to a person in Viet Nam: Latin with its
 * marks, Vietnamese, punctuation, currency. */
static bool
is_likely(unsigned unit)
{
	return unit == '\n' || unit == '\r' || (unit >= 0x20 && unit < 0x250) ||
	       (unit >= 0x300 && unit < 0x370) ||
	       (unit >= 0x1e00 && unit < 0x1f00) ||
	       (unit >= 0x2000 && unit < 0x2130);
}

static bool
mend_ucs2(char *text, const unsigned char *octets, size_t n)
{
	size_t i;

	if (n % 2 != 0)
		return false;
	for (i = 0; i < n; i += 2)
		if (!is_likely((unsigned)octets[i] << 8 | octets[i + 1]))
			return false;
	text_from_gammu(text, ML_TEXT_MAX, octets, n / 2, TEXT_PLAIN);
	return true;
}

/* 3GPP 23.038 6.1.2.3; only septets that are ASCII as well, which a text of a
 * network's menu is. */
static bool
mend_packed(char *text, const unsigned char *octets, size_t n)
{
	size_t count = n * 8 / 7, i, bit;
	unsigned c;

	for (i = 0; i < count && i + 1 < ML_TEXT_MAX; i++) {
		bit = i * 7;
		c = octets[bit / 8];
		if (bit / 8 + 1 < n)
			c |= (unsigned)octets[bit / 8 + 1] << 8;
		c = c >> bit % 8 & 0x7f;
		if (c == 0)
			c = i + 1 == count ? '\r' : '@';
		text[i] = (char)c;
	}
	while (i > 0 && text[i - 1] == '\r')
		i--;
	text[i] = '\0';
	for (i = 0; text[i] != '\0'; i++)
		if (!is_likely((unsigned char)text[i]) ||
		    strchr("$[\\]^_`{|}~", text[i]) != NULL)
			return false;
	return true;
}

void
ussd_mend(char text[ML_TEXT_MAX])
{
	unsigned char octets[ML_TEXT_MAX / 2];
	char mended[ML_TEXT_MAX];
	size_t len = strlen(text);

	if (len < HEX_MIN || len % 2 != 0 ||
	    hex_decode(octets, len / 2, text) != 0)
		return;
	/* Digits alone may be an account or a balance. */
	if (mend_ucs2(mended, octets, len / 2) ||
	    (strpbrk(text, "abcdefABCDEF") != NULL &&
		mend_packed(mended, octets, len / 2)))
		memcpy(text, mended, strlen(mended) + 1);
	explicit_bzero(octets, sizeof(octets));
	explicit_bzero(mended, sizeof(mended));
}

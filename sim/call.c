/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Voice calls from phones: RING and +CLIP until somebody hangs up, answers, or
 * the caller gives up. Called by control.c and at_call.c; owns the call of each
 * modem. One call at a time: another caller hears busy.
 */

#include "config.h"

#include <string.h>

#include "radio.h"
#include "sim.h"

static void
journal_call(struct modem *m, const char *state)
{
	journal_log(&m->sim->journal, m->index, "call",
	    json_pack("{s:s,s:s}", "from", m->call.from, "state", state));
}

/* 27.007 7.11; a withheld number has type 128 and CLI validity 1. */
static void
call_say_clip(struct modem *m)
{
	const char *from = m->call.from;

	if (from[0] == '\0')
		modem_notify(m, NULL, NULL, "+CLIP: \"\",128,,,,1");
	else
		modem_notify(m, NULL, NULL, "+CLIP: \"%s\",%d,,,,0", from,
		    from[0] == '+' ? 145 : 129);
}

static void
call_ring(struct modem *m)
{
	modem_notify(m, NULL, NULL, "RING");
	if (m->set.clip && !fault_is_on(m, FAULT_NO_CLIP))
		call_say_clip(m);
	journal_call(m, "ring");
	sim_timer(m->call.ev_ring, m->call.ring_ms);
}

static void
on_ring(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	call_ring(arg);
}

static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;

	(void)fd;
	(void)what;
	call_end(m, m->call.is_answered ? "over" : "missed", true);
}

int
call_start(
    struct modem *m, const char *from, unsigned ring_ms, unsigned seconds)
{
	char number[PHONE_NUMBER_MAX] = "";

	if (strcmp(from, "withheld") != 0 &&
	    (phone_number(from, number) != 0 || strpbrk(number, "\"\r\n")))
		return TC_EINVAL;
	if (!modem_is_open(m) || m->call.is_on)
		return TC_ESTATE;
	m->call.is_on = true;
	m->call.is_answered = false;
	m->call.ring_ms = ring_ms;
	memcpy(m->call.from, number, sizeof(m->call.from));
	sim_timer(m->call.ev_end, seconds * 1000);
	call_ring(m);
	return 0;
}

void
call_end(struct modem *m, const char *why, bool tell)
{
	if (!m->call.is_on)
		return;
	m->call.is_on = false;
	event_del(m->call.ev_ring);
	event_del(m->call.ev_end);
	journal_call(m, why);
	if (tell)
		modem_notify(m, NULL, NULL, "NO CARRIER");
}

void
call_answer(struct modem *m)
{
	m->call.is_answered = true;
	event_del(m->call.ev_ring);
	journal_call(m, "answered");
}

void
call_init(struct modem *m)
{
	m->call.ev_ring = event_new(m->sim->base, -1, 0, on_ring, m);
	m->call.ev_end = event_new(m->sim->base, -1, 0, on_end, m);
}

void
call_clear(struct modem *m)
{
	event_free(m->call.ev_ring);
	event_free(m->call.ev_end);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libgammu's callbacks, deadlines and steps (see phone.h). Called by everything
 * that asks the modem something. Owns the notes; the state machine is
 * start.c's.
 */
#include "config.h"

#include <sys/time.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "nap.h"
#include "phone.h"
#include "text.h"

#define TIMEOUTS_MAX 2
#define RING_MS 10000 /* a ringing phone repeats itself every 5 s or so */
#define HANG_UP_MS 3000
#define MUTE_MS 1000 /* +CLIP comes right behind RING, or never */

/* For the deadline's signal handler. */
static GSM_StateMachine *volatile guarded;
static volatile sig_atomic_t guard_fired;

/* GSM_AbortOperation() sets one flag: safe in a handler. */
static void
on_guard(int signo)
{
	(void)signo;
	guard_fired = 1;
	if (guarded != NULL)
		(void)GSM_AbortOperation(guarded);
}

void
phone_guard_init(void)
{
	struct sigaction sa = {.sa_handler = on_guard};

	(void)sigaction(SIGALRM, &sa, NULL);
}

static void
guard_set(int64_t ms)
{
	struct itimerval t = {.it_value = {ms / 1000, (ms % 1000) * 1000}};

	(void)setitimer(ITIMER_REAL, &t, NULL);
}

void
phone_step(struct phone *p, enum ml_step step)
{
	struct ml_step_body body = {.step = (uint8_t)step};

	if (p->step == step || p->is_dead)
		return;
	p->step = step;
	link_send(p->link, ML_STEP, 0, &body);
}

void
phone_enter(struct phone *p, int64_t ms)
{
	guarded = p->sm;
	guard_fired = 0;
	guard_set(ms);
}

void
phone_interrupt(struct phone *p)
{
	if (!p->is_sending)
		on_guard(SIGALRM);
}

void
phone_die(struct phone *p, enum ml_gone why, const char *detail)
{
	if (p->is_dead)
		return;
	p->is_dead = true;
	p->why = why;
	(void)snprintf(p->detail, sizeof(p->detail), "%s", detail);
}

void
phone_hung_up(struct phone *p)
{
	phone_die(p, ML_GONE_NO_DEVICE, "the device hung up");
	on_guard(SIGALRM);
}

static bool
is_device_error(GSM_Error error)
{
	static const GSM_Error errors[] = {ERR_DEVICEOPENERROR,
	    ERR_DEVICELOCKED, ERR_DEVICENOTEXIST, ERR_DEVICEBUSY,
	    ERR_DEVICENOPERMISSION, ERR_DEVICENODRIVER, ERR_DEVICENOTWORK,
	    ERR_DEVICEREADERROR, ERR_DEVICEWRITEERROR};
	size_t i;

	for (i = 0; i < TC_NELEM(errors); i++)
		if (errors[i] == error)
			return true;
	return false;
}

/* libgammu takes the next answer for the one that it still waits for, and the
 * blame would fall on the next question. */
static bool
phone_must_do_without(const struct phone *p)
{
	return p->timeouts > 0 && p->step >= ML_STEP_OPTIONAL;
}

int
phone_leave(struct phone *p, GSM_Error error)
{
	guard_set(0);
	guarded = NULL;
	if (guard_fired)
		phone_die(p, ML_GONE_MODEM_ERROR, "a question was not ended");
	else if (is_device_error(error))
		phone_die(p, ML_GONE_NO_DEVICE, GSM_ErrorString(error));
	p->timeouts = error == ERR_TIMEOUT ? p->timeouts + 1 : 0;
	if (p->timeouts >= TIMEOUTS_MAX || phone_must_do_without(p))
		phone_die(p, ML_GONE_MODEM_ERROR, "no answer");
	if (error == ERR_NONE)
		return 0;
	if (error == ERR_EMPTY || error == ERR_INVALIDLOCATION)
		return TC_ENOENT;
	return TC_EIO;
}

void
phone_read(struct phone *p, short events)
{
	/* Only when something is there: GSM_ReadDevice() waits 50 ms for it. */
	if ((events & POLLIN) != 0) {
		phone_enter(p, PHONE_CALL_MS);
		tap_forget(&p->tap);
		(void)GSM_ReadDevice(p->sm, FALSE);
		(void)phone_leave(p, ERR_NONE);
	}
	if ((events & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		phone_hung_up(p);
}

/* --- callbacks --- */

static void
on_send_status(GSM_StateMachine *sm, int status, int tp_mr, void *ctx)
{
	struct phone *p = ctx;

	(void)sm;
	/* A code may be followed by a -1 of the same answer. */
	if (p->has_status)
		return;
	p->has_status = true;
	p->status = status;
	p->tp_mr = status == 0 && tp_mr >= 0 && tp_mr <= 255 ? tp_mr : -1;
}

static struct phone_note *
note_add(struct phone *p)
{
	if (p->nnotes == PHONE_NOTES) {
		p->must_list = true;
		return NULL;
	}
	memset(&p->notes[p->nnotes], 0, sizeof(p->notes[0]));
	return &p->notes[p->nnotes++];
}

/* +CMTI and +CDSI carry a store and a place, +CMT and +CDS the message. */
static void
on_sms(GSM_StateMachine *sm, GSM_SMSMessage *sms, void *ctx)
{
	struct phone *p = ctx;
	struct phone_note *n;
	bool has_place = sms->State == 0;

	(void)sm;
	if (has_place && sms->Memory != MEM_SM && sms->Memory != MEM_ME &&
	    sms->Memory != MEM_SR) {
		p->must_list = true;
		return;
	}
	n = note_add(p);
	if (n == NULL)
		return;
	n->is_report = sms->PDU == SMS_Status_Report;
	if (has_place) {
		/* As announced; with F_SMS_LOCATION_0 (start.c) libgammu
		 * numbers places from 1 for itself. */
		n->memory = sms->Memory;
		n->location = sms->Location + 1 +
			      (sms->Folder > 2 ? GSM_PHONE_MAXSMSINFOLDER : 0);
	} else {
		n->sms = xmalloc(sizeof(*n->sms));
		*n->sms = *sms;
		n->pid = p->tap.pid;
		n->dcs = p->tap.dcs;
	}
}

/* A call says RING and CLIP again and again, also when it was hung up already;
 * one call is one note. Whoever calls again is heard after HANG_UP_MS. */
static bool
is_same_call(const struct phone *p, const char *number, int64_t now)
{
	int64_t limit = p->is_ringing ? RING_MS : HANG_UP_MS;

	return p->rang_ms != 0 && now - p->rang_ms < limit &&
	       strcmp(number, p->ringing) == 0;
}

static void
call_add(struct phone *p, const char *number, int64_t now)
{
	p->mute_ms = 0;
	if (is_same_call(p, number, now)) {
		if (p->is_ringing)
			p->rang_ms = now;
		return;
	}
	if (p->ncalls < PHONE_CALLS) {
		memset(&p->calls[p->ncalls], 0, sizeof(p->calls[0]));
		(void)snprintf(
		    p->calls[p->ncalls].number, ML_NAME_MAX, "%s", number);
		p->calls[p->ncalls].at = clock_now();
		p->ncalls++;
	}
	(void)snprintf(p->ringing, sizeof(p->ringing), "%s", number);
	p->is_ringing = true;
	p->rang_ms = now;
}

static void
on_call(GSM_StateMachine *sm, GSM_Call *call, void *ctx)
{
	struct phone *p = ctx;
	char number[ML_NAME_MAX];
	int64_t now = clock_mono_ms();

	(void)sm;
	if (call->Status != GSM_CALL_IncomingCall) {
		if (p->mute_ms != 0)
			call_add(p, "", now);
		p->is_ringing = false;
		if (call->Status == GSM_CALL_CallRemoteEnd)
			p->rang_ms = 0;
		return;
	}
	text_from_gammu(number, sizeof(number), call->PhoneNumber,
	    text_gammu_units(call->PhoneNumber, GSM_MAX_NUMBER_LENGTH),
	    TEXT_PLAIN);
	call_add(p, number, now);
}

int64_t
phone_note_mute_call(struct phone *p)
{
	int64_t now = clock_mono_ms();

	if (p->tap.has_rung && !p->is_ringing && p->mute_ms == 0)
		p->mute_ms = now;
	p->tap.has_rung = false;
	if (p->mute_ms == 0)
		return -1;
	if (now - p->mute_ms < MUTE_MS)
		return p->mute_ms + MUTE_MS - now;
	call_add(p, "", now);
	return -1;
}

static enum ml_ussd_status
ussd_status(GSM_USSDStatus status)
{
	static const struct {
		GSM_USSDStatus from;
		enum ml_ussd_status to;
	} table[] = {
	    {USSD_NoActionNeeded, ML_USSD_DONE},
	    {USSD_ActionNeeded, ML_USSD_MENU},
	    {USSD_Terminated, ML_USSD_TERMINATED},
	    {USSD_AnotherClient, ML_USSD_OTHER},
	    {USSD_NotSupported, ML_USSD_UNSUPPORTED},
	    {USSD_Timeout, ML_USSD_TIMEOUT},
	};
	size_t i;

	for (i = 0; i < TC_NELEM(table); i++)
		if (table[i].from == status)
			return table[i].to;
	return ML_USSD_TERMINATED; /* no number that anybody knows */
}

/* What does not fit is lost: nobody has as many sessions at once. */
static void
on_ussd(GSM_StateMachine *sm, GSM_USSDMessage *ussd, void *ctx)
{
	struct phone *p = ctx;
	struct ml_ussd_in *in;

	(void)sm;
	if (p->nussds == PHONE_USSDS)
		return;
	in = &p->ussds[p->nussds++];
	memset(in, 0, sizeof(*in));
	in->status = (uint8_t)ussd_status(ussd->Status);
	text_from_gammu(in->text, sizeof(in->text), ussd->Text,
	    text_gammu_units(ussd->Text, GSM_MAX_USSD_LENGTH), TEXT_PLAIN);
	/* Some modems end every session like that: a text is the answer. */
	if (in->status == ML_USSD_TERMINATED && in->text[0] != '\0')
		in->status = ML_USSD_DONE;
}

void
phone_listen(struct phone *p)
{
	GSM_SetSendSMSStatusCallback(p->sm, on_send_status, p);
	GSM_SetIncomingSMSCallback(p->sm, on_sms, p);
	GSM_SetIncomingCallCallback(p->sm, on_call, p);
	GSM_SetIncomingUSSDCallback(p->sm, on_ussd, p);
	tap_open(&p->tap, p->sm);
}

void
phone_hang_up(struct phone *p)
{
	phone_enter(p, PHONE_CALL_MS);
	if (phone_leave(p, GSM_CancelCall(p->sm, 0, TRUE)) != 0)
		log_warn("modem cannot hang up");
	p->is_ringing = false;
	p->rang_ms = clock_mono_ms();
}

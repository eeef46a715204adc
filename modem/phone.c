/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libgammu's state machine: connecting, callbacks, deadlines (see phone.h).
 * Called by main.c, send.c and inbox.c. Owns the state machine and the notes.
 *
 * Deliberately not used: GSM_ReadConfig (reads files), GSM_GetNetworkInfo (a
 * long operator name overflows a buffer of 1.42 and aborts), and, on the good
 * path, GSM_GetSecurityStatus (it waits for the next second).
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

#define OPEN_TRIES 2
#define OPEN_MS 30000
#define CLOSE_MS 2000
#define TIMEOUTS_MAX 2
#define RING_MS 10000 /* a ringing phone repeats itself every 5 s or so */
#define HANG_UP_MS 3000

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

static void
guard_set(int64_t ms)
{
	struct itimerval t = {.it_value = {ms / 1000, (ms % 1000) * 1000}};

	(void)setitimer(ITIMER_REAL, &t, NULL);
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
	if (p->timeouts >= TIMEOUTS_MAX)
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
		(void)GSM_ReadDevice(p->sm, FALSE);
		(void)phone_leave(p, ERR_NONE);
	}
	if ((events & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		phone_die(p, ML_GONE_NO_DEVICE, "the device hung up");
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
		n->memory = sms->Memory;
		n->location = sms->Location +
			      (sms->Folder > 2 ? GSM_PHONE_MAXSMSINFOLDER : 0);
	} else {
		n->sms = xmalloc(sizeof(*n->sms));
		*n->sms = *sms;
	}
}

/* A call says RING and CLIP again and again: one call is one note. */
static bool
is_same_call(const struct phone *p, const char *number, int64_t now)
{
	int64_t limit = p->is_ringing ? RING_MS : HANG_UP_MS;

	return p->rang_ms != 0 && now - p->rang_ms < limit &&
	       strcmp(number, p->ringing) == 0;
}

static void
on_call(GSM_StateMachine *sm, GSM_Call *call, void *ctx)
{
	struct phone *p = ctx;
	char number[ML_NAME_MAX];
	int64_t now = clock_mono_ms();

	(void)sm;
	if (call->Status != GSM_CALL_IncomingCall) {
		p->is_ringing = false;
		if (call->Status == GSM_CALL_CallRemoteEnd)
			p->rang_ms = 0;
		return;
	}
	text_from_gammu(number, sizeof(number), call->PhoneNumber,
	    text_gammu_units(call->PhoneNumber, GSM_MAX_NUMBER_LENGTH),
	    TEXT_PLAIN);
	if (!is_same_call(p, number, now) && p->ncalls < PHONE_CALLS) {
		memset(&p->calls[p->ncalls], 0, sizeof(p->calls[0]));
		memcpy(p->calls[p->ncalls].number, number, sizeof(number));
		p->calls[p->ncalls].at = clock_now();
		p->ncalls++;
	}
	memcpy(p->ringing, number, sizeof(number));
	p->is_ringing = true;
	p->rang_ms = now;
}

/* --- connecting --- */

static void
config_fill(GSM_Config *c, const struct ml_config *config)
{
	size_t i;

	memset(c, 0, sizeof(*c));
	c->Device = xstrdup(config->device);
	c->Connection = xstrdup(config->connection);
	c->DebugFile = xstrdup("");
	/* Named, so that the whole start is not made twice to find it out. */
	memcpy(c->Model, "at", sizeof("at"));
	/* 0 would mean "ask for 0"; -1 is "choose". */
	for (i = 0; i < TC_NELEM(c->CNMIParams); i++)
		c->CNMIParams[i] = -1;
}

static int
phone_connect(struct phone *p, const struct ml_config *config)
{
	GSM_Error error;
	int rc;

	p->sm = GSM_AllocStateMachine();
	if (p->sm == NULL)
		abort();
	config_fill(GSM_GetConfig(p->sm, 0), config);
	GSM_SetConfigNum(p->sm, 1);
	phone_enter(p, OPEN_MS);
	/* One try a question: libgammu's own repetition of AT+CMGS would tell
	 * of two outcomes for one send. */
	error = GSM_InitConnection(p->sm, 1);
	rc = phone_leave(p, error);
	if (rc != 0)
		log_warn("modem connect failed why=%s", GSM_ErrorString(error));
	return rc;
}

static void
phone_drop(struct phone *p)
{
	if (p->sm == NULL)
		return;
	if (GSM_IsConnected(p->sm)) {
		phone_enter(p, CLOSE_MS);
		(void)GSM_TerminateConnection(p->sm);
		(void)phone_leave(p, ERR_NONE);
	}
	GSM_FreeStateMachine(p->sm);
	p->sm = NULL;
}

/* Why the SIM does not say who it is. */
static void
phone_die_of_sim(struct phone *p, GSM_Error imsi_error)
{
	static const struct {
		GSM_SecurityCodeType type;
		enum ml_gone why;
		const char *detail;
	} states[] = {
	    {SEC_Pin, ML_GONE_PIN, "the SIM wants its PIN"},
	    {SEC_Puk, ML_GONE_PUK, "the SIM wants its PUK"},
	    {SEC_Phone, ML_GONE_MODEM_ERROR, "the modem is locked to a SIM"},
	    {SEC_Network, ML_GONE_MODEM_ERROR, "the modem is network-locked"},
	};
	GSM_SecurityCodeType type = SEC_None;
	GSM_Error error;
	size_t i;

	phone_enter(p, PHONE_CALL_MS);
	error = GSM_GetSecurityStatus(p->sm, &type);
	(void)phone_leave(p, error);
	if (error == ERR_NOSIM || imsi_error == ERR_NOSIM)
		phone_die(p, ML_GONE_NO_SIM, "no SIM");
	for (i = 0; error == ERR_NONE && i < TC_NELEM(states); i++)
		if (states[i].type == type)
			phone_die(p, states[i].why, states[i].detail);
	phone_die(p, ML_GONE_MODEM_ERROR, "the SIM does not answer");
}

static int
phone_identify(struct phone *p)
{
	char imsi[GSM_MAX_IMEI_LENGTH + 1] = "";
	char imei[GSM_MAX_IMEI_LENGTH + 1] = "";
	char model[GSM_MAX_MODEL_LENGTH + 1] = "";
	GSM_Error error;

	phone_enter(p, PHONE_CALL_MS);
	error = GSM_GetSIMIMSI(p->sm, imsi);
	if (phone_leave(p, error) != 0 || imsi[0] == '\0') {
		phone_die_of_sim(p, error);
		return TC_EIO;
	}
	phone_enter(p, PHONE_CALL_MS);
	(void)phone_leave(p, GSM_GetIMEI(p->sm, imei));
	phone_enter(p, PHONE_CALL_MS);
	(void)phone_leave(p, GSM_GetModel(p->sm, model));
	(void)snprintf(p->id.imsi, sizeof(p->id.imsi), "%s", imsi);
	(void)snprintf(p->id.imei, sizeof(p->id.imei), "%s", imei);
	(void)snprintf(p->id.model, sizeof(p->id.model), "%s", model);
	return p->is_dead ? TC_EIO : 0;
}

/* Read once: a message without its number makes libgammu ask every time. */
static int
phone_find_smsc(struct phone *p, const struct ml_config *config)
{
	GSM_SMSC smsc;

	if (config->smsc[0] != '\0') {
		memcpy(p->id.smsc, config->smsc, sizeof(p->id.smsc));
		return text_to_gammu(
		    p->smsc, GSM_MAX_NUMBER_LENGTH, p->id.smsc, TEXT_PLAIN);
	}
	memset(&smsc, 0, sizeof(smsc));
	smsc.Location = 1;
	phone_enter(p, PHONE_CALL_MS);
	if (phone_leave(p, GSM_GetSMSC(p->sm, &smsc)) != 0) {
		phone_die(p, ML_GONE_MODEM_ERROR, "no SMSC number");
		return TC_EIO;
	}
	memcpy(p->smsc, smsc.Number, sizeof(p->smsc));
	text_from_gammu(p->id.smsc, sizeof(p->id.smsc), p->smsc,
	    text_gammu_units(p->smsc, GSM_MAX_NUMBER_LENGTH), TEXT_PLAIN);
	return 0;
}

/* None of these is needed: without notifications the store is polled. */
static void
phone_subscribe(struct phone *p)
{
	GSM_SetSendSMSStatusCallback(p->sm, on_send_status, p);
	GSM_SetIncomingSMSCallback(p->sm, on_sms, p);
	GSM_SetIncomingCallCallback(p->sm, on_call, p);
	phone_enter(p, PHONE_CALL_MS);
	p->id.notifies = phone_leave(p, GSM_SetIncomingSMS(p->sm, TRUE)) == 0;
	phone_enter(p, PHONE_CALL_MS);
	if (phone_leave(p, GSM_SetIncomingCall(p->sm, TRUE)) != 0)
		log_warn("modem does not announce calls");
	phone_enter(p, PHONE_CALL_MS);
	if (phone_leave(p, GSM_SetFastSMSSending(p->sm, TRUE)) != 0)
		log_info("modem keeps no link between messages");
}

int
phone_open(struct phone *p, const struct ml_config *config)
{
	struct sigaction sa = {.sa_handler = on_guard};
	int tries, rc = TC_EIO;

	memset(p, 0, sizeof(*p));
	(void)sigaction(SIGALRM, &sa, NULL);
	for (tries = 0; tries < OPEN_TRIES && !p->is_dead; tries++) {
		rc = phone_connect(p, config);
		if (rc == 0)
			break;
		phone_drop(p);
	}
	if (rc != 0) {
		phone_die(p, ML_GONE_MODEM_ERROR, "cannot be connected");
		return TC_EIO;
	}
	if (phone_identify(p) != 0 || phone_find_smsc(p, config) != 0)
		return TC_EIO;
	phone_subscribe(p);
	return p->is_dead ? TC_EIO : 0;
}

void
phone_close(struct phone *p)
{
	unsigned i;

	phone_drop(p);
	for (i = 0; i < p->nnotes; i++)
		free(p->notes[i].sms);
	p->nnotes = 0;
}

int
phone_status(struct phone *p, struct ml_status *out)
{
	GSM_SignalQuality signal = {.SignalPercent = -1};
	GSM_SMSMemoryStatus store;

	memset(out, 0, sizeof(*out));
	memset(&store, 0, sizeof(store));
	phone_enter(p, PHONE_CALL_MS);
	if (phone_leave(p, GSM_GetSignalQuality(p->sm, &signal)) != 0)
		signal.SignalPercent = -1;
	phone_enter(p, PHONE_CALL_MS);
	if (phone_leave(p, GSM_GetSMSStatus(p->sm, &store)) != 0)
		return TC_EIO;
	out->signal_percent = signal.SignalPercent;
	out->used = (uint32_t)(store.SIMUsed + store.PhoneUsed);
	out->size = (uint32_t)(store.SIMSize + store.PhoneSize);
	return 0;
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

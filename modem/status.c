/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signal, stores, operator (see status.h). Called by main.c while the modem has
 * nothing else to do. Owns nothing; the state is in the child.
 *
 * GSM_GetNetworkInfo() is nine commands, and a name of an operator that is too
 * long for a buffer of libgammu 1.42 ends the process: it is asked rarely, and
 * never on the way to READY.
 */
#include "config.h"

#include <string.h>

#include "child.h"
#include "clock.h"
#include "text.h"

#define STATUS_MS 60000
#define NETWORK_MS 600000
#define NETWORK_FIRST_MS 3000
#define QUESTION_MS 30000 /* less than tincayd gives to a step */
#define NAME_UNITS 19     /* of GSM_NetworkInfo.NetworkName */

static bool
is_left_out(const struct child *c, enum ml_step step)
{
	return (c->config.skip & ML_SKIP(step)) != 0 || c->phone.is_dead;
}

static void
signal_ask(struct child *c, struct ml_status *out)
{
	GSM_SignalQuality signal = {.SignalPercent = -1};

	out->signal_percent = -1;
	if (is_left_out(c, ML_STEP_SIGNAL))
		return;
	phone_step(&c->phone, ML_STEP_SIGNAL);
	phone_enter(&c->phone, QUESTION_MS);
	if (phone_leave(
		&c->phone, GSM_GetSignalQuality(c->phone.sm, &signal)) == 0)
		out->signal_percent = signal.SignalPercent;
}

static void
store_ask(struct child *c, struct ml_status *out)
{
	GSM_SMSMemoryStatus store;

	if (is_left_out(c, ML_STEP_STORE))
		return;
	memset(&store, 0, sizeof(store));
	phone_step(&c->phone, ML_STEP_STORE);
	phone_enter(&c->phone, QUESTION_MS);
	if (phone_leave(&c->phone, GSM_GetSMSStatus(c->phone.sm, &store)) != 0)
		return;
	out->used = (uint32_t)(store.SIMUsed + store.PhoneUsed);
	out->size = (uint32_t)(store.SIMSize + store.PhoneSize);
}

static enum ml_registration
registration_of(GSM_NetworkInfo_State state)
{
	static const struct {
		GSM_NetworkInfo_State from;
		enum ml_registration to;
	} table[] = {
	    {GSM_HomeNetwork, ML_REG_HOME},
	    {GSM_NoNetwork, ML_REG_NONE},
	    {GSM_RoamingNetwork, ML_REG_ROAMING},
	    {GSM_RegistrationDenied, ML_REG_DENIED},
	    {GSM_RequestingNetwork, ML_REG_SEARCHING},
	};
	size_t i;

	for (i = 0; i < TC_NELEM(table); i++)
		if (table[i].from == state)
			return table[i].to;
	return ML_REG_UNKNOWN;
}

static void
network_ask(struct child *c, struct ml_status *out)
{
	GSM_NetworkInfo info;

	out->registration = ML_REG_UNKNOWN;
	out->operator_name[0] = '\0';
	if (is_left_out(c, ML_STEP_NETWORK))
		return;
	memset(&info, 0, sizeof(info));
	phone_step(&c->phone, ML_STEP_NETWORK);
	phone_enter(&c->phone, PHONE_CALL_MS);
	if (phone_leave(&c->phone, GSM_GetNetworkInfo(c->phone.sm, &info)) != 0)
		return;
	out->registration = (uint8_t)registration_of(info.State);
	text_from_gammu(out->operator_name, sizeof(out->operator_name),
	    info.NetworkName, text_gammu_units(info.NetworkName, NAME_UNITS),
	    TEXT_PLAIN);
}

static bool
is_registered(const struct status *s)
{
	return s->last.registration == ML_REG_HOME ||
	       s->last.registration == ML_REG_ROAMING;
}

int64_t
status_work(struct child *c)
{
	struct status *s = &c->status;
	int64_t now = clock_mono_ms();

	if (s->network_ms == 0)
		s->network_ms = now + NETWORK_FIRST_MS;
	if (now < s->at_ms && now < s->network_ms)
		return (s->at_ms < s->network_ms ? s->at_ms : s->network_ms) -
		       now;
	signal_ask(c, &s->last);
	store_ask(c, &s->last);
	if (now >= s->network_ms) {
		network_ask(c, &s->last);
		s->network_ms = clock_mono_ms() +
				(is_registered(s) ? NETWORK_MS : STATUS_MS);
	}
	phone_step(&c->phone, ML_STEP_NONE);
	if (!c->phone.is_dead)
		link_send(&c->link, ML_STATUS, 0, &s->last);
	s->at_ms = clock_mono_ms() + STATUS_MS;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a device to a modem that can be used (see phone.h). Called by main.c.
 * Owns the state machine.
 *
 *   connect, (PIN,) IMSI, IMEI, model, SMSC, what it shall announce
 *
 * Deliberately not used: GSM_ReadConfig (reads files) and, on the good path,
 * GSM_GetSecurityStatus (it waits for the next second): only a SIM that does
 * not say who it is is asked why.
 *
 * Features of libgammu's own list of models are added to, after connecting:
 * given with the configuration they would overwrite what the list knows of the
 * model.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "phone.h"
#include "text.h"

#define OPEN_TRIES 2
#define OPEN_MS 30000
#define CLOSE_MS 2000
#define PIN_MS 30000
#define SIM_READY_MS 15000 /* a SIM reads its files after the PIN */
#define SIM_POLL_MS 300

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

/* --- the SIM --- */

static GSM_Error
sim_ask_state(struct phone *p, GSM_SecurityCodeType *type)
{
	GSM_Error error;

	*type = SEC_None;
	phone_enter(p, PHONE_CALL_MS);
	error = GSM_GetSecurityStatus(p->sm, type);
	(void)phone_leave(p, error);
	return error;
}

/* Why the SIM does not say who it is. */
static void
sim_die(struct phone *p, GSM_Error imsi_error)
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
	GSM_SecurityCodeType type;
	GSM_Error error;
	size_t i;

	error = sim_ask_state(p, &type);
	if (error == ERR_NOSIM || imsi_error == ERR_NOSIM)
		phone_die(p, ML_GONE_NO_SIM, "no SIM");
	for (i = 0; error == ERR_NONE && i < TC_NELEM(states); i++)
		if (states[i].type == type)
			phone_die(p, states[i].why,
			    p->pin_tried && type == SEC_Pin
				? "the SIM refused the PIN"
				: states[i].detail);
	phone_die(p, ML_GONE_MODEM_ERROR, "the SIM does not answer");
}

static GSM_Error
sim_read_imsi(struct phone *p)
{
	char imsi[GSM_MAX_IMEI_LENGTH + 1] = "";
	GSM_Error error;

	phone_enter(p, PHONE_CALL_MS);
	error = GSM_GetSIMIMSI(p->sm, imsi);
	(void)phone_leave(p, error);
	if (error == ERR_NONE && imsi[0] == '\0')
		error = ERR_UNKNOWN;
	if (error == ERR_NONE)
		(void)snprintf(p->id.imsi, sizeof(p->id.imsi), "%s", imsi);
	return error;
}

static bool
pin_is_good(const char *pin)
{
	size_t len = strlen(pin);

	return len >= 4 && len <= 8 && strspn(pin, "0123456789") == len;
}

/* Three wrong tries lock a SIM: once in the life of a child, and only when the
 * SIM says that it is this code that it wants. True when it took it. */
static bool
sim_unlock(struct phone *p, struct ml_config *config)
{
	GSM_SecurityCode code = {.Type = SEC_Pin};
	GSM_SecurityCodeType type;
	GSM_Error error;

	if (config->pin[0] == '\0' || p->pin_tried ||
	    sim_ask_state(p, &type) != ERR_NONE || type != SEC_Pin)
		return false;
	if (!pin_is_good(config->pin)) {
		phone_die(p, ML_GONE_PIN, "the PIN is not 4 to 8 digits");
		return false;
	}
	(void)snprintf(code.Code, sizeof(code.Code), "%s", config->pin);
	phone_step(p, ML_STEP_PIN);
	p->pin_tried = true;
	phone_enter(p, PIN_MS);
	error = GSM_EnterSecurityCode(p->sm, &code);
	(void)phone_leave(p, error);
	phone_step(p, ML_STEP_IDENTITY);
	explicit_bzero(&code, sizeof(code));
	if (error == ERR_NONE)
		return true;
	log_err("modem SIM refused the PIN why=%s", GSM_ErrorString(error));
	return false;
}

/* After the PIN the SIM needs some seconds. */
static GSM_Error
sim_wait_imsi(struct phone *p)
{
	int64_t end = clock_mono_ms() + SIM_READY_MS;
	GSM_Error error;

	while ((error = sim_read_imsi(p)) != ERR_NONE && !p->is_dead &&
	       p->link->end == LINK_OPEN && clock_mono_ms() < end)
		(void)link_wait(p->link, -1, SIM_POLL_MS);
	return error;
}

static int
phone_identify(struct phone *p, struct ml_config *config)
{
	char imei[GSM_MAX_IMEI_LENGTH + 1] = "";
	char model[GSM_MAX_MODEL_LENGTH + 1] = "";
	GSM_Error error;

	error = sim_read_imsi(p);
	if (error != ERR_NONE && !p->is_dead && sim_unlock(p, config))
		error = sim_wait_imsi(p);
	if (error != ERR_NONE) {
		if (!p->is_dead)
			sim_die(p, error);
		return TC_EIO;
	}
	phone_enter(p, PHONE_CALL_MS);
	(void)phone_leave(p, GSM_GetIMEI(p->sm, imei));
	phone_enter(p, PHONE_CALL_MS);
	(void)phone_leave(p, GSM_GetModel(p->sm, model));
	(void)snprintf(p->id.imei, sizeof(p->id.imei), "%s", imei);
	(void)snprintf(p->id.model, sizeof(p->id.model), "%s", model);
	return p->is_dead ? TC_EIO : 0;
}

/* --- what it shall do --- */

static bool
feature_is_on(const GSM_PhoneModel *model, GSM_Feature feature)
{
	size_t i;

	for (i = 0; i < GSM_MAX_PHONE_FEATURES && model->features[i] != 0; i++)
		if (model->features[i] == feature)
			return true;
	return false;
}

static void
feature_drop(GSM_PhoneModel *model, GSM_Feature feature)
{
	size_t from, to = 0;

	for (from = 0; from < GSM_MAX_PHONE_FEATURES; from++)
		if (model->features[from] != feature)
			model->features[to++] = model->features[from];
	while (to < GSM_MAX_PHONE_FEATURES)
		model->features[to++] = (GSM_Feature)0;
}

static void
feature_add(GSM_PhoneModel *model, GSM_Feature feature)
{
	if (!feature_is_on(model, feature) &&
	    !GSM_AddPhoneFeature(model, feature))
		log_warn("modem has too many features");
}

/* Place 0 is looked at, on modems that count from 0 (libgammu 1.42 leaves it
 * out where it has to look place by place). USSD strings: libgammu sends packed
 * septets with ENCODED_USSD, else text in the character set that it chose,
 * which is UCS-2 but for USSD_GSM_CHARSET. */
static void
phone_set_features(struct phone *p, enum ml_ussd_form form)
{
	GSM_PhoneModel *model = GSM_GetModelInfo(p->sm);

	feature_add(model, F_SMS_LOCATION_0);
	if (form == ML_USSD_AUTO)
		return;
	feature_drop(model, F_ENCODED_USSD);
	feature_drop(model, F_USSD_GSM_CHARSET);
	if (form == ML_USSD_PACKED)
		feature_add(model, F_ENCODED_USSD);
	if (form == ML_USSD_PACKED || form == ML_USSD_TEXT)
		feature_add(model, F_USSD_GSM_CHARSET);
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
	phone_listen(p);
	phone_enter(p, PHONE_CALL_MS);
	p->id.notifies = phone_leave(p, GSM_SetIncomingSMS(p->sm, TRUE)) == 0;
	phone_enter(p, PHONE_CALL_MS);
	if (phone_leave(p, GSM_SetIncomingCall(p->sm, TRUE)) != 0)
		log_warn("modem does not announce calls");
	phone_enter(p, PHONE_CALL_MS);
	if (phone_leave(p, GSM_SetIncomingUSSD(p->sm, TRUE)) != 0)
		log_info("modem knows no USSD");
	phone_enter(p, PHONE_CALL_MS);
	if (phone_leave(p, GSM_SetFastSMSSending(p->sm, TRUE)) != 0)
		log_info("modem keeps no link between messages");
}

static int
phone_connect_twice(struct phone *p, const struct ml_config *config)
{
	int tries, rc = TC_EIO;

	phone_step(p, ML_STEP_CONNECT);
	for (tries = 0; tries < OPEN_TRIES && !p->is_dead; tries++) {
		rc = phone_connect(p, config);
		if (rc == 0)
			break;
		phone_drop(p);
	}
	if (rc != 0)
		phone_die(p, ML_GONE_MODEM_ERROR, "cannot be connected");
	return rc;
}

int
phone_open(struct phone *p, struct link *link, struct ml_config *config)
{
	int rc;

	memset(p, 0, sizeof(*p));
	p->link = link;
	phone_guard_init();
	rc = phone_connect_twice(p, config);
	if (rc == 0) {
		phone_step(p, ML_STEP_IDENTITY);
		phone_set_features(p, (enum ml_ussd_form)config->ussd_form);
		rc = phone_identify(p, config);
	}
	explicit_bzero(config->pin, sizeof(config->pin));
	if (rc == 0)
		rc = phone_find_smsc(p, config);
	if (rc == 0)
		phone_subscribe(p);
	phone_step(p, ML_STEP_NONE);
	return p->is_dead ? TC_EIO : rc;
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

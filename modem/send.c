/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One part on the air (see child.h). Called by main.c. Owns nothing; the
 * message lives on the stack for the time of a send.
 *
 * The outcome, from what libgammu 1.42 does in ATGEN_SendSMS():
 *
 *   AT+CMGS=n, wait for the prompt      fails: ESC is written, no PDU was
 *   PDU, then Ctrl-Z                    fails: ERR_DEVICEWRITEERROR
 *   return; the callback comes later, while we read
 *
 * So an error that is not a write error means that the PDU never left us: the
 * modem's own code makes it REFUSED, none makes it NOT_SENT, for certain. A
 * write error may be of the AT+CMGS or the ESC (libgammu says that it escapes,
 * tap.h: NOT_SENT), or of the PDU or the Ctrl-Z: UNCERTAIN.
 * After the hand-over only the callback decides: 0 SENT, a code REFUSED,
 * anything else UNCERTAIN, no callback before the deadline UNCERTAIN and
 * `late`.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "child.h"
#include "clock.h"
#include "log.h"
#include "nap.h"
#include "sms.h"
#include "text.h"

#define SEPTETS_MAX 160
#define OCTETS_MAX 140
#define HAND_OVER_MS 10000 /* libgammu would wait 28 s for a prompt */
#define DEADLINE_MS 120000
#define WAIT_MS 1000
#define CODE_BAD_TPDU 304 /* 3GPP 27.005 3.2.5, invalid PDU mode parameter */

/* 3GPP 23.038 6.2.1.1: these cost two septets. What is in neither table is
 * tincayd's mistake (lib/gsm.h); libgammu sends a '?'. */
static bool
is_extension(uint32_t c)
{
	static const uint32_t table[] = {
	    '\f', '^', '{', '}', '\\', '[', '~', ']', '|', 0x20ac};
	size_t i;

	for (i = 0; i < TC_NELEM(table); i++)
		if (table[i] == c)
			return true;
	return false;
}

/* Does the text fit beside its header? libgammu writes past a buffer of its own
 * when it does not. */
static bool
fits_7bit(const char *text, uint32_t udh_len)
{
	unsigned septets = (udh_len * 8 + 6) / 7;
	uint32_t c;

	while (septets <= SEPTETS_MAX && (c = text_next(&text)) != 0)
		septets += is_extension(c) ? 2 : 1;
	return septets <= SEPTETS_MAX;
}

static int
message_set_text(GSM_SMSMessage *sms, const struct ml_send_part *part)
{
	size_t units;

	if (part->udh_len > 0 &&
	    (part->udh_len > OCTETS_MAX || part->udh[0] + 1U != part->udh_len))
		return TC_EINVAL;
	if (part->udh_len > 0) {
		sms->UDH.Type = UDH_UserUDH;
		sms->UDH.Length = (int)part->udh_len;
		memcpy(sms->UDH.Text, part->udh, part->udh_len);
	}
	if (part->coding == GSM_CODING_7BIT) {
		sms->Coding = SMS_Coding_Default_No_Compression;
		if (!fits_7bit(part->text, part->udh_len))
			return TC_EFULL;
		return text_to_gammu(
		    sms->Text, SEPTETS_MAX, part->text, TEXT_PLAIN);
	}
	sms->Coding = SMS_Coding_Unicode_No_Compression;
	units = (OCTETS_MAX - part->udh_len) / 2;
	return text_to_gammu(sms->Text, units, part->text, TEXT_TILDE);
}

static int
message_make(
    const struct phone *p, const struct ml_send_part *part, GSM_SMSMessage *sms)
{
	int rc;

	memset(sms, 0, sizeof(*sms));
	GSM_SetDefaultSMSData(sms);
	sms->Class = -1;
	/* libgammu's way to ask for TP-SRR. */
	sms->PDU = part->report ? SMS_Status_Report : SMS_Submit;
	sms->UDH.Type = UDH_NoUDH;
	sms->SMSC.Location = 0;
	memcpy(sms->SMSC.Number, p->smsc, sizeof(sms->SMSC.Number));
	sms->SMSC.Validity.Format = SMS_Validity_RelativeFormat;
	sms->SMSC.Validity.Relative =
	    (GSM_ValidityPeriod)sms_validity(part->validity_min);
	rc = text_to_gammu(
	    sms->Number, GSM_MAX_NUMBER_LENGTH, part->number, TEXT_PLAIN);
	if (rc != 0 || part->number[0] == '\0')
		return TC_EINVAL;
	rc = message_set_text(sms, part);
	sms->Length = (int)text_gammu_units(sms->Text, GSM_MAX_SMS_LENGTH);
	return rc;
}

/* The callback's word, r->outcome for want of one. */
static void
result_from_status(struct ml_result *r, const struct phone *p)
{
	if (!p->has_status)
		return;
	if (p->status == 0) {
		r->outcome = ML_SENT;
		r->tp_mr = p->tp_mr;
	} else if (p->status > 0) {
		r->outcome = ML_REFUSED;
		r->code = p->status;
	}
}

/* Give the message to libgammu. True when the modem has it and will answer. */
static bool
hand_over(struct child *c, GSM_SMSMessage *sms, struct ml_result *r)
{
	GSM_Error error;

	c->phone.has_status = false;
	c->phone.is_sending = true;
	c->phone.tap.is_escaped = false;
	phone_enter(&c->phone, HAND_OVER_MS);
	error = GSM_SendSMS(c->phone.sm, sms);
	(void)phone_leave(&c->phone, error);
	c->phone.is_sending = false;
	if (error == ERR_NONE)
		return true;
	if (error == ERR_DEVICEWRITEERROR && !c->phone.tap.is_escaped) {
		result_from_status(r, &c->phone);
		return false;
	}
	r->outcome = ML_NOT_SENT;
	result_from_status(r, &c->phone);
	/* A prompt that comes now, after the ESC, would swallow the next
	 * command: only a new start is safe. */
	if (error == ERR_TIMEOUT || error == ERR_ABORTED)
		phone_die(&c->phone, ML_GONE_MODEM_ERROR, "no prompt");
	log_warn("modem send refused before the text why=%s",
	    GSM_ErrorString(error));
	return false;
}

/* Read until the callback came. Returns false at the deadline, or when the
 * phone died. */
static bool
wait_for_status(struct child *c, int64_t deadline)
{
	struct phone *p = &c->phone;
	int64_t left;
	short events;

	while (!p->has_status && !p->is_dead) {
		left = deadline - clock_mono_ms();
		if (left <= 0) {
			phone_die(p, ML_GONE_MODEM_ERROR, "no end of a send");
			break;
		}
		events = link_wait(
		    &c->link, nap_find_tty(), left < WAIT_MS ? left : WAIT_MS);
		phone_read(p, events);
		if (c->link.sends > 0)
			c->link.end = LINK_BROKEN;
	}
	return p->has_status;
}

static const char *
log_word(const struct ml_result *r)
{
	return modemlink_outcome_name(r->outcome);
}

/* Into the spool; 0, or why it is not there. */
static int
result_keep(struct child *c, uint64_t part_id, struct ml_result *r, bool late)
{
	int rc = spool_result(&c->spool, part_id, r, late);

	if (rc != 0)
		log_err("modem spool not written what=result why=%s",
		    tc_strerror(rc));
	return rc;
}

static void
result_tell(struct child *c, uint64_t part_id, struct ml_result *r, int kept)
{
	link_send(&c->link, ML_RESULT, part_id, r);
	if (kept == 0 && (kept = spool_sync(&c->spool)) != 0)
		log_err("modem spool not written what=result why=%s",
		    tc_strerror(kept));
}

void
send_report(struct child *c, uint64_t part_id, struct ml_result *r, bool late)
{
	result_tell(c, part_id, r, result_keep(c, part_id, r, late));
}

void
send_part(struct child *c, uint64_t part_id, const struct ml_send_part *part)
{
	struct ml_result r = {.outcome = ML_UNCERTAIN, .tp_mr = -1};
	uint32_t limit = c->config.send_deadline_ms;
	int64_t start = clock_mono_ms();
	GSM_SMSMessage sms;
	bool late = false;
	int rc;

	rc = message_make(&c->phone, part, &sms);
	if (rc != 0) {
		r.outcome = ML_REFUSED;
		r.code = CODE_BAD_TPDU;
	} else if ((rc = spool_begin(&c->spool, part_id)) != 0) {
		r.outcome = ML_NOT_SENT;
	}
	if (rc != 0) {
		log_err("modem part not begun why=%s", tc_strerror(rc));
	} else if (hand_over(c, &sms, &r)) {
		late = !wait_for_status(
		    c, start + (limit == 0 ? DEADLINE_MS : limit));
		result_from_status(&r, &c->phone);
	}
	explicit_bzero(&sms, sizeof(sms));
	rc = result_keep(c, part_id, &r, late);
	/* The answer to RESULT is the next part: a text that was announced
	 * meanwhile is told before, so that a cry for help has a say in which
	 * it is. Delivery reports can wait until tincayd has chosen. */
	inbox_take_texts(c);
	result_tell(c, part_id, &r, rc);
	c->sent_ms = clock_mono_ms();
	log_info("modem part done outcome=%s code=%d ms=%d", log_word(&r),
	    (int)r.code, (int)(clock_mono_ms() - start));
}

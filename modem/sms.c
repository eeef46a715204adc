/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libgammu's message to SMS_IN and REPORT_IN (see sms.h). Called by inbox.c and
 * send.c. Owns nothing, cannot fail: whatever came over the air gives a valid
 * body.
 *
 * The header is read here and not taken from libgammu's UDH fields, which know
 * a concatenation only when it is the one element of the header; real networks
 * add others.
 */
#include "config.h"

#include <string.h>
#include <time.h>

#include "sms.h"
#include "text.h"

/* 3GPP 23.040 9.2.3.24 */
#define IEI_CONCAT_8 0x00
#define IEI_CONCAT_16 0x08
#define IEI_WAITING 0x01 /* special SMS message indication */
#define IEI_PORT_8 0x04
#define IEI_PORT_16 0x05
#define IEI_ENHANCED_VOICE_MAIL 0x23
/* WAP Forum: connectionless push and its secure form; WSP and WTP, where older
 * centres send pushes. */
#define PORT_PUSH 2948
#define PORT_PUSH_SECURE 2949
#define PORT_WSP 9200
#define PORT_WSP_LAST 9203
#define PID_TYPE_0 0x40   /* 9.2.3.9 */
#define UCS2_UNITS_MAX 70 /* of a TPDU */

/* Octets of a header that libgammu holds whole; it lets a false UDHL run over
 * the fields behind, the sender's number among them. */
static size_t
udh_size(const GSM_SMSMessage *sms)
{
	if (sms->UDH.Type == UDH_NoUDH || sms->UDH.Length <= 1 ||
	    (size_t)sms->UDH.Length > sizeof(sms->UDH.Text))
		return 0;
	return (size_t)sms->UDH.Length;
}

static bool
is_overrun(const GSM_SMSMessage *sms)
{
	return sms->UDH.Type != UDH_NoUDH &&
	       (sms->UDH.Length < 0 ||
		   (size_t)sms->UDH.Length > sizeof(sms->UDH.Text));
}

/* Bytes of Text. A NUL in the middle ends a UCS-2 text for libgammu, not for
 * us: it knows by Length how many units came. */
static size_t
text_size(const GSM_SMSMessage *sms)
{
	size_t max = sizeof(sms->Text) / 2 - 1, units;

	if (sms->Coding == SMS_Coding_8bit)
		return sms->Length < 0 || sms->Length > 140
			   ? 0
			   : (size_t)sms->Length;
	units = text_gammu_units(sms->Text, max);
	if (sms->Coding == SMS_Coding_Unicode_No_Compression &&
	    sms->Length <= UCS2_UNITS_MAX && sms->Length > (int)units)
		units = (size_t)sms->Length;
	return 2 * units;
}

static uint64_t
hash_int(uint64_t h, int64_t v)
{
	return fnv64(h, &v, sizeof(v));
}

/* UTC seconds; 0 when unreadable. */
static int64_t
sms_time(const GSM_DateTime *t)
{
	struct tm tm = {.tm_year = t->Year - 1900,
	    .tm_mon = t->Month - 1,
	    .tm_mday = t->Day,
	    .tm_hour = t->Hour,
	    .tm_min = t->Minute,
	    .tm_sec = t->Second};

	if (t->Year < 1990 || t->Year > 2200)
		return 0;
	return (int64_t)timegm(&tm) - t->Timezone;
}

static uint64_t
hash_time(uint64_t h, const GSM_DateTime *t)
{
	h = hash_int(h, sms_time(t));
	return hash_int(h, t->Timezone);
}

uint64_t
sms_hash(const GSM_SMSMessage *sms)
{
	uint64_t h = hash_int(FNV64_INIT, sms->PDU);
	size_t max = sizeof(sms->Number) / 2 - 1;

	if (!is_overrun(sms))
		h = fnv64(
		    h, sms->Number, 2 * text_gammu_units(sms->Number, max));
	h = hash_time(h, &sms->DateTime);
	if (sms->PDU == SMS_Status_Report) {
		h = hash_time(h, &sms->SMSCTime);
		h = hash_int(h, sms->DeliveryStatus);
		h = hash_int(h, sms->MessageReference);
	}
	h = fnv64(h, sms->UDH.Text, udh_size(sms));
	h = hash_int(h, sms->Coding);
	h = hash_int(h, sms->Class);
	return fnv64(h, sms->Text, text_size(sms));
}

static void
concat_fill(struct ml_sms_in *out, const unsigned char *e, size_t len)
{
	bool wide = e[0] == IEI_CONCAT_16;

	if (len != (wide ? 4U : 3U))
		return;
	out->ref = wide ? (uint32_t)e[2] << 8 | e[3] : e[2];
	out->total = e[len];
	out->seq = e[len + 1];
	out->ref_bits = wide ? 16 : 8;
	/* 9.2.3.24.1: with a zero, or seq over total, the element is void. */
	out->udh_present = out->seq != 0 && out->seq <= out->total;
	if (!out->udh_present)
		out->ref = out->ref_bits = out->total = out->seq = 0;
}

/* What a header says besides its part of a long text. */
struct header {
	bool has_port, is_push, is_waiting;
};

static bool
is_push_port(unsigned port)
{
	return port == PORT_PUSH || port == PORT_PUSH_SECURE ||
	       (port >= PORT_WSP && port <= PORT_WSP_LAST);
}

static void
element_fill(struct ml_sms_in *out, struct header *h, const unsigned char *e)
{
	size_t len = e[1];

	switch (e[0]) {
	case IEI_CONCAT_8:
	case IEI_CONCAT_16:
		concat_fill(out, e, len);
		break;
	case IEI_WAITING:
	case IEI_ENHANCED_VOICE_MAIL:
		h->is_waiting = true;
		break;
	case IEI_PORT_16: /* destination, then source */
		h->is_push |=
		    len == 4 && is_push_port((unsigned)e[2] << 8 | e[3]);
		h->has_port = true;
		break;
	case IEI_PORT_8:
		h->has_port = true;
		break;
	default:
		break;
	}
}

static struct header
udh_fill(struct ml_sms_in *out, const GSM_SMSMessage *sms)
{
	const unsigned char *udh = sms->UDH.Text;
	size_t size = udh_size(sms), at;
	struct header h = {false, false, false};

	for (at = 1; at + 1 < size; at += 2U + udh[at + 1]) {
		if (at + 2 + udh[at + 1] > size)
			break;
		element_fill(out, &h, udh + at);
	}
	return h;
}

/* 3GPP 23.038 4: the groups 1100, 1101 and 1110. */
static bool
dcs_is_waiting(int dcs)
{
	return dcs >= 0xc0 && dcs <= 0xef;
}

static enum ml_sms_kind
kind_of(const struct header *h, const GSM_SMSMessage *sms, int pid, int dcs)
{
	if (pid == PID_TYPE_0)
		return ML_SMS_SILENT;
	if (h->is_push)
		return ML_SMS_WAP;
	if (h->has_port || is_overrun(sms))
		return ML_SMS_BINARY;
	if (h->is_waiting || dcs_is_waiting(dcs))
		return ML_SMS_WAITING;
	if (sms->Coding != SMS_Coding_Unicode_No_Compression &&
	    sms->Coding != SMS_Coding_Default_No_Compression)
		return ML_SMS_BINARY;
	return ML_SMS_TEXT;
}

static void
number_fill(char out[ML_NAME_MAX], const GSM_SMSMessage *sms)
{
	size_t max = sizeof(sms->Number) / 2 - 1;

	out[0] = '\0';
	if (!is_overrun(sms))
		text_from_gammu(out, ML_NAME_MAX, sms->Number,
		    text_gammu_units(sms->Number, max), TEXT_PLAIN);
}

/* A text that a person might read. */
static bool
has_text(const GSM_SMSMessage *sms, enum ml_sms_kind kind)
{
	return kind != ML_SMS_BINARY && kind != ML_SMS_WAP &&
	       (sms->Coding == SMS_Coding_Unicode_No_Compression ||
		   sms->Coding == SMS_Coding_Default_No_Compression);
}

void
sms_fill(struct ml_sms_in *out, const GSM_SMSMessage *sms, int pid, int dcs)
{
	enum ml_sms_kind kind;
	struct header h;

	memset(out, 0, sizeof(*out));
	number_fill(out->number, sms);
	out->smsc_time = sms_time(&sms->DateTime);
	h = udh_fill(out, sms);
	kind = kind_of(&h, sms, pid, dcs);
	out->kind = (uint8_t)kind;
	if (has_text(sms, kind))
		text_from_gammu(out->text, sizeof(out->text), sms->Text,
		    text_size(sms) / 2,
		    sms->Coding == SMS_Coding_Unicode_No_Compression
			? TEXT_TILDE
			: TEXT_PLAIN);
}

void
sms_fill_report(struct ml_report_in *out, const GSM_SMSMessage *sms)
{
	memset(out, 0, sizeof(*out));
	number_fill(out->number, sms);
	out->tp_mr = sms->MessageReference;
	out->tp_status = sms->DeliveryStatus;
	/* libgammu puts TP-DT, when it happened, into SMSCTime. When the SMSC
	 * took the text tells which text is meant. */
	out->smsc_time = sms_time(&sms->DateTime);
}

void
sms_blank(GSM_SMSMessage *sms)
{
	int location = sms->Location;

	memset(sms, 0, sizeof(*sms));
	sms->Location = location;
	sms->PDU = SMS_Deliver;
	sms->UDH.Type = UDH_NoUDH;
	sms->Coding = SMS_Coding_8bit;
}

unsigned
sms_validity(uint32_t minutes)
{
	const uint32_t day = 24 * 60, week = 7 * day;

	if (minutes == 0 || minutes >= 63 * week)
		return 255;
	if (minutes >= 5 * week)
		return 192 + minutes / week;
	if (minutes >= 2 * day)
		return minutes >= 30 * day ? 196 : 166 + minutes / day;
	if (minutes >= day)
		return 167;
	if (minutes > 12 * 60)
		return 143 + (minutes - 12 * 60) / 30;
	return minutes < 10 ? 0 : minutes / 5 - 1;
}

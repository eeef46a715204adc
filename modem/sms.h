/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SMS_H
#define TINCAY_SMS_H

/*
 * One message, from libgammu's struct to the body of a frame. No modem, no
 * state.
 */

#include <gammu.h>

#include "modemlink.h"

/* Names a message by its content: sender, times, header, coding, class and
 * text. */
uint64_t sms_hash(const GSM_SMSMessage *sms);

/* Fill in what of SMS_IN the message itself tells; place and age stay zero.
 * pid, dcs: TP-PID and TP-DCS, -1 when libgammu did not say (tap.h). Texts for
 * machines (8-bit data, a header with ports) are ML_SMS_BINARY or ML_SMS_WAP
 * and bring no text. */
void sms_fill(
    struct ml_sms_in *out, const GSM_SMSMessage *sms, int pid, int dcs);

/* The same for a status report; the spool id stays zero. */
void sms_fill_report(struct ml_report_in *out, const GSM_SMSMessage *sms);

/* Make sms what stands for a message that could not be decoded: binary, without
 * sender and text; its Location stays. */
void sms_blank(GSM_SMSMessage *sms);

/* TP-VP, relative format (3GPP 23.040 9.2.3.12.1): the longest period that is
 * not longer than asked, at least 5 minutes; 0 = the longest there is. */
unsigned sms_validity(uint32_t minutes);

#endif

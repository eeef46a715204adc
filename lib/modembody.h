/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MODEMBODY_H
#define TINCAY_MODEMBODY_H

/*
 * The bodies of the frames of modemlink.h: plain structs with fixed arrays, so
 * that nobody has to free anything. Texts are UTF-8, NUL-terminated inside
 * their array; times are UTC seconds unless a name says otherwise.
 */

#include "gsm.h"
#include "modemkind.h"
#include "msisdn.h"

#define ML_TEXT_MAX 1024 /* bytes of UTF-8 of one segment, NUL included */
#define ML_UDH_MAX 140
#define ML_NAME_MAX 64
#define ML_PATH_MAX 512
#define ML_LINE_MAX 1024
#define ML_SPOOL_KEY 32
#define ML_PIN_MAX 16
#define ML_USSD_MAX 256 /* bytes of UTF-8 of a code or an answer */

struct ml_hello {
	char program[ML_NAME_MAX];
	char version[ML_NAME_MAX];
};
struct ml_config {
	char name[ML_NAME_MAX]; /* of the modem section */
	char device[ML_PATH_MAX];
	char
	    connection[ML_NAME_MAX]; /* libgammu's word: "at", "at115200" ... */
	/* Path of this modem's spool file. Its folder is the only one that the
	 * child may open (Landlock): nothing else belongs there. */
	char spool[ML_PATH_MAX];
	/* Derived from the data key: numbers in the spool are encrypted with
	 * it. Length 32, or 0 while the data key is locked: numbers are then
	 * left out of the spool. */
	unsigned char spool_key[ML_SPOOL_KEY];
	uint32_t spool_key_len;
	char smsc[MSISDN_MAX]; /* "" = the SIM's own */
	uint8_t full_naps;     /* 1 = keep libgammu's naps (modem/nap.c) */
	/* How often the stores are looked at although nothing was announced;
	 * of a modem that announces nothing. 0 = 30 s, 2 s. */
	uint32_t poll_ms, poll_mute_ms;
	uint32_t silence_ms; /* after a dirty end: how long the line must be
				silent before the start */
	uint32_t send_deadline_ms; /* 120,000; an answer to USSD has half */
	/* "" = none, or one that was refused: it is never tried twice. */
	char pin[ML_PIN_MAX];
	uint32_t skip;     /* ML_SKIP() bits of steps to leave out */
	uint8_t ussd_form; /* enum ml_ussd_form */
};
struct ml_send_part {
	char number[MSISDN_MAX]; /* canonical */
	uint8_t coding;          /* enum gsm_coding */
	unsigned char udh[ML_UDH_MAX];
	uint32_t udh_len;       /* UDHL included; 0 = none */
	char text[ML_TEXT_MAX]; /* of this segment */
	uint32_t validity_min;  /* TP-VP, relative; 0 = the modem's default */
	uint8_t report;         /* 1 = TP-SRR */
};
/* A message is named by the SIM, the place and the hash of what was read there:
 * a slot alone names nothing. */
struct ml_place {
	char imsi[MSISDN_MAX];
	uint32_t folder; /* 1 libgammu's first store (SIM), 2 its second, 0
			    passed on by the modem without storing */
	uint32_t slot;
	uint64_t hash;
};
struct ml_delete_sms {
	struct ml_place place;
};
struct ml_ack {
	uint64_t spool_id;
};
struct ml_ready {
	char imei[MSISDN_MAX];
	char imsi[MSISDN_MAX];
	char model[ML_NAME_MAX];
	char smsc[MSISDN_MAX];
	uint8_t notifies; /* 1 = the modem announces incoming messages */
};
struct ml_result {
	uint64_t spool_id;
	uint8_t outcome; /* enum ml_outcome */
	int64_t tp_mr;   /* 0..255, or -1 when the modem did not say */
	int64_t code;    /* CMS/CME code with ML_REFUSED, else 0 */
};
struct ml_sms_in {
	struct ml_place place;
	uint8_t kind;             /* enum ml_sms_kind */
	char number[ML_NAME_MAX]; /* as libgammu gives it, not canonical */
	int64_t smsc_time;   /* TP-SCTS as UTC seconds; 0 when unreadable */
	int64_t age_ms;      /* how long ago the child first saw it */
	uint8_t udh_present; /* concatenation header seen */
	uint32_t ref;
	uint8_t ref_bits;
	uint8_t total;
	uint8_t seq;            /* 0 when there is none */
	char text[ML_TEXT_MAX]; /* UTF-8; "" with ML_SMS_BINARY, ML_SMS_WAP */
};
struct ml_report_in {
	uint64_t spool_id;
	char number[ML_NAME_MAX];
	int64_t tp_mr;
	uint8_t tp_status; /* 3GPP 23.040 9.2.3.15 */
	int64_t smsc_time;
};
struct ml_call_in {
	uint64_t spool_id;
	char number[ML_NAME_MAX]; /* "" = withheld */
	int64_t at;
};
struct ml_deleted {
	struct ml_place place;
	int64_t
	    rc; /* 0, TC_ENOENT: not that message any more, TC_EIO: refused */
};
/* Of a step that is left out, or not asked yet: -1, "", 0. Operator and
 * registration come some seconds after READY, then rarely. */
struct ml_status {
	int64_t signal_percent;          /* -1 unknown */
	char operator_name[ML_NAME_MAX]; /* "" unknown */
	uint8_t registration;            /* enum ml_registration */
	uint32_t used;
	uint32_t size;
};
struct ml_log {
	uint8_t level;
	char line[ML_LINE_MAX];
};
struct ml_step_body {
	uint8_t step; /* enum ml_step */
};
/* The request id is the session's; an answer to a menu has the same. */
struct ml_ussd {
	/* Printable ASCII without quotes: a code, or the answer to a menu; "":
	 * end the session. */
	char text[ML_USSD_MAX];
};
/* The request id is the session's, 0 when the network began by itself. */
struct ml_ussd_in {
	uint8_t status; /* enum ml_ussd_status */
	char text[ML_TEXT_MAX];
};
struct ml_gone_body {
	uint8_t why; /* enum ml_gone */
	/* 1 = the PIN of CONFIG was handed to the SIM. A child that dies in
	 * ML_STEP_PIN has tried it too. */
	uint8_t pin_tried;
	char detail[ML_NAME_MAX];
};

union ml_body {
	struct ml_hello hello;
	struct ml_config config;
	struct ml_send_part send_part;
	struct ml_delete_sms delete_sms;
	struct ml_ack ack;
	struct ml_ready ready;
	struct ml_result result;
	struct ml_sms_in sms_in;
	struct ml_report_in report_in;
	struct ml_call_in call_in;
	struct ml_deleted deleted;
	struct ml_status status;
	struct ml_log log;
	struct ml_step_body step;
	struct ml_ussd ussd;
	struct ml_ussd_in ussd_in;
	struct ml_gone_body gone;
};

#endif

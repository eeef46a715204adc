/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MODEMKIND_H
#define TINCAY_MODEMKIND_H

/* The kinds of things in the bodies of modembody.h. Their names for people and
 * for the log are in modemlink.h. */

enum ml_outcome {
	ML_SENT,      /* SendSMSStatus said 0: the SMSC has it */
	ML_NOT_SENT,  /* tried, and certainly never handed to the modem's radio:
			 may be queued again */
	ML_REFUSED,   /* the modem answered with a CMS/CME code (in .code);
			 tincayd decides what the code means */
	ML_UNCERTAIN, /* anything else: bare ERROR, odd answer, no answer before
			 the deadline */
	ML_NOT_BEGUN, /* the child was on its way out: it never tried */
	ML_NOUTCOMES
};

/* What an inbound message is, as far as its TPDU tells. */
enum ml_sms_kind {
	ML_SMS_TEXT,
	ML_SMS_BINARY, /* 8-bit data: no readable text */
	ML_SMS_WAP,    /* 8-bit data to the port of a WAP push (an MMS waits) */
	ML_SMS_SILENT, /* type 0 (3GPP 23.040 9.2.3.9): shown to nobody */
	ML_SMS_WAITING, /* message-waiting indication (3GPP 23.038 4) */
	ML_SMS_NKINDS
};

/* What the child is about to ask the modem. The last step of a child that died
 * in it is known, and an optional one is left out at the next start. */
enum ml_step {
	ML_STEP_NONE, /* it came back */
	ML_STEP_CONNECT,
	ML_STEP_PIN,
	ML_STEP_IDENTITY,
	ML_STEP_READ, /* a store or a message */
	ML_STEP_USSD,
	ML_STEP_SIGNAL, /* from here on optional */
	ML_STEP_STORE,
	ML_STEP_NETWORK, /* operator and registration */
	ML_NSTEPS
};
#define ML_STEP_OPTIONAL ML_STEP_SIGNAL
#define ML_SKIP(step) (1U << (step)) /* a bit of ml_config.skip */

/* How the modem wants its USSD strings. */
enum ml_ussd_form {
	ML_USSD_AUTO,   /* as libgammu does by itself */
	ML_USSD_TEXT,   /* in the charset of the GSM alphabet */
	ML_USSD_PACKED, /* packed septets in hexadecimal */
	ML_USSD_UCS2,   /* UCS-2 in hexadecimal */
	ML_USSD_NFORMS
};

/* Answer of the network to USSD: +CUSD <m> (3GPP 27.007 7.15), then ours. */
enum ml_ussd_status {
	ML_USSD_DONE,        /* 0 */
	ML_USSD_MENU,        /* 1: it waits for an answer */
	ML_USSD_TERMINATED,  /* 2, without a text; with one it is DONE */
	ML_USSD_OTHER,       /* 3: another client answered */
	ML_USSD_UNSUPPORTED, /* 4 */
	ML_USSD_TIMEOUT,     /* 5, or nothing came before our deadline */
	ML_USSD_FAILED,      /* the modem refused the command */
	ML_USSD_NSTATUS
};

/* +CREG (3GPP 27.007 7.2) */
enum ml_registration {
	ML_REG_UNKNOWN,
	ML_REG_NONE,
	ML_REG_HOME,
	ML_REG_ROAMING,
	ML_REG_SEARCHING,
	ML_REG_DENIED,
	ML_NREGS
};

enum ml_gone {
	ML_GONE_STOPPED,
	ML_GONE_NO_DEVICE,
	ML_GONE_PIN, /* it wants one, or refused that of CONFIG */
	ML_GONE_PUK,
	ML_GONE_NO_SIM,
	ML_GONE_MODEM_ERROR,
	ML_GONE_PROTOCOL,
	ML_NGONE
};

#endif

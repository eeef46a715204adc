/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_RADIO_H
#define TINCAY_SIM_RADIO_H

/*
 * The network between modems and phones: the air, the SMSC with what it holds
 * for each modem, delivery reports, calls and USSD.
 */

#include "modem.h"

struct radio_text {
	const char *from;
	const char *to;    /* modem name or number */
	const char *text;  /* UTF-8; NULL with pdu */
	const char *pdu;   /* hex of a whole SMS-DELIVER TPDU, sent as it is */
	int msg_class;     /* -1 none */
	unsigned ref_bits; /* 8 or 16, for a long text */
	bool ucs2;         /* even if GSM 7-bit would do */
	bool me;           /* into the memory of the modem, not of the SIM */
	int ref;           /* of a long text; -1 = the next */
	const char *form;  /* a name of text.c's table of odd texts, or NULL */
};

/* Events and queues of one modem. */
void radio_modem_init(struct modem *m);
void radio_modem_clear(struct modem *m);

/* radio.c: put a segment on the air. Returns what an AT handler returns:
 * AT_LATER, or a CMS error when the air is taken. */
int radio_send(struct modem *m, const struct pdu_submit *submit);
/* Drop every report that is on its way. */
void radio_clear_reports(struct sim *sim);

/* text.c: a phone texts a modem. *parts is set. 0; TC_ENOENT: no such modem;
 * TC_EINVAL: no text, bad sender, hex or form; TC_EFULL: too long. */
int radio_text(
    struct sim *sim, const struct radio_text *t, unsigned *parts) TC_MUSTCHECK;
/* smsc.c: the SMSC takes a message for a modem (ownership too). */
void radio_offer(struct modem *m, struct sms *sms);
/* Deliver what the SMSC holds, as far as the modem can take it. Called after
 * everything that may have made room. */
void radio_pump(struct modem *m);
/* The number of the first slot: 1, or 0 while the fault slot-zero is on. */
int store_first(const struct modem *m);
/* The message of a slot, for AT+CMGR, or NULL. With the fault slot-reused, one
 * that was read before is gone and the next one is in its slot. */
struct sms *store_read(struct modem *m, enum store_kind kind, unsigned slot);
/* Free a slot. 0, or TC_ENOENT when it is out of range; an empty slot is
 * no error (27.005 clause 3.5.4). */
int store_delete(
    struct modem *m, enum store_kind kind, unsigned slot) TC_MUSTCHECK;
/* The message in a slot, NULL when there is none. */
struct sms *store_get(
    const struct modem *m, enum store_kind kind, unsigned slot);

/* call.c: a phone calls; from "withheld" sends no number. 0, TC_EINVAL (number),
 * TC_ESTATE: vanished or busy. */
int call_start(struct modem *m, const char *from, unsigned ring_ms,
    unsigned seconds) TC_MUSTCHECK;
/* End a call: why is a word for the journal; tell writes NO CARRIER. */
void call_end(struct modem *m, const char *why, bool tell);
void call_answer(struct modem *m);
void call_init(struct modem *m);
void call_clear(struct modem *m);

/* ussd.c: pages of the menu are found by the way to them: "*101#", then
 * "*098#>1". A page with more expects a choice. */
int ussd_page_set(struct sim *sim, const char *path, const char *text,
    bool more) TC_MUSTCHECK;
void ussd_menu_init(struct sim *sim);
void ussd_menu_clear(struct sim *sim);
/* The terminal sends a code or a choice; the answer comes after an air time. */
int ussd_request(struct modem *m, const char *text, int dcs) TC_MUSTCHECK;
void ussd_cancel(struct modem *m);
/* The network begins: 0, or TC_ESTATE when the modem is not there. */
int ussd_notify(struct modem *m, const char *text, bool more) TC_MUSTCHECK;
void ussd_init(struct modem *m);
void ussd_clear(struct modem *m);

#endif

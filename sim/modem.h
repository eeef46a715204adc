/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_MODEM_H
#define TINCAY_SIM_MODEM_H

/*
 * One simulated modem: a pty with a line discipline of AT commands, a SIM and a
 * memory with slots, and what the network holds for it.
 *
 *   COMMAND --line--> DELAY --at-delay--> (answer) COMMAND
 *                       |-- AT+CMGS ----> PROMPT --Ctrl-Z--> AIR --> COMMAND
 *
 * Bytes that arrive in DELAY and AIR wait; notifications wait in DELAY and
 * PROMPT, where a well-behaved modem is silent, and are written in COMMAND and
 * AIR.
 */

#include <event2/event.h>
#include <sys/queue.h>

#include "buf.h"
#include "fault.h"
#include "pdu.h"
#include "phone.h"

#define MODEM_LINE_MAX 1024
#define MODEM_SERIAL_MAX 20
#define MODEM_USSD_MAX 192

struct sim;
struct chunk;
struct notice;
struct persona;

enum modem_state {
	MODEM_COMMAND,
	MODEM_DELAY,
	MODEM_PROMPT,
	MODEM_AIR,
	MODEM_NSTATES
};

/* AT+CSCS; all others are like GSM for us */
enum modem_charset {
	MODEM_GSM,
	MODEM_UCS2, /* strings are hex of UCS-2 */
	MODEM_HEX,  /* strings are hex of single characters */
	MODEM_NCHARSETS
};

/* A message in a slot, or at the SMSC on its way to the modem. */
struct sms {
	TAILQ_ENTRY(sms) entry;
	uint64_t id;
	uint8_t tpdu[PDU_MAX];
	size_t len;
	bool is_report;
	bool is_read;
	bool in_me; /* for the memory of the modem, whatever CPMS says */
	char from[PDU_ADDRESS_MAX];
	char text[PDU_TEXT_MAX]; /* for the journal; "" when unreadable */
};
TAILQ_HEAD(sms_queue, sms);

enum store_kind {
	STORE_SM,
	STORE_ME,
	STORE_NKINDS
};

struct store {
	unsigned used;
	struct sms **slots; /* [0..opt.nslots], NULL = free; 0 is rare */
};

/* Settings that a reset brings back to their defaults. */
struct modem_settings {
	bool echo;
	bool clip;
	enum modem_charset charset;
	int cmee;        /* 0, 1, 2 */
	int creg[2];     /* CREG, CGREG */
	int cops_format; /* 0 long, 1 short, 2 numeric */
	int csms;        /* 1: +CNMA wanted */
	int cmms;
	int cusd;
	int cnmi[5]; /* mode, mt, bm, ds, bfr */
	enum store_kind mem[3];
};

/* The segment on the air. */
struct modem_air {
	bool is_on;
	bool answers; /* the command that started it still waits */
	uint64_t id;
	uint8_t tp_mr;
	struct pdu_submit submit;
	struct event *ev;
	struct event *ev_final; /* of a late final result */
};

struct modem_call {
	bool is_on;
	bool is_answered;
	char from[PHONE_NUMBER_MAX];
	unsigned ring_ms;
	struct event *ev_ring;
	struct event *ev_end;
};

struct modem_ussd {
	char path[MODEM_USSD_MAX]; /* "" = no session */
	bool is_packed;            /* the terminal sends packed septets */
	struct event *ev;
};

struct modem {
	struct sim *sim;
	unsigned index; /* from 1 */
	const struct persona *persona;
	char number[PHONE_NUMBER_MAX];
	char imei[MODEM_SERIAL_MAX];
	char imsi[MODEM_SERIAL_MAX];
	char smsc[PHONE_NUMBER_MAX];
	char *link; /* path of the symbolic link */

	int master; /* -1: vanished */
	int slave;  /* kept open, or the master would hang up */
	struct event *ev_read;
	struct event *ev_write;
	struct event *ev_delay;
	struct event *ev_hang;
	struct event *ev_chatter;
	struct event *ev_back;
	struct event *ev_vanish;
	struct event *ev_murmur;
	int murmur;         /* the line that comes next */
	unsigned vanish_ms; /* of the fault that runs: time until it is back */

	enum modem_state state;
	bool is_feeding;
	TAILQ_HEAD(, chunk) in;
	size_t in_len;
	struct buf line;
	int64_t line_t; /* when its first byte was read */
	bool is_overlong;
	unsigned pdu_len; /* as AT+CMGS announced */
	struct buf answer;
	struct buf out;
	TAILQ_HEAD(, notice) notices;
	size_t nnotices;

	struct modem_settings set;
	struct store stores[STORE_NKINDS];
	struct sms_queue pending; /* at the SMSC */
	struct modem_air air;
	struct modem_call call;
	struct modem_ussd ussd;
	struct fault faults[FAULT_NKINDS];
	uint8_t last_mr;
	uint64_t nsent;
	uint64_t nreceived;
};

/* Index from 1; the personality is one that sim.opt.personalities names. */
struct modem *modem_new(struct sim *sim, unsigned index);
void modem_free(struct modem *m);

/* Make the pty and the link, with default settings; 0 or TC_EIO. */
int modem_open(struct modem *m) TC_MUSTCHECK;
/* As after power-on: echo on, everything else off, the first memory of its
 * personality. */
void modem_set_defaults(struct modem *m);
/* Close the pty and remove the link; SIM and memory stay. */
void modem_close(struct modem *m);
/* The two change places, each with a new pty behind the link of the other. 0 or
 * TC_EIO. */
int modem_swap(struct modem *a, struct modem *b) TC_MUSTCHECK;
bool modem_is_open(const struct modem *m);

/* Add a line to the answer of the command that runs. */
void modem_say(struct modem *m, const char *fmt, ...) TC_PRINTF(2, 3);
/* Add a final result line (or NULL for none), write the answer and take the
 * next command. */
void modem_finish(struct modem *m, const char *final);
/* Write "> " and wait for the data of AT+CMGS. */
void modem_prompt(struct modem *m, unsigned pdu_len);

/* Write an unsolicited result, now or when the modem may. ev and fields (taken
 * over) go into the journal then; ev NULL = "tx". */
void modem_notify(struct modem *m, const char *ev, json_t *fields,
    const char *fmt, ...) TC_PRINTF(4, 5);

const char *store_name(enum store_kind kind);

#endif

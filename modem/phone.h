/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_PHONE_H
#define TINCAY_PHONE_H

/*
 * The modem as libgammu shows it: one state machine, who it is, and what its
 * callbacks have said.
 *
 * Rules that libgammu sets (1.42): callbacks only note, everything else
 * happens outside of them; every call goes between phone_enter() and
 * phone_leave(), because only a deadline of ours ends a call into a chattering
 * modem; after such an abort, or when the device is gone, the state machine is
 * of no use any more and the child ends (phone->why).
 */

#include <gammu.h>

#include "link.h"
#include "tap.h"

#define PHONE_NOTES 64
#define PHONE_CALLS 8
#define PHONE_USSDS 4
#define PHONE_CALL_MS 60000 /* the longest any one question may take */

/* One thing that the modem announced. */
struct phone_note {
	bool is_report;      /* +CDSI: a status report */
	GSM_SMSMessage *sms; /* the message itself came (+CMT, +CDS): ours to
				free; else NULL and the next two tell where */
	GSM_MemoryType memory;
	int location; /* libgammu's flat number over all stores */
	int pid, dcs; /* with sms: TP-PID and TP-DCS, -1 unknown */
};

struct phone {
	GSM_StateMachine *sm;
	struct link *link; /* told of every step */
	enum ml_step step; /* last told */
	struct tap tap;
	struct ml_ready id;
	unsigned char smsc[2 * (GSM_MAX_NUMBER_LENGTH + 1)];
	bool is_dead; /* with why and detail */
	enum ml_gone why;
	char detail[ML_NAME_MAX];
	bool pin_tried;    /* the PIN of CONFIG was handed over */
	unsigned timeouts; /* questions in a row that were not answered */
	bool is_sending;   /* a text is being handed over: not interrupted */

	/* written by callbacks */
	bool has_status; /* the answer to the send that runs */
	int status;      /* 0 sent, > 0 CMS or CME code, -1 anything else */
	int tp_mr;
	struct phone_note notes[PHONE_NOTES];
	unsigned nnotes;
	bool must_list; /* more came than notes hold, or from where we cannot
			   read directly */
	struct ml_call_in calls[PHONE_CALLS];
	unsigned ncalls;
	bool is_ringing;
	int64_t rang_ms; /* monotonic; of the last ring or of our hanging up */
	char ringing[ML_NAME_MAX];
	int64_t mute_ms; /* monotonic; RING, and no number since; 0 = no */
	struct ml_ussd_in ussds[PHONE_USSDS];
	unsigned nussds;
};

/* start.c: connect, hand over the PIN when the SIM wants it, find out who it
 * is. config->pin is wiped. 0, or TC_EIO: dead, why and detail tell. */
int phone_open(
    struct phone *p, struct link *link, struct ml_config *config) TC_MUSTCHECK;
void phone_close(struct phone *p);

/* Once: the signal that ends a question. */
void phone_guard_init(void);

/* Have the callbacks of libgammu called; sm is connected. */
void phone_listen(struct phone *p);

/* Tell tincayd what the next questions are about, so that it knows which one
 * a child died of; ML_STEP_NONE when they came back. The step in which the phone
 * died is the last that is told. */
void phone_step(struct phone *p, enum ml_step step);

/* Before a call to libgammu: it may take ms. */
void phone_enter(struct phone *p, int64_t ms);

/* After it: 0; TC_ENOENT: no such message; TC_EIO. Sees whether the phone is
 * dead. */
int phone_leave(struct phone *p, GSM_Error error);

/* From within a nap of libgammu's: end the question that runs, for nobody wants
 * the answer any more. The phone is dead then. A send is left alone. */
void phone_interrupt(struct phone *p);

/* From within a nap: the device hung up, so no question will be answered. Ends
 * a send too, whose outcome is what had been written by then. */
void phone_hung_up(struct phone *p);

/* Let libgammu read what the tty has, given the poll(2) events of the tty. */
void phone_read(struct phone *p, short events);

/* The first reason stays. */
void phone_die(struct phone *p, enum ml_gone why, const char *detail);

/* Note the call of somebody who rings without a number. Returns how many
 * milliseconds until that is known, -1 when nobody does. */
int64_t phone_note_mute_call(struct phone *p);

/* Hang up whatever rings. */
void phone_hang_up(struct phone *p);

#endif

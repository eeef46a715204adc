/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TAP_H
#define TINCAY_TAP_H

/*
 * What libgammu knows and does not hand out. It reads TP-PID and TP-DCS of a
 * message and forgets them, so that a silent text looks like any other; it
 * drops an announcement from a store that it does not use, and a RING that no
 * +CLIP follows; and one and the same error tells of a text that was written and
 * of one that was not. All of that it says in its debug lines, which are listened to
 * here. No line is kept or written anywhere.
 *
 * Should a later libgammu word them otherwise, texts are plain texts again, the
 * store is found out by its listing, and a send is uncertain: nothing is lost.
 */

#include <gammu.h>

#include "util.h"

struct tap {
	int pid, dcs;    /* of the message that was decoded last; -1 unknown */
	bool is_missed;  /* a text was announced that no callback tells of */
	bool has_rung;   /* RING; the caller's number comes with the next line,
			   or never */
	bool is_escaped; /* a send was given up before its text was written */
};

/* Listen to the debug lines of sm, which is connected; t outlives it. */
void tap_open(struct tap *t, GSM_StateMachine *sm);

/* Before a message is read. */
void tap_forget(struct tap *t);

/* One piece of libgammu's debug output; ctx is the struct tap. */
void tap_line(const char *text, void *ctx);

#endif

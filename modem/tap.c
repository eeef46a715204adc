/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libgammu's debug lines (see tap.h). Called by start.c, then by libgammu in
 * the middle of its work: nothing here may call it back. Owns nothing.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

enum tap_what {
	TAP_PID,
	TAP_DCS,
	TAP_MISSED,
	TAP_RING,
	TAP_ESCAPED
};

/* From GSM_DecodePDUFrame(), ATGEN_IncomingSMSInfo(),
 * ATGEN_ReplyIncomingCallInfo() and ATGEN_SendSMS() of 1.42; each begins a call
 * of its own. */
static const struct {
	const char *prefix;
	enum tap_what what;
} lines[] = {
    {"SMS PID: 0x", TAP_PID},
    {"SMS DCS: 0x", TAP_DCS},
    {"Incoming SMS information ignored", TAP_MISSED},
    {"waiting for caller ID", TAP_RING},
    {"Escaping SMS mode", TAP_ESCAPED},
};

void
tap_forget(struct tap *t)
{
	t->pid = t->dcs = -1;
}

void
tap_open(struct tap *t, GSM_StateMachine *sm)
{
	GSM_Debug_Info *di = GSM_GetDI(sm);

	memset(t, 0, sizeof(*t));
	tap_forget(t);
	(void)GSM_SetDebugFunction(tap_line, t, di);
	/* "errors" leaves out the dumps of every byte; decoding speaks at any
	 * level. */
	(void)GSM_SetDebugLevel("errors", di);
}

void
tap_line(const char *text, void *ctx)
{
	struct tap *t = ctx;
	size_t i, len;

	for (i = 0; i < TC_NELEM(lines); i++) {
		len = strlen(lines[i].prefix);
		if (strncmp(text, lines[i].prefix, len) != 0)
			continue;
		switch (lines[i].what) {
		case TAP_PID:
			t->pid = (int)strtoul(text + len, NULL, 16) & 0xff;
			break;
		case TAP_DCS:
			t->dcs = (int)strtoul(text + len, NULL, 16) & 0xff;
			break;
		case TAP_MISSED:
			t->is_missed = true;
			break;
		case TAP_RING:
			t->has_rung = true;
			break;
		case TAP_ESCAPED:
			t->is_escaped = true;
			break;
		}
		return;
	}
}

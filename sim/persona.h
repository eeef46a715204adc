/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_PERSONA_H
#define TINCAY_SIM_PERSONA_H

/*
 * Personalities: how the modems of some makers answer, what they say unasked
 * and in what they differ from 27.005 and 27.007.
 */

#include "modem.h"

#define PERSONA_LINES 6

/* How USSD texts are written between terminal and modem. */
enum ussd_form {
	USSD_ANY,    /* whatever the terminal uses */
	USSD_PACKED, /* packed septets as hex, nothing else is understood */
	USSD_UCS2,   /* answers are hex of UCS-2 whatever AT+CSCS says */
	USSD_NFORMS
};

struct persona {
	const char *name;
	const char *maker;               /* +CGMI */
	const char *model;               /* +CGMM */
	const char *revision;            /* +CGMR */
	const char *info[PERSONA_LINES]; /* ATI; "IMEI: " is completed */
	const char *charsets;            /* of AT+CSCS=? */
	const char *memories;            /* of AT+CPMS=?; MT is ME here */
	enum store_kind memory;          /* after power-on */
	const char *cnmi;                /* of AT+CNMI=? */
	int cnmi_most[5];
	const char *area;    /* in +CREG: 2,1, */
	const char *unknown; /* final result of no command */
	enum ussd_form ussd;
	int ussd_done;                     /* status of a last page */
	bool cusd_gap;                     /* spaces behind the commas of it */
	const char *boot[PERSONA_LINES];   /* said when it is plugged in */
	const char *murmur[PERSONA_LINES]; /* said again and again */
	unsigned murmur_ms;
	const char *hush; /* the command that ends that */
	struct {
		const char *command; /* without AT */
		const char *answer;  /* "" = only OK */
	} own[3];                    /* commands that only it has */
};

/* The one of modem index (from 1) in a list "NAME[,NAME...]", whose last name is
 * for all that follow; a list that is NULL: the plain modem. NULL when the name
 * is unknown. */
const struct persona *persona_pick(const char *list, unsigned index);

/* Is the name in one of its lists (memories, character sets)? */
bool persona_lists(const char *list, const char *name);

/* Answer a command that only its personality has. AT_OK or AT_UNKNOWN; a command
 * that ends the murmur does so in both cases. */
int persona_command(struct modem *m, const char *command);

/* The modem was opened: it says what it has to say. persona_hush ends that. */
void persona_boot(struct modem *m);
void persona_hush(struct modem *m);

#endif

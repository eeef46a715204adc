/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_INTAKE_H
#define TINCAY_INTAKE_H

/*
 * From a complete inbound text to what it causes: a case, a subscription, an
 * opt-out, silence, and at most one neutral reply. Inside a turn op: all of it
 * is committed together, before the text leaves the SIM.
 *
 * Every text ends in exactly one intent or in TRIAGE, which is a queue that a
 * person reads. Senders who cannot be people (short codes, names, premium
 * numbers) and our own SIMs are kept in TRIAGE and never answered (R30). A body
 * of a person that is no text is a wish to be called; what is there of a text
 * with missing parts is read, but never as a control word.
 *
 * A phone that is hushed (R7) or unsafe (R5) stays dark, whatever it sends.
 */

#include "core.h"
#include "util.h"

struct inbound;

/* 0, TC_ENOTREADY (keys are missing: the text stays on the SIM), TC_EIO. */
int intake_receive(struct core *c, const struct inbound *in) TC_MUSTCHECK;

/* A missed call is a request to be called back (R29): a case, and a reply only
 * when the contact is safe. number "" = withheld: those are one request. */
int intake_call(struct core *c, const char *modem, const char *number,
    int64_t at) TC_MUSTCHECK;

#endif

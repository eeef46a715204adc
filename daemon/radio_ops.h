/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_RADIO_OPS_H
#define TINCAY_RADIO_OPS_H

/*
 * The other end of radio's callbacks: texts and calls go to intake, the next
 * part comes from the outbox and its result goes back there, alarms go to the
 * watch.
 */

#include "radio/radio.h"

struct core;

/* For radio_new(); their ctx is c. */
struct radio_ops radio_ops_of(struct core *c);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_REMIND_H
#define TINCAY_REMIND_H

/*
 * Drafters are told by SMS of the days of the calendar that come near without a
 * campaign (M38): when a draft should be there (T-14), and on the day before
 * when none is approved. Each once, whatever is restarted; the text says the day
 * and nothing else.
 */

#include "core.h"

/* From time to time: tell what is to be told. In a turn op; looks at the
 * calendar every REMIND_EVERY_S, in the sending hours alone. 0 or an error. */
#define REMIND_EVERY_S 900
int remind_drafters(struct core *c) TC_MUSTCHECK;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CALLBACK_H
#define TINCAY_CALLBACK_H

/*
 * When she wants to be called, with its date: "ngày mai" is nothing to a handler
 * who reads it the day after (R6). The same for GOI and for the hour that was
 * typed on USSD. Pure.
 */

#include "intake/argument.h"

#define CALLBACK_TEXT_MAX 128

/* "T4 11/03 09:00-10:00", "T3 10/03, T5 12/03": the next time, in the commune's
 * zone, that is not over at `at` (UTC, when she wrote). Returns buf. */
const char *callback_text(const struct argument_hours *h, int64_t at,
    int zone_minutes, char buf[CALLBACK_TEXT_MAX]);

/* Its weekdays, bit 0 Monday: those that were named, or those of "mai" and the
 * like; 0: any. */
unsigned callback_weekdays(
    const struct argument_hours *h, int64_t at, int zone_minutes);

/* From this full hour (0 to 23) to the next. */
struct argument_hours callback_hour(int hour);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CLOCK_H
#define TINCAY_CLOCK_H

/*
 * Time. Stored times are UTC seconds (clock_now), deadlines are milliseconds on
 * the monotonic clock (clock_mono_ms).
 *
 * The wall clock can be driven: when the environment names a file in
 * TINCAY_CLOCK, the file holds one signed 64-bit little-endian number of
 * seconds that is added to the real time; it is mapped, so a change is seen at
 * once. Tests and the demo use it. The monotonic clock is never driven.
 *
 * A wall clock that was never set since boot is untrusted: what depends on the
 * hour is then held back.
 */

#include "util.h"

/* Map the file of TINCAY_CLOCK, if it is set. 0; TC_EIO when it cannot be
 * mapped. Call once at start. */
int clock_init(void) TC_MUSTCHECK;

/* UTC seconds since 1970. */
int64_t clock_now(void);

/* Microseconds since 1970, for journals. */
int64_t clock_now_us(void);

/* Milliseconds on CLOCK_MONOTONIC. */
int64_t clock_mono_ms(void);

/* False when the wall clock cannot be right: before 2026, or not synchronised
 * and never set since boot (adjtimex says unsynchronised and no RTC). A driven
 * clock is trusted. */
bool clock_is_trusted(void);

/* The local time of day of t (minutes since midnight, 0..1439) in a zone that
 * is a fixed number of minutes east of UTC; Vietnam is 420 and has no summer
 * time. */
int clock_minute_of_day(int64_t t, int zone_minutes);

/* The last midnight of such a zone at or before t. */
int64_t clock_day_start(int64_t t, int zone_minutes);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_HEALTH_H
#define TINCAY_STORE_HEALTH_H

/* Figures for status, metrics and the watch, each an index look-up. Verbs
 * return as store.h says. */

#include "store/store.h"

/* The place in the queue (microseconds since 1970) of the oldest part of a lane
 * that waits for this modem ("" = for any); 0: none waits. */
int store_health_oldest(struct store *s, const char *modem, int lane,
    int64_t *queue_seq) TC_MUSTCHECK;

/* The same of those that wait for another try, on any modem: they are few, and
 * all are looked at. */
int store_health_oldest_waiting(
    struct store *s, int lane, int64_t *queue_seq) TC_MUSTCHECK;

/* Is a campaign running or about to? */
int store_health_campaign(struct store *s, bool *is_near) TC_MUSTCHECK;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_WATCH_H
#define TINCAY_WATCH_H

/*
 * The watch over the modems: it ties alarms (alarm.h), credit (credit.h) and the
 * figures in the log (health.h) to the radio and the outbox. server.c makes it
 * and calls it; the API reaches the credit through it.
 */

#include "core.h"
#include "radio/radio.h"

struct credit;
struct watch;

#define WATCH_LOG_S 3600 /* between two health lines of the log */

/* c must outlive it; c->radio is used from the first upkeep on. */
struct watch *watch_new(struct core *c);
void watch_free(struct watch *w);

struct credit *watch_credit(const struct watch *w);

/* The radio's callbacks, inside their turn op. 0 or TC_EIO. */
int watch_on_event(struct watch *w, const char *modem, enum radio_event e,
    bool is_on) TC_MUSTCHECK;
int watch_on_report(struct watch *w, const struct radio_report *r) TC_MUSTCHECK;

/* Every ten seconds, outside a turn op. What fails is tried again the next
 * time. */
void watch_upkeep(struct watch *w);

#endif

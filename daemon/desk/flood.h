/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FLOOD_H
#define TINCAY_FLOOD_H

/*
 * Flood mode. When so many texts and calls that a person must look at come within a minute
 * (flood_texts of duty.conf) that it may be somebody's prank, everybody on duty is told so once,
 * and alerts are grouped until ten minutes together have brought no more than
 * that: one in FLOOD_MERGE_S to a person, but emergencies as ever. A number gets
 * one reply an hour to such texts then, and one to each emergency. Whatever comes is filed
 * like before.
 *
 *   calm ── flood_texts in a minute ──> flood ── as many in ten, or fewer ──> calm
 *
 * In memory: after a restart it begins anew when it must.
 */

#include "core.h"
#include "util.h"

#define FLOOD_TEXTS_MAX 1000
#define FLOOD_MERGE_S 900

struct flood;

struct flood *flood_new(void);
void flood_free(struct flood *f);

/* A text or a call is filed. Inside a turn op. 0, TC_EIO. */
int flood_count(struct core *c) TC_MUSTCHECK;

bool flood_is_on(const struct core *c);

struct flood_info {
	bool is_on;
	int64_t since;   /* UTC; 0 = it is off */
	int last_minute; /* texts and calls, at most FLOOD_TEXTS_MAX */
};
void flood_get(const struct core *c, struct flood_info *out);

/* For due.c: is it over? */
int flood_look(struct core *c, int64_t subject, int step) TC_MUSTCHECK;

#endif

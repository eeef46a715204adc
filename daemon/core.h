/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CORE_H
#define TINCAY_CORE_H

#include <stdint.h>

/*
 * What every room of the house stands on. server.c fills it in once; the
 * modules (intake, outbox, desk, outreach ...) keep no state of their own
 * besides the database and are functions over a struct core.
 */

struct budget;
struct conf;
struct content;
struct forward;
struct radio;
struct selftest;
struct store;
struct turn;
struct ussd;
struct vault;
struct watch;

struct core {
	const struct conf *conf;
	const struct content *content;
	struct vault *vault;
	struct store *store;
	struct turn *turn;
	struct radio *radio;       /* NULL in tools that have no modems */
	struct watch *watch;       /* over the modems; NULL without them */
	struct selftest *selftest; /* texts of modems to themselves, or NULL */
	struct ussd *ussd;         /* sessions of people who dialled in */
	struct budget *budget;     /* replies per number */
	struct forward *forward;   /* webhooks; NULL in tools without */
	/* When the first thing falls due (desk/due.h), UTC; 0 = not known. May be
	 * too early, never too late. */
	int64_t due_at;
};

#endif

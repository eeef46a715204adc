/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_MODEM_H
#define TINCAY_STORE_MODEM_H

/*
 * What is remembered of each modem section over restarts: which stick and SIM
 * it is, why it is held, what it cannot do, its credit. Verbs return as store.h
 * says.
 */

#include "store/contact.h"
#include "store/store.h"

#define MODEM_HELD_MAX 32
#define MODEM_MAC 32

struct modem_row {
	char name[MODEM_NAME_MAX];
	/* Keyed hashes (VAULT_MODEM); all zero = not known. */
	unsigned char imei_mac[MODEM_MAC], imsi_mac[MODEM_MAC];
	unsigned char pin_tried[MODEM_MAC]; /* a PIN not to be tried again */
	bool pin_open; /* it was handed out, what the SIM said is not known */
	char held[MODEM_HELD_MAX]; /* why it stays held over a restart, or "" */
	unsigned skip;             /* ML_SKIP() bits */
	int ussd_form;             /* enum ml_ussd_form that works */
	int64_t credit, credit_at; /* dong; as told at; credit_at 0 = never */
};

/* TC_ENOENT: never written; *out is then a row of that name with nothing known. */
int store_modem_get(
    struct store *s, const char *name, struct modem_row *out) TC_MUSTCHECK;

/* Write the whole row but its credit. */
int store_modem_put(struct store *s, const struct modem_row *row) TC_MUSTCHECK;

/* Write the credit alone. */
int store_modem_set_credit(
    struct store *s, const char *name, int64_t credit, int64_t at) TC_MUSTCHECK;

/* Segments that left through a SIM in one hour (hours since 1970). */
struct ledger_row {
	const char *modem;
	int64_t hour, help, campaign;
};
/* Add to what is there; negative numbers take away, to zero at most. */
int store_ledger_add(
    struct store *s, const struct ledger_row *row) TC_MUSTCHECK;
/* The hours from first on. Returns how many. */
typedef void (*ledger_cb)(const struct ledger_row *row, void *ctx);
int store_ledger_each(struct store *s, const char *modem, int64_t first,
    ledger_cb cb, void *ctx) TC_MUSTCHECK;

#endif

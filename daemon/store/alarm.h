/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_ALARM_H
#define TINCAY_STORE_ALARM_H

/*
 * Alarms of modems: what is wrong, whether a person was told, what ended and is
 * still to be told. What is written here outlives the daemon. Verbs return as
 * store.h says; what a kind is, is the business of daemon/alarm.c.
 */

#include "store/contact.h"
#include "store/store.h"

#define ALARM_KIND_MAX 16

struct alarm_row {
	char kind[ALARM_KIND_MAX];
	char modem[MODEM_NAME_MAX];
	int64_t raised_at;
	int64_t told_at;    /* 0 = nobody was told */
	int64_t cleared_at; /* 0 = it is so still */
	int64_t message_id; /* the text that told it, 0 = none */
};

/* It is so since now, when it was not so already. 1 when this is news, 0. */
int store_alarm_raise(struct store *s, const char *kind, const char *modem,
    int64_t now) TC_MUSTCHECK;

/* It is over: forgotten when nobody was told, otherwise its end is still to be
 * told. 1 when this is news, 0. */
int store_alarm_clear(struct store *s, const char *kind, const char *modem,
    int64_t now) TC_MUSTCHECK;

/* Write told_at and message_id of a row that is there. */
int store_alarm_tell(struct store *s, const struct alarm_row *row) TC_MUSTCHECK;

int store_alarm_remove(
    struct store *s, const char *kind, const char *modem) TC_MUSTCHECK;

/* All rows, the oldest first, at most max. Returns how many. */
int store_alarm_list(
    struct store *s, struct alarm_row *rows, size_t max) TC_MUSTCHECK;

/* The texts to the technician: remember one (and forget those of more than two
 * days ago); one that never went out does not count; how many since. */
int store_alarm_text_add(
    struct store *s, int64_t message_id, int64_t now) TC_MUSTCHECK;
int store_alarm_text_remove(struct store *s, int64_t message_id) TC_MUSTCHECK;
int store_alarm_texts(
    struct store *s, int64_t since, int64_t *out) TC_MUSTCHECK;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_ALARM_H
#define TINCAY_ALARM_H

/*
 * Alarms of modems: what a technician must know, told once by a text to his
 * number through a modem that works, and once more when all is well again.
 *
 *   raised ──> due (it stood for a while) ──> told ──> cleared ──> "all is
 *   well" told, forgotten ; cleared before it was told ──> forgotten
 *
 * Rows live in the database (store/alarm.h): a restart neither forgets nor
 * repeats. What is due together is one text; no more than alarms_per_day texts
 * go out in 24 hours, the rest waits and is merged. A text that never left is
 * told anew. Without a technician there are the log, the status and the metrics.
 *
 * The module knows neither radio nor outbox: the watch (watch/watch.h) gives it
 * the functions below, a test gives others.
 */

#include "core.h"
#include "store/alarm.h"

enum alarm_kind {
	/* In the order of enum radio_event. */
	ALARM_DOWN,
	ALARM_HELD,
	ALARM_PIN,
	ALARM_PUK,
	ALARM_SIM_CHANGED,
	ALARM_SIM_FULL,
	ALARM_RESERVE,     /* its credit is below credit_reserve */
	ALARM_UNDELIVERED, /* alarm_undelivered reports without a delivery */
	ALARM_NKINDS
};
/* "down" ...: in the database, the API and the metrics. */
const char *alarm_kind_name(enum alarm_kind kind);

/* Where every kind stands for so long before it is told; a modem that is down
 * has alarm_after instead. What passes by itself disturbs nobody. */
#define ALARM_SETTLE_S 30
/* A text that is older is not sent any more, and told anew when it must be. */
#define ALARM_TEXT_S (15 * 60)

struct alarm_text {
	const char *number;      /* the technician */
	const char *template_id; /* "ALARM", "ALARM_OK" */
	const char *slots;       /* JSON, in Vietnamese with its accents */
	const char *not_modem;   /* "" = any */
	int64_t expires_at;
};

struct alarm_ops {
	bool (*is_up)(const char *modem, void *ctx); /* can it send now */
	int (*send)(const struct alarm_text *t, int64_t *message_id, void *ctx);
	/* Did this text end without having been sent? 1, 0, negative. */
	int (*is_lost)(int64_t message_id, void *ctx);
	void *ctx;
};

struct alarm;

/* Of the modems of c->conf. ops is copied; c must outlive it. */
struct alarm *alarm_new(struct core *c, const struct alarm_ops *ops);
void alarm_free(struct alarm *a);

/* It is so, or not any more. Inside a turn op. 0, TC_EIO. */
int alarm_set(struct alarm *a, enum alarm_kind kind, const char *modem,
    bool is_on) TC_MUSTCHECK;

/* A delivery report of a text that went through modem (TP-Status, 3GPP 23.040
 * 9.2.3.15): many in a row without a delivery are an alarm. Inside a turn op.
 * How many it were is not remembered over a restart. 0, TC_EIO. */
int alarm_on_report(
    struct alarm *a, const char *modem, unsigned tp_status) TC_MUSTCHECK;

/* Every few seconds, inside a turn op: tell what is due. 0 or a negative
 * error. */
int alarm_upkeep(struct alarm *a) TC_MUSTCHECK;

/* The alarms that stand, the oldest first, through the database. At most
 * ALARM_ROWS_MAX. Returns how many or an error; *rows is freed by the caller. */
#define ALARM_ROWS_MAX 512
int alarm_list(struct core *c, struct alarm_row **rows) TC_MUSTCHECK;

#endif

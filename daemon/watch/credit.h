/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CREDIT_H
#define TINCAY_CREDIT_H

/*
 * How much money is left on the SIMs: asked by USSD on a schedule (every
 * balance_hours), when a campaign is near, and every hour while one runs; read
 * by balance_pattern; kept in the row of the modem (store/modem.h), where
 * whoever shares out a SIM finds it. Below credit_reserve an alarm stands.
 *
 * An answer that is not understood changes nothing but that the credit is not
 * known: its text is never logged. The module does not know the radio: the
 * watch (watch/watch.h) gives it a function to dial with.
 */

#include "core.h"

struct alarm;

#define CREDIT_RETRY_S (15 * 60)         /* after an answer that did not help */
#define CREDIT_CAMPAIGN_S (60 * 60)      /* while a campaign runs */
#define CREDIT_FRESH_S (10 * 60)         /* not asked again before a campaign */
#define CREDIT_MAX INT64_C(999999999999) /* dong */

/* Read an answer: the first group of the POSIX expression, case ignored, is a
 * number with dots and commas. 0; TC_EINVAL: not understood. */
int credit_parse(
    const char *pattern, const char *text, int64_t *dong) TC_MUSTCHECK;

struct credit_ops {
	/* 0: credit_on_answer() will be called once. TC_EAGAIN, TC_ESTATE: not
	 * now; others: it is no use. */
	int (*dial)(const char *modem, const char *code, void *ctx);
	/* What may be sent through it may be different now. */
	void (*changed)(const char *modem, void *ctx);
	void *ctx;
};

struct credit;

/* Of the modems of c->conf. ops is copied; c and alarm must outlive it. */
struct credit *credit_new(
    struct core *c, const struct credit_ops *ops, struct alarm *alarm);
void credit_free(struct credit *cr);

/* Every few seconds, outside a turn op: ask where it is time to. */
void credit_upkeep(struct credit *cr, bool is_campaign_near);

struct credit_answer {
	bool is_answered; /* the network said something */
	bool is_known;    /* and it was understood: dong */
	int64_t dong;
};
typedef void (*credit_cb)(const struct credit_answer *a, void *ctx);

/* Ask now. cb is called once, later and outside any turn op, unless
 * credit_forget() with its ctx came first. 0; TC_ENOENT: no such modem, or it
 * has no ussd_balance; TC_EAGAIN: it is being asked already; what dial said. */
int credit_ask(
    struct credit *cr, const char *modem, credit_cb cb, void *ctx) TC_MUSTCHECK;
void credit_forget(struct credit *cr, const void *ctx);

/* The answer to a dial: text, or NULL when there was none. Outside a turn op. */
void credit_on_answer(struct credit *cr, const char *modem, const char *text);

struct credit_info {
	bool is_asked; /* the modem has an ussd_balance */
	bool is_known; /* the last answer was understood: dong, at */
	bool is_low;   /* below its reserve, as far as was ever known */
	int64_t dong, at;
};
/* 0, TC_ENOENT: no such modem, TC_EIO. */
int credit_get(const struct credit *cr, const char *modem,
    struct credit_info *out) TC_MUSTCHECK;

#endif

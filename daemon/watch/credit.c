/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The credit of the SIMs: credit.h. Called by the watch (watch.c) and, through
 * it, by the API. Owns when each modem was asked and who waits for an answer.
 */
#include "config.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "watch/alarm.h"
#include "clock.h"
#include "conf.h"
#include "watch/credit.h"
#include "log.h"
#include "store/modem.h"
#include "turn.h"

#define DIGITS_MAX 16

struct credit_modem {
	const struct conf_modem *conf;
	int64_t asked_at; /* the last time that it was dialled; 0 = never */
	bool is_busy;     /* an answer is awaited */
	bool is_failed;   /* the last answer did not help */
	bool is_unclear;  /* it came, and was not understood */
	credit_cb cb;     /* who waits beside the schedule, or NULL */
	void *ctx;
};

struct credit {
	struct core *core;
	struct credit_ops ops;
	struct alarm *alarm;
	struct credit_modem *modems;
	size_t n;
	bool was_near;   /* a campaign, at the last look */
	bool is_checked; /* alarms agree with what was known at the start */
};

/* --- reading an answer --- */

/* "25.000" */
static int
credit_number(const char *s, size_t len, int64_t *dong)
{
	char digits[DIGITS_MAX];
	size_t n = 0;

	for (; len > 0; s++, len--) {
		if (*s == '.' || *s == ',')
			continue;
		if (n + 1 >= sizeof(digits))
			return TC_EINVAL;
		digits[n++] = *s;
	}
	digits[n] = '\0';
	return str_to_int64(digits, -CREDIT_MAX, CREDIT_MAX, dong);
}

int
credit_parse(const char *pattern, const char *text, int64_t *dong)
{
	regmatch_t match[2];
	regex_t re;
	int rc;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_ICASE) != 0)
		return TC_EINVAL;
	rc = regexec(&re, text, TC_NELEM(match), match, 0);
	regfree(&re);
	if (rc != 0 || match[1].rm_so < 0)
		return TC_EINVAL;
	return credit_number(text + match[1].rm_so,
	    (size_t)(match[1].rm_eo - match[1].rm_so), dong);
}

/* --- the pool --- */

static struct credit_modem *
credit_find(const struct credit *cr, const char *modem)
{
	size_t i;

	for (i = 0; i < cr->n; i++)
		if (strcmp(cr->modems[i].conf->name, modem) == 0)
			return &cr->modems[i];
	return NULL;
}

struct credit *
credit_new(struct core *c, const struct credit_ops *ops, struct alarm *alarm)
{
	struct credit *cr = xcalloc(1, sizeof(*cr));
	struct modem_row row;
	size_t i;

	cr->core = c;
	cr->ops = *ops;
	cr->alarm = alarm;
	cr->n = c->conf->nmodems;
	cr->modems = xcalloc(cr->n + 1, sizeof(*cr->modems));
	for (i = 0; i < cr->n; i++) {
		cr->modems[i].conf = &c->conf->modems[i];
		if (store_modem_get(c->store, c->conf->modems[i].name, &row) ==
		    0)
			cr->modems[i].asked_at = row.credit_at;
	}
	return cr;
}

void
credit_free(struct credit *cr)
{
	if (cr == NULL)
		return;
	free(cr->modems);
	free(cr);
}

static bool
credit_is_below(const struct conf_modem *conf, const struct modem_row *row)
{
	return conf->ussd_balance[0] != '\0' && row->credit_at != 0 &&
	       row->credit < conf->credit_reserve;
}

int
credit_get(const struct credit *cr, const char *modem, struct credit_info *out)
{
	const struct credit_modem *m = credit_find(cr, modem);
	struct modem_row row;
	int rc;

	memset(out, 0, sizeof(*out));
	if (m == NULL)
		return TC_ENOENT;
	out->is_asked = m->conf->ussd_balance[0] != '\0';
	rc = store_modem_get(cr->core->store, modem, &row);
	if (rc != 0)
		return rc == TC_ENOENT ? 0 : rc;
	out->is_low = credit_is_below(m->conf, &row);
	out->is_known = out->is_asked && row.credit_at != 0 && !m->is_unclear;
	out->dong = row.credit;
	out->at = row.credit_at;
	return 0;
}

/* --- asking --- */

static int
credit_dial(struct credit *cr, struct credit_modem *m)
{
	int rc;

	if (m->is_busy)
		return TC_EAGAIN;
	rc = cr->ops.dial(m->conf->name, m->conf->ussd_balance, cr->ops.ctx);
	if (rc == TC_EAGAIN || rc == TC_ESTATE)
		return rc;
	m->asked_at = clock_now();
	m->is_busy = rc == 0;
	m->is_failed = rc != 0;
	if (rc != 0)
		log_warn("credit cannot be asked modem=%s why=\"%s\"",
		    m->conf->name, tc_strerror(rc));
	return rc;
}

static bool
credit_is_due(const struct credit *cr, const struct credit_modem *m,
    bool is_campaign_near)
{
	int64_t age = clock_now() - m->asked_at;
	int64_t wait = (int64_t)m->conf->balance_hours * 3600;

	if (m->is_busy || m->conf->ussd_balance[0] == '\0')
		return false;
	if (m->is_failed)
		wait = CREDIT_RETRY_S;
	if (is_campaign_near && !cr->was_near)
		wait = CREDIT_FRESH_S;
	else if (is_campaign_near && wait > CREDIT_CAMPAIGN_S)
		wait = CREDIT_CAMPAIGN_S;
	return age >= wait || age < 0; /* or the clock was set back */
}

/* What was known at the last end, under the configuration of now. */
static int
op_check(void *arg)
{
	struct credit *cr = arg;
	struct credit_info info;
	size_t i;
	int rc = 0;

	for (i = 0; i < cr->n && rc == 0; i++) {
		rc = credit_get(cr, cr->modems[i].conf->name, &info);
		if (rc == 0)
			rc = alarm_set(cr->alarm, ALARM_RESERVE,
			    cr->modems[i].conf->name, info.is_low);
	}
	return rc;
}

void
credit_upkeep(struct credit *cr, bool is_campaign_near)
{
	bool is_asked = true; /* all that had to be asked */
	size_t i;
	int rc;

	if (!cr->is_checked)
		cr->is_checked = turn_run(cr->core->turn, op_check, cr) == 0;
	for (i = 0; i < cr->n; i++) {
		if (!credit_is_due(cr, &cr->modems[i], is_campaign_near))
			continue;
		rc = credit_dial(cr, &cr->modems[i]);
		if (rc == TC_EAGAIN || rc == TC_ESTATE)
			is_asked = false;
	}
	/* A modem that is not ready does not miss the question before a
	 * campaign. */
	cr->was_near = is_campaign_near && (cr->was_near || is_asked);
}

int
credit_ask(struct credit *cr, const char *modem, credit_cb cb, void *ctx)
{
	struct credit_modem *m = credit_find(cr, modem);
	int rc;

	if (m == NULL || m->conf->ussd_balance[0] == '\0')
		return TC_ENOENT;
	rc = credit_dial(cr, m);
	if (rc == 0) {
		m->cb = cb;
		m->ctx = ctx;
	}
	return rc;
}

void
credit_forget(struct credit *cr, const void *ctx)
{
	size_t i;

	for (i = 0; i < cr->n; i++)
		if (cr->modems[i].ctx == ctx)
			cr->modems[i].cb = NULL;
}

/* --- the answer --- */

struct credit_op {
	struct credit *credit;
	struct credit_modem *modem;
	int64_t dong;
};

static int
op_store(void *arg)
{
	struct credit_op *op = arg;
	const struct conf_modem *conf = op->modem->conf;
	struct modem_row row = {.credit = op->dong, .credit_at = clock_now()};
	int rc;

	rc = store_modem_set_credit(
	    op->credit->core->store, conf->name, row.credit, row.credit_at);
	if (rc != 0)
		return rc;
	return alarm_set(op->credit->alarm, ALARM_RESERVE, conf->name,
	    credit_is_below(conf, &row));
}

/* 0 when it is understood and kept. */
static int
credit_take(struct credit_op *op, const char *text)
{
	struct credit_modem *m = op->modem;
	int rc;

	if (text == NULL) {
		log_warn("credit not answered modem=%s", m->conf->name);
		return TC_EIO;
	}
	rc = credit_parse(m->conf->balance_pattern, text, &op->dong);
	m->is_unclear = rc != 0;
	if (rc != 0) {
		log_warn("credit answer not understood modem=%s len=%zu",
		    m->conf->name, strlen(text));
		return rc;
	}
	rc = turn_run(op->credit->core->turn, op_store, op);
	if (rc != 0)
		log_warn("credit not kept modem=%s why=\"%s\"", m->conf->name,
		    tc_strerror(rc));
	else
		log_info("credit modem=%s dong=%lld", m->conf->name,
		    (long long)op->dong);
	return rc;
}

void
credit_on_answer(struct credit *cr, const char *modem, const char *text)
{
	struct credit_op op = {cr, credit_find(cr, modem), 0};
	struct credit_answer answer = {.is_answered = text != NULL};
	struct credit_modem *m = op.modem;
	credit_cb cb;

	if (m == NULL || !m->is_busy)
		return;
	m->is_busy = false;
	m->is_failed = credit_take(&op, text) != 0;
	answer.is_known = !m->is_failed;
	answer.dong = op.dong;
	cr->ops.changed(modem, cr->ops.ctx);
	cb = m->cb;
	m->cb = NULL;
	if (cb != NULL)
		cb(&answer, m->ctx);
}

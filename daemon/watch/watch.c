/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watch over the modems: watch.h. Here are the functions through which the
 * alarms and the credit, which know neither, reach the radio and the outbox.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "outbox/outbox.h"
#include "store/health.h"
#include "turn.h"
#include "watch/alarm.h"
#include "watch/credit.h"
#include "watch/health.h"
#include "watch/watch.h"

/* What an answer to a dial comes back with: a cancel means one modem. */
struct dialled {
	struct watch *watch;
};

struct watch {
	struct core *core;
	struct dialled *dialled; /* by place of the modem in conf */
	struct alarm *alarm;
	struct credit *credit;
	int64_t logged_ms; /* monotonic */
};

_Static_assert((int)ALARM_DOWN == (int)RADIO_EVENT_DOWN &&
		   (int)ALARM_SIM_FULL == (int)RADIO_EVENT_SIM_FULL &&
		   (int)ALARM_RESERVE == (int)RADIO_NEVENTS,
    "an event of the radio is the alarm of the same number");

/* --- for the alarms --- */

struct up_query {
	const char *modem;
	bool is_up;
};

static void
up_cb(const struct radio_modem_info *m, void *ctx)
{
	struct up_query *q = ctx;

	if (strcmp(m->name, q->modem) == 0)
		q->is_up = m->is_up;
}

static bool
watch_is_up(const char *modem, void *ctx)
{
	struct watch *w = ctx;
	struct up_query q = {modem, false};

	radio_each(w->core->radio, up_cb, &q);
	return q.is_up;
}

/* As replies go: never before help, and not in its way. */
static int
watch_send(const struct alarm_text *t, int64_t *message_id, void *ctx)
{
	struct watch *w = ctx;
	const struct outbox_staff s = {.number = t->number,
	    .template_id = t->template_id,
	    .slots = t->slots,
	    .lane = LANE_REPLY,
	    .expires_at = t->expires_at,
	    .modem = "",
	    .not_modem = t->not_modem};

	return outbox_staff(w->core, &s, message_id);
}

static int
lost_cb(const struct outbox_message *m, void *ctx)
{
	static const char *const lost[] = {
	    "failed", "expired", "suppressed", "cancelled"};
	bool *is_lost = ctx;
	size_t i;

	for (i = 0; i < TC_NELEM(lost); i++)
		if (strcmp(m->state, lost[i]) == 0)
			*is_lost = true;
	return 0;
}

static int
watch_is_lost(int64_t message_id, void *ctx)
{
	struct watch *w = ctx;
	bool is_lost = false;
	int rc;

	rc = outbox_get(w->core, message_id, lost_cb, &is_lost);
	if (rc != 0 && rc != TC_ENOENT)
		return rc;
	return is_lost;
}

/* --- for the credit --- */

static void
on_balance(const struct radio_ussd_answer *a, void *ctx)
{
	struct dialled *d = ctx;
	struct watch *w = d->watch;
	bool is_text = a->status == ML_USSD_DONE || a->status == ML_USSD_MENU;

	if (a->status == ML_USSD_MENU) /* nobody will answer it */
		radio_ussd_cancel(w->core->radio, d);
	credit_on_answer(w->credit, a->modem,
	    is_text && a->text[0] != '\0' ? a->text : NULL);
}

static int
watch_dial(const char *modem, const char *code, void *ctx)
{
	struct watch *w = ctx;
	const struct conf *conf = w->core->conf;
	const struct conf_modem *m = conf_modem_by_name(conf, modem);
	struct radio_ussd_request q = {
	    .modem = modem, .text = code, .cb = on_balance};

	if (m == NULL)
		return TC_ENOENT;
	q.ctx = &w->dialled[m - conf->modems];
	return radio_ussd(w->core->radio, &q);
}

static void
watch_changed(const char *modem, void *ctx)
{
	struct watch *w = ctx;

	radio_credit_changed(w->core->radio, modem);
	outbox_touch();
}

/* --- the watch --- */

struct watch *
watch_new(struct core *c)
{
	struct watch *w = xcalloc(1, sizeof(*w));
	const struct alarm_ops alarm_ops = {
	    watch_is_up, watch_send, watch_is_lost, w};
	const struct credit_ops credit_ops = {watch_dial, watch_changed, w};
	size_t i;

	w->core = c;
	w->dialled = xcalloc(c->conf->nmodems + 1, sizeof(*w->dialled));
	for (i = 0; i < c->conf->nmodems; i++)
		w->dialled[i].watch = w;
	w->alarm = alarm_new(c, &alarm_ops);
	w->credit = credit_new(c, &credit_ops, w->alarm);
	w->logged_ms = clock_mono_ms();
	return w;
}

void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	credit_free(w->credit);
	alarm_free(w->alarm);
	free(w->dialled);
	free(w);
}

struct credit *
watch_credit(const struct watch *w)
{
	return w->credit;
}

int
watch_on_event(
    struct watch *w, const char *modem, enum radio_event e, bool is_on)
{
	return alarm_set(w->alarm, (enum alarm_kind)e, modem, is_on);
}

int
watch_on_report(struct watch *w, const struct radio_report *r)
{
	return alarm_on_report(w->alarm, r->modem);
}

static int
op_alarms(void *arg)
{
	struct watch *w = arg;

	return alarm_upkeep(w->alarm);
}

void
watch_upkeep(struct watch *w)
{
	bool is_near;
	int rc;

	rc = turn_run(w->core->turn, op_alarms, w);
	if (rc != 0)
		log_warn("alarms cannot be told, later again why=\"%s\"",
		    tc_strerror(rc));
	if (store_health_campaign(w->core->store, &is_near) == 0)
		credit_upkeep(w->credit, is_near);
	if (clock_mono_ms() - w->logged_ms < WATCH_LOG_S * 1000)
		return;
	w->logged_ms = clock_mono_ms();
	health_log(w->core);
}

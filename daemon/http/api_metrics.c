/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures for Prometheus. No label tells intent, agency or hamlet. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "desk/desk.h"
#include "desk/flood.h"
#include "forward/forward.h"
#include "http/server.h"
#include "radio/radio.h"
#include "store/locked.h"
#include "turn.h"
#include "vault/vault.h"
#include "watch/alarm.h"
#include "watch/credit.h"
#include "watch/health.h"
#include "watch/watch.h"

#define METRICS_MAX (256 * 1024)

static void
metric(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP tincay_%s %s\n# TYPE tincay_%s %s\n", name, help,
	    name, type);
}

static void
metric_one(struct buf *b, const char *name, const char *type, const char *help,
    uint64_t value)
{
	metric(b, name, type, help);
	buf_printf(b, "tincay_%s %" PRIu64 "\n", name, value);
}

/* One line a modem each; the lines of one name must stand together. */
enum modem_figure {
	UP,
	REGISTERED,
	SIGNAL,
	SIM_USED,
	SIM_SIZE,
	CREDIT,
	CREDIT_AT,
	CREDIT_LOW,
	RESTARTS,
	RECEIVED,
	SENT,
	FAILED,
	UNCERTAIN
};

static const struct {
	const char *name, *labels, *type, *help;
	enum modem_figure figure;
} modem_metrics[] = {
    {"modem_up", "", "gauge", "1 when the modem can send.", UP},
    {"modem_registered", "", "gauge", "1 when it is in a network.", REGISTERED},
    {"modem_signal_percent", "", "gauge", "Signal strength.", SIGNAL},
    {"modem_sim_used", "", "gauge", "Texts in the store of the SIM.", SIM_USED},
    {"modem_sim_size", "", "gauge", "Size of that store.", SIM_SIZE},
    {"modem_credit_dong", "", "gauge", "Credit of the SIM, when known.",
	CREDIT},
    {"modem_credit_timestamp_seconds", "", "gauge", "When the credit was told.",
	CREDIT_AT},
    {"modem_credit_low", "", "gauge",
	"1 when the credit is below the reserve: campaigns wait.", CREDIT_LOW},
    {"modem_restarts_total", "", "counter", "Restarts of the modem's process.",
	RESTARTS},
    {"modem_received_total", "", "counter", "Parts received.", RECEIVED},
    {"modem_parts_total", ",result=\"sent\"", "counter",
	"Parts handed to the network, by result.", SENT},
    {"modem_parts_total", ",result=\"failed\"", NULL, NULL, FAILED},
    {"modem_parts_total", ",result=\"uncertain\"", NULL, NULL, UNCERTAIN},
};

struct modem_line {
	struct buf *out;
	struct core *core;
	size_t metric;
	int rc;
};

/* -1: not known, and then there is no line. */
static int64_t
modem_figure(const struct radio_modem_info *m, const struct credit_info *credit,
    enum modem_figure figure)
{
	const int64_t values[] = {
	    [UP] = m->is_up,
	    [REGISTERED] = strcmp(m->registration, "home") == 0 ||
			   strcmp(m->registration, "roaming") == 0,
	    [SIGNAL] = m->signal_percent,
	    [SIM_USED] = m->sim_used,
	    [SIM_SIZE] = m->sim_size,
	    [CREDIT] = credit->is_known ? credit->dong : -1,
	    [CREDIT_AT] = credit->is_known ? credit->at : -1,
	    [CREDIT_LOW] = credit->is_asked ? credit->is_low : -1,
	    [RESTARTS] = m->restarts,
	    [RECEIVED] = (int64_t)m->received,
	    [SENT] = (int64_t)m->sent,
	    [FAILED] = (int64_t)m->failed,
	    [UNCERTAIN] = (int64_t)m->uncertain,
	};

	return values[figure];
}

/* Names of modems are [a-z0-9_-]: nothing to escape. */
static void
on_modem_metric(const struct radio_modem_info *m, void *ctx)
{
	struct modem_line *l = ctx;
	struct credit_info credit = {0};
	int64_t value;

	if (l->core->watch != NULL && l->rc == 0)
		l->rc =
		    credit_get(watch_credit(l->core->watch), m->name, &credit);
	value = modem_figure(m, &credit, modem_metrics[l->metric].figure);
	if (value < 0)
		return;
	buf_printf(l->out, "tincay_%s{modem=\"%s\"%s} %" PRId64 "\n",
	    modem_metrics[l->metric].name, m->name,
	    modem_metrics[l->metric].labels, value);
}

/* The network calls itself whatever it likes: only plain letters are kept. */
static void
on_modem_info(const struct radio_modem_info *m, void *ctx)
{
	struct modem_line *l = ctx;
	char network[ML_NAME_MAX];
	size_t i;

	(void)!str_printf(network, sizeof(network), "%s", m->network);
	for (i = 0; network[i] != '\0'; i++)
		if (network[i] < ' ' || network[i] > '~' || network[i] == '"' ||
		    network[i] == '\\')
			network[i] = '?';
	buf_printf(l->out,
	    "tincay_modem_info{modem=\"%s\",state=\"%s\",network=\"%s\"} 1\n",
	    m->name, m->state, network);
}

struct quota_line {
	struct buf *out;
	bool is_limit;
};

static void
on_modem_quota(const struct radio_modem_info *m, void *ctx)
{
	const struct quota_line *l = ctx;
	const struct radio_quota *q;
	int span;

	for (span = 0; span < RADIO_NSPANS; span++) {
		q = &m->quotas[span];
		if (l->is_limit && q->limit == 0)
			continue;
		buf_printf(l->out,
		    "tincay_modem_quota_%s{modem=\"%s\",span=\"%s\",by=\"all\"}"
		    " %d\n"
		    "tincay_modem_quota_%s{modem=\"%s\",span=\"%s\","
		    "by=\"campaign\"} %d\n",
		    l->is_limit ? "limit" : "used", m->name,
		    radio_span_name(span),
		    l->is_limit ? q->limit : (int)q->used,
		    l->is_limit ? "limit" : "used", m->name,
		    radio_span_name(span),
		    l->is_limit ? q->campaign_limit : (int)q->campaign_used);
	}
}

static void
metrics_quotas(struct buf *b, struct core *c)
{
	struct quota_line l = {b, false};

	metric(b, "modem_quota_used", "gauge",
	    "Segments of the last minute, hour, day; of campaigns alone.");
	radio_each(c->radio, on_modem_quota, &l);
	l.is_limit = true;
	metric(b, "modem_quota_limit", "gauge",
	    "What may leave in a minute, an hour, a day.");
	radio_each(c->radio, on_modem_quota, &l);
}

static int
metrics_modems(struct buf *b, struct core *c)
{
	struct modem_line l = {b, c, 0, 0};

	metric(b, "modem_info", "gauge", "State and network of the modem.");
	radio_each(c->radio, on_modem_info, &l);
	for (; l.metric < TC_NELEM(modem_metrics); l.metric++) {
		if (modem_metrics[l.metric].type != NULL)
			metric(b, modem_metrics[l.metric].name,
			    modem_metrics[l.metric].type,
			    modem_metrics[l.metric].help);
		radio_each(c->radio, on_modem_metric, &l);
	}
	metrics_quotas(b, c);
	return l.rc;
}

static int
metrics_alarms(struct buf *b, struct core *c)
{
	struct alarm_row *rows;
	int i, n;

	n = alarm_list(c, &rows);
	if (n < 0)
		return n;
	metric(b, "modem_alarm", "gauge", "1 while the alarm stands.");
	for (i = 0; i < n; i++)
		if (rows[i].cleared_at == 0)
			buf_printf(b,
			    "tincay_modem_alarm{modem=\"%s\",kind=\"%s\"} 1\n",
			    rows[i].modem, rows[i].kind);
	free(rows);
	return 0;
}

static void
metric_lanes(struct buf *b, const char *name, const char *help,
    const int64_t figures[LANE_NLANES])
{
	metric(b, name, "gauge", help);
	for (int i = 0; i < LANE_NLANES; i++)
		buf_printf(b, "tincay_%s{lane=\"%s\"} %" PRId64 "\n", name,
		    lane_name((enum lane)i), figures[i]);
}

static int
metrics_queue(struct buf *b, struct core *c)
{
	struct health_queue q;
	int rc;

	rc = health_get_queue(c, &q);
	if (rc != 0)
		return rc;
	metric_lanes(
	    b, "queue_messages", "Messages that wait, by lane.", q.length);
	metric_lanes(b, "queue_oldest_seconds",
	    "How long the first part that waits has waited, by lane.",
	    q.oldest_s);
	return 0;
}

static void
metrics_http(struct buf *b, const struct http_stats *s)
{
	metric(b, "http_answers_total", "counter",
	    "HTTP answers by the first digit of the status.");
	for (size_t i = 2; i < TC_NELEM(s->answers); i++)
		buf_printf(b,
		    "tincay_http_answers_total{status=\"%zuxx\"} %" PRIu64 "\n",
		    i, s->answers[i]);
	metric_one(b, "http_connections", "gauge", "Open HTTP connections.",
	    s->connections);
	metric_one(b, "http_polls", "gauge", "Long polls that wait.", s->polls);
}

static void
metrics_turn(struct buf *b, const struct turn_stats *t)
{
	metric_one(
	    b, "commits_total", "counter", "Committed turns.", t->commits);
	metric_one(b, "commits_failed_total", "counter",
	    "Turns that could not be committed.", t->failed_commits);
	metric_one(
	    b, "ops_total", "counter", "Operations inside turns.", t->ops);
	metric_one(b, "ops_failed_total", "counter",
	    "Operations that took back what they wrote.", t->failed_ops);
}

static void
metrics_flood(struct buf *b, const struct core *c)
{
	struct flood_info f;

	flood_get(c, &f);
	metric_one(b, "flood", "gauge",
	    "1 while so much comes in that alerts are grouped.", f.is_on);
	metric_one(b, "inbound_last_minute", "gauge",
	    "Texts and calls of the last minute.", (uint64_t)f.last_minute);
}

static int
metrics_webhooks(struct buf *b, struct core *c)
{
	struct forward_stats s;
	int64_t queued = 0, dead = 0;
	int rc;

	rc = store_delivery_count(c->store, &queued, &dead);
	if (rc != 0)
		return rc;
	forward_get_stats(c, &s);
	metric_one(b, "webhook_delivered_total", "counter",
	    "Deliveries of webhooks that were taken.", s.delivered);
	metric_one(b, "webhook_failures_total", "counter",
	    "Tries of webhooks that failed.", s.failed);
	metric_one(b, "webhook_queued", "gauge",
	    "Deliveries of webhooks that wait.", (uint64_t)queued);
	metric_one(b, "webhook_dead", "gauge",
	    "Deliveries that were given up and not sent again by hand.",
	    (uint64_t)dead);
	return 0;
}

static int
metrics_locked(struct buf *b, struct core *c)
{
	struct locked_figures f;
	int rc = store_locked_figures(c->store, &f);

	metric_one(b, "locked", "gauge",
	    "1 while the data key is locked: nothing is sent.",
	    vault_is_locked(c->vault));
	metric_one(b, "locked_waiting", "gauge",
	    "What came in meanwhile and is not taken in.", (uint64_t)f.waiting);
	metric_one(b, "locked_spoilt", "gauge",
	    "What of it cannot be taken in.", (uint64_t)f.spoilt);
	return rc;
}

int
api_metrics(struct api_req *r)
{
	struct http_stats http;
	struct turn_stats t;
	struct buf b;
	int rc;

	turn_get_stats(r->core->turn, &t);
	http_get_stats(r->http, &http);
	buf_init(&b, METRICS_MAX);
	metric_one(&b, "ready", "gauge", "1 when the set-up is finished.",
	    desk_is_ready(r->core));
	metric_one(&b, "clock_trusted", "gauge",
	    "1 when the wall clock can be right.", clock_is_trusted());
	metrics_flood(&b, r->core);
	metrics_turn(&b, &t);
	metrics_http(&b, &http);
	rc = metrics_locked(&b, r->core);
	if (rc == 0)
		rc = metrics_queue(&b, r->core);
	if (rc == 0 && r->core->radio != NULL)
		rc = metrics_modems(&b, r->core);
	if (rc == 0)
		rc = metrics_alarms(&b, r->core);
	if (rc == 0)
		rc = metrics_webhooks(&b, r->core);
	if (rc == 0)
		rc = buf_error(&b);
	if (rc == 0)
		rc = api_reply_text(
		    r, 200, "text/plain; version=0.0.4", xstrdup(buf_str(&b)));
	buf_clear(&b);
	return rc;
}

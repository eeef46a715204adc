/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Health (open to all, works without the disk), status for people, metrics for
 * Prometheus. No label tells intent, agency or hamlet.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "desk/desk.h"
#include "http/server.h"
#include "outbox/outbox.h"
#include "radio/radio.h"
#include "turn.h"

#define METRICS_MAX (256 * 1024)

static void
on_missing_key(const char *agency, void *ctx)
{
	char text[AGENCY_CODE_MAX + 8];

	if (str_printf(text, sizeof(text), "key %s", agency) == 0)
		json_array_append_new(ctx, jval_text(text));
}

static json_t *
missing_json(struct core *c)
{
	json_t *list = json_array();

	desk_missing_keys(c, on_missing_key, list);
	return list;
}

int
api_health(struct api_req *r)
{
	if (desk_is_ready(r->core))
		return api_reply(r, 200, json_pack("{s:s}", "status", "ok"));
	return api_reply(r, 200,
	    json_pack("{s:s, s:o}", "status", "setup", "missing",
		missing_json(r->core)));
}

/* --- status --- */

static bool
modem_is_up(const struct radio_modem_info *m)
{
	return strcmp(m->state, modem_state_name(MODEM_READY)) == 0 ||
	       strcmp(m->state, modem_state_name(MODEM_BUSY)) == 0;
}

struct modem_count {
	int ready, total;
};

static void
on_modem_count(const struct radio_modem_info *m, void *ctx)
{
	struct modem_count *n = ctx;

	n->total++;
	if (modem_is_up(m))
		n->ready++;
}

/* The open cases of the handler's own agency, by urgency. */
static int
status_add_cases(struct api_req *r, json_t *body)
{
	int64_t counts[5] = {0};
	json_t *list = json_array();
	int rc;

	rc = desk_count(r->core, r->user.agency, counts);
	for (size_t i = 0; i < TC_NELEM(counts); i++)
		json_array_append_new(list, jval_int(counts[i]));
	json_object_set_new(
	    body, "cases", json_pack("{s:o}", r->user.agency, list));
	return rc < 0 ? rc : 0;
}

static json_t *
queue_json(const int64_t lengths[LANE_NLANES])
{
	json_t *j = json_object();

	for (int i = 0; i < LANE_NLANES; i++)
		json_object_set_new(
		    j, lane_name((enum lane)i), jval_int(lengths[i]));
	return j;
}

int
api_status(struct api_req *r)
{
	struct modem_count n = {0, 0};
	int64_t lengths[LANE_NLANES] = {0};
	struct turn_stats t;
	json_t *body;
	int rc;

	rc = outbox_queue_lengths(r->core, lengths);
	if (rc < 0)
		return rc;
	if (r->core->radio != NULL)
		radio_each(r->core->radio, on_modem_count, &n);
	turn_get_stats(r->core->turn, &t);
	body = json_pack("{s:s, s:o, s:s, s:o, s:b, s:o, s:{s:i, s:i}}",
	    "version", PACKAGE_VERSION, "uptime_s",
	    jval_int((clock_mono_ms() - r->http->started_ms) / 1000), "state",
	    desk_is_ready(r->core) ? "running" : "setup", "missing",
	    missing_json(r->core), "clock_trusted", clock_is_trusted(), "queue",
	    queue_json(lengths), "modems", "ready", n.ready, "total", n.total);
	json_object_set_new(body, "commits", jval_int((int64_t)t.commits));
	json_object_set_new(
	    body, "failed_commits", jval_int((int64_t)t.failed_commits));
	if ((r->user.roles & ROLE_HANDLER) != 0)
		rc = status_add_cases(r, body);
	if (rc < 0) {
		json_decref(body);
		return rc;
	}
	return api_reply(r, 200, body);
}

/* --- metrics --- */

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
	SIGNAL,
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
    {"modem_signal_percent", "", "gauge", "Signal strength.", SIGNAL},
    {"modem_restarts_total", "", "counter", "Restarts of the modem's process.",
	RESTARTS},
    {"modem_received_total", "", "counter", "Parts received.", RECEIVED},
    {"modem_parts_total", ",result=\"sent\"", "counter",
	"Parts handed to the network, by result.", SENT},
    {"modem_parts_total", ",result=\"failed\"", NULL, NULL, FAILED},
    {"modem_parts_total", ",result=\"uncertain\"", NULL, NULL, UNCERTAIN},
};

static int64_t
modem_figure(const struct radio_modem_info *m, enum modem_figure figure)
{
	const int64_t values[] = {
	    [UP] = modem_is_up(m),
	    [SIGNAL] = m->signal_percent,
	    [RESTARTS] = m->restarts,
	    [RECEIVED] = (int64_t)m->received,
	    [SENT] = (int64_t)m->sent,
	    [FAILED] = (int64_t)m->failed,
	    [UNCERTAIN] = (int64_t)m->uncertain,
	};

	return values[figure];
}

struct modem_line {
	struct buf *out;
	size_t metric;
};

/* Names of modems are [a-z0-9_-]: nothing to escape. */
static void
on_modem_metric(const struct radio_modem_info *m, void *ctx)
{
	struct modem_line *l = ctx;

	buf_printf(l->out, "tincay_%s{modem=\"%s\"%s} %" PRId64 "\n",
	    modem_metrics[l->metric].name, m->name,
	    modem_metrics[l->metric].labels,
	    modem_figure(m, modem_metrics[l->metric].figure));
}

static void
metrics_modems(struct buf *b, const struct radio *radio)
{
	struct modem_line l = {b, 0};

	for (; l.metric < TC_NELEM(modem_metrics); l.metric++) {
		if (modem_metrics[l.metric].type != NULL)
			metric(b, modem_metrics[l.metric].name,
			    modem_metrics[l.metric].type,
			    modem_metrics[l.metric].help);
		radio_each(radio, on_modem_metric, &l);
	}
}

static void
metrics_queue(struct buf *b, const int64_t lengths[LANE_NLANES])
{
	metric(b, "queue_messages", "gauge", "Messages that wait, by lane.");
	for (int i = 0; i < LANE_NLANES; i++)
		buf_printf(b,
		    "tincay_queue_messages{lane=\"%s\"} %" PRId64 "\n",
		    lane_name((enum lane)i), lengths[i]);
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

int
api_metrics(struct api_req *r)
{
	int64_t lengths[LANE_NLANES] = {0};
	struct http_stats http;
	struct turn_stats t;
	struct buf b;
	int rc;

	rc = outbox_queue_lengths(r->core, lengths);
	if (rc < 0)
		return rc;
	turn_get_stats(r->core->turn, &t);
	http_get_stats(r->http, &http);
	buf_init(&b, METRICS_MAX);
	metric_one(&b, "ready", "gauge", "1 when the set-up is finished.",
	    desk_is_ready(r->core));
	metric_one(&b, "clock_trusted", "gauge",
	    "1 when the wall clock can be right.", clock_is_trusted());
	metrics_queue(&b, lengths);
	metrics_turn(&b, &t);
	metrics_http(&b, &http);
	if (r->core->radio != NULL)
		metrics_modems(&b, r->core->radio);
	rc = buf_error(&b);
	if (rc == 0)
		rc = api_reply_text(
		    r, 200, "text/plain; version=0.0.4", xstrdup(buf_str(&b)));
	buf_clear(&b);
	return rc;
}

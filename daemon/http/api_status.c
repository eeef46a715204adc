/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Health (open to all, works without the disk) and status for people. */
#include "config.h"

#include <stdlib.h>

#include "clock.h"
#include "desk/desk.h"
#include "http/server.h"
#include "outbox/outbox.h"
#include "radio/radio.h"
#include "store/locked.h"
#include "turn.h"
#include "vault/vault.h"
#include "watch/alarm.h"
#include "watch/health.h"

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
	if (vault_is_locked(r->core->vault))
		return api_reply(
		    r, 200, json_pack("{s:s}", "status", "locked"));
	if (desk_is_ready(r->core))
		return api_reply(r, 200, json_pack("{s:s}", "status", "ok"));
	return api_reply(r, 200,
	    json_pack("{s:s, s:o}", "status", "setup", "missing",
		missing_json(r->core)));
}

/* --- status --- */

struct modem_count {
	int ready, total;
};

static void
on_modem_count(const struct radio_modem_info *m, void *ctx)
{
	struct modem_count *n = ctx;

	n->total++;
	if (m->is_up)
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
lanes_json(const int64_t figures[LANE_NLANES])
{
	json_t *j = json_object();

	for (int i = 0; i < LANE_NLANES; i++)
		json_object_set_new(
		    j, lane_name((enum lane)i), jval_int(figures[i]));
	return j;
}

static int
status_add_queue(struct api_req *r, json_t *body)
{
	struct health_queue q;
	int rc;

	rc = health_get_queue(r->core, &q);
	if (rc != 0)
		return rc;
	json_object_set_new(body, "queue", lanes_json(q.length));
	json_object_set_new(body, "queue_age_s", lanes_json(q.oldest_s));
	return 0;
}

static int
status_add_alarms(struct api_req *r, json_t *body)
{
	struct alarm_row *rows;
	json_t *list;
	int i, n;

	n = alarm_list(r->core, &rows);
	if (n < 0)
		return n;
	list = json_array();
	for (i = 0; i < n; i++)
		if (rows[i].cleared_at == 0)
			json_array_append_new(
			    list, json_pack("{s:o, s:o, s:o, s:o}", "modem",
				      jval_text(rows[i].modem), "kind",
				      jval_text(rows[i].kind), "since",
				      jval_time(rows[i].raised_at), "told_at",
				      jval_time(rows[i].told_at)));
	free(rows);
	json_object_set_new(body, "alarms", list);
	return 0;
}

static int
status_add_modems(struct api_req *r, json_t *body)
{
	struct modem_count n = {0, 0};
	json_t *list;
	int rc;

	rc = modems_json(r->core, &list);
	if (rc != 0)
		return rc;
	if (r->core->radio != NULL)
		radio_each(r->core->radio, on_modem_count, &n);
	json_object_set_new(body, "modems",
	    json_pack("{s:i, s:i}", "ready", n.ready, "total", n.total));
	json_object_set_new(body, "modem_list", list);
	return 0;
}

static const char *
status_state(struct core *c)
{
	if (vault_is_locked(c->vault))
		return "locked";
	return desk_is_ready(c) ? "running" : "setup";
}

/* What came in without the data key, when there is any. */
static int
status_add_locked(struct api_req *r, json_t *body)
{
	struct locked_figures f;
	int rc;

	rc = store_locked_figures(r->core->store, &f);
	if (rc != 0)
		return rc;
	if (vault_is_locked(r->core->vault) || f.waiting > 0 || f.spoilt > 0)
		json_object_set_new(body, "locked",
		    json_pack("{s:o, s:o, s:o}", "waiting", jval_int(f.waiting),
			"oldest_at", jval_time(f.oldest_at), "spoilt",
			jval_int(f.spoilt)));
	return 0;
}

int
api_status(struct api_req *r)
{
	struct turn_stats t;
	json_t *body;
	int rc;

	turn_get_stats(r->core->turn, &t);
	body = json_pack("{s:s, s:o, s:s, s:o, s:b, s:o, s:o}", "version",
	    PACKAGE_VERSION, "uptime_s",
	    jval_int((clock_mono_ms() - r->http->started_ms) / 1000), "state",
	    status_state(r->core), "missing", missing_json(r->core),
	    "clock_trusted", clock_is_trusted(), "commits",
	    jval_int((int64_t)t.commits), "failed_commits",
	    jval_int((int64_t)t.failed_commits));
	rc = status_add_locked(r, body);
	if (rc == 0)
		rc = status_add_queue(r, body);
	if (rc == 0)
		rc = status_add_modems(r, body);
	if (rc == 0)
		rc = status_add_alarms(r, body);
	if (rc == 0 && (r->user.roles & ROLE_HANDLER) != 0)
		rc = status_add_cases(r, body);
	if (rc < 0) {
		json_decref(body);
		return rc;
	}
	return api_reply(r, 200, body);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modems as the pool sees them, with their credit and their alarms. What
 * people do with them is in api_radio.c. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "http/api.h"
#include "radio/radio.h"
#include "watch/alarm.h"
#include "watch/credit.h"
#include "watch/watch.h"

struct modems_ctx {
	struct core *core;
	struct alarm_row *alarms;
	int nalarms;
	json_t *list;
	int rc;
};

static void
modem_add_figures(json_t *j, const struct radio_modem_info *m)
{
	json_object_set_new(j, "signal_percent", jval_int(m->signal_percent));
	json_object_set_new(j, "sim_used", jval_int(m->sim_used));
	json_object_set_new(j, "sim_size", jval_int(m->sim_size));
	json_object_set_new(j, "restarts", jval_int(m->restarts));
	json_object_set_new(j, "sent", jval_int((int64_t)m->sent));
	json_object_set_new(j, "failed", jval_int((int64_t)m->failed));
	json_object_set_new(j, "uncertain", jval_int((int64_t)m->uncertain));
	json_object_set_new(j, "received", jval_int((int64_t)m->received));
}

/* A limit of 0 is none. */
static json_t *
modem_quotas(const struct radio_modem_info *m)
{
	const struct radio_quota *q;
	json_t *all = json_object(), *limit, *share;
	int span;

	for (span = 0; span < RADIO_NSPANS; span++) {
		q = &m->quotas[span];
		limit = q->limit > 0 ? jval_int(q->limit) : json_null();
		share =
		    q->limit > 0 ? jval_int(q->campaign_limit) : json_null();
		json_object_set_new(all, radio_span_name(span),
		    json_pack("{s:o, s:o, s:o, s:o}", "used", jval_int(q->used),
			"limit", limit, "campaign_used",
			jval_int(q->campaign_used), "campaign_limit", share));
	}
	return all;
}

static int
modem_add_credit(struct modems_ctx *x, json_t *j, const char *modem)
{
	struct credit_info credit = {0};
	int rc = 0;

	if (x->core->watch != NULL)
		rc = credit_get(watch_credit(x->core->watch), modem, &credit);
	if (rc != 0)
		return rc;
	json_object_set_new(j, "credit_asked", json_boolean(credit.is_asked));
	json_object_set_new(
	    j, "credit", credit.is_known ? jval_int(credit.dong) : json_null());
	json_object_set_new(j, "credit_at", jval_time(credit.at));
	json_object_set_new(j, "credit_low", json_boolean(credit.is_low));
	return 0;
}

static json_t *
modem_alarms(const struct modems_ctx *x, const char *modem)
{
	json_t *list = json_array();
	int i;

	for (i = 0; i < x->nalarms; i++)
		if (x->alarms[i].cleared_at == 0 &&
		    strcmp(x->alarms[i].modem, modem) == 0)
			json_array_append_new(
			    list, jval_text(x->alarms[i].kind));
	return list;
}

static void
on_modem(const struct radio_modem_info *m, void *ctx)
{
	struct modems_ctx *x = ctx;
	json_t *j;

	j = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name",
	    jval_text(m->name), "state", jval_text(m->state), "reason",
	    jval_opt(m->reason), "device", jval_opt(m->device), "number",
	    jval_opt(m->number), "operator", jval_opt(m->operator_name),
	    "model", jval_opt(m->model), "imei_tail", jval_opt(m->imei_tail),
	    "imsi_tail", jval_opt(m->imsi_tail));
	json_object_set_new(j, "network", jval_opt(m->network));
	json_object_set_new(j, "registration", jval_opt(m->registration));
	json_object_set_new(j, "last_error", jval_opt(m->last_error));
	json_object_set_new(j, "last_error_at", jval_time(m->last_error_at));
	json_object_set_new(j, "alarms", modem_alarms(x, m->name));
	modem_add_figures(j, m);
	json_object_set_new(j, "quota", modem_quotas(m));
	if (x->rc == 0)
		x->rc = modem_add_credit(x, j, m->name);
	json_array_append_new(x->list, j);
}

int
modems_json(struct core *c, json_t **out)
{
	struct modems_ctx x = {.core = c, .list = json_array()};

	x.nalarms = alarm_list(c, &x.alarms);
	if (x.nalarms < 0)
		x.rc = x.nalarms;
	else if (c->radio != NULL)
		radio_each(c->radio, on_modem, &x);
	free(x.alarms);
	*out = x.list;
	if (x.rc != 0) {
		json_decref(x.list);
		*out = NULL;
	}
	return x.rc;
}

json_t *
modems_low_credit(struct core *c)
{
	json_t *list = json_array();
	struct credit_info credit;
	size_t i;

	for (i = 0; i < c->conf->nmodems && c->watch != NULL; i++)
		if (credit_get(watch_credit(c->watch), c->conf->modems[i].name,
			&credit) == 0 &&
		    credit.is_low)
			json_array_append_new(
			    list, jval_text(c->conf->modems[i].name));
	return list;
}

int
api_modems_list(struct api_req *r)
{
	json_t *list;
	int rc;

	rc = modems_json(r->core, &list);
	return rc != 0 ? rc
		       : api_reply(r, 200, json_pack("{s:o}", "modems", list));
}

int
api_modems_get(struct api_req *r)
{
	json_t *list, *modem;
	size_t i;
	int rc;

	rc = modems_json(r->core, &list);
	if (rc != 0)
		return rc;
	rc = TC_ENOENT;
	json_array_foreach(list, i, modem)
	{
		if (strcmp(json_string_value(json_object_get(modem, "name")),
			r->args[0]) == 0)
			rc = api_reply(r, 200, json_incref(modem));
	}
	json_decref(list);
	return rc;
}

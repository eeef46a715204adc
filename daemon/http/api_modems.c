/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modems as the pool sees them. */
#include "config.h"

#include "http/api.h"
#include "radio/radio.h"

static void
on_modem(const struct radio_modem_info *m, void *ctx)
{
	json_t *j;

	j = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name",
	    jval_text(m->name), "state", jval_text(m->state), "reason",
	    jval_opt(m->reason), "device", jval_opt(m->device), "number",
	    jval_opt(m->number), "operator", jval_opt(m->operator_name),
	    "model", jval_opt(m->model), "imei_tail", jval_opt(m->imei_tail),
	    "imsi_tail", jval_opt(m->imsi_tail));
	json_object_set_new(j, "signal_percent", jval_int(m->signal_percent));
	json_object_set_new(j, "sim_used", jval_int(m->sim_used));
	json_object_set_new(j, "sim_size", jval_int(m->sim_size));
	json_object_set_new(j, "restarts", jval_int(m->restarts));
	json_object_set_new(j, "sent", jval_int((int64_t)m->sent));
	json_object_set_new(j, "failed", jval_int((int64_t)m->failed));
	json_object_set_new(j, "uncertain", jval_int((int64_t)m->uncertain));
	json_object_set_new(j, "received", jval_int((int64_t)m->received));
	json_array_append_new(ctx, j);
}

int
api_modems_list(struct api_req *r)
{
	json_t *list = json_array();

	if (r->core->radio != NULL)
		radio_each(r->core->radio, on_modem, list);
	return api_reply(r, 200, json_pack("{s:o}", "modems", list));
}

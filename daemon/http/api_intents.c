/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a text would be read and answered; nothing is stored or sent. */
#include "config.h"

#include "http/api.h"
#include "intake/match.h"

static json_t *
agencies_json(const struct content_intent *intent)
{
	json_t *list = json_array();

	for (size_t i = 0; i < intent->nagencies; i++)
		json_array_append_new(
		    list, jval_text(intent->agencies[i]->code));
	return list;
}

int
api_intents_try(struct api_req *r)
{
	json_t *text = json_object_get(r->body, "text"), *j;
	struct match_report m;
	bool silent;

	match_explain(r->core->content, json_string_value(text),
	    json_string_length(text), &m);
	silent = m.reply_text == NULL;
	j = json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, "
		      "s:o}",
	    "folded", jval_opt(m.fold.text), "rule",
	    jval_text(match_rule_name(m.match.rule)), "keyword",
	    jval_opt(m.match.keyword), "intent",
	    jval_text(m.match.intent->name), "argument",
	    jval_opt(m.argument[0] != '\0' ? m.argument : NULL), "danger",
	    m.match.danger, "reply_id",
	    jval_opt(m.reply != NULL ? m.reply->id : NULL), "reply",
	    jval_opt(m.reply_text), "coding",
	    jval_opt(silent ? NULL : gsm_coding_name(m.cost.coding)), "units",
	    jval_int(silent ? 0 : m.cost.units), "segments",
	    jval_int(silent ? 0 : m.cost.nsegments), "agencies",
	    agencies_json(m.match.intent));
	match_report_clear(&m);
	return api_reply(r, 200, j);
}

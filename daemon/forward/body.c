/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a webhook says: body.h. Called by forward.c. Owns nothing. */
#include "config.h"

#include <inttypes.h>
#include <jansson.h>
#include <time.h>

#include "forward/body.h"

void
body_id(const struct delivery *d, char out[BODY_ID_SIZE])
{
	(void)!str_printf(
	    out, BODY_ID_SIZE, "msg_%016" PRIx64, (uint64_t)d->id);
}

char *
body_make(const struct webhook *w, const struct delivery *d)
{
	const time_t at = (time_t)d->at;
	char when[32] = "", *text;
	struct tm tm;
	json_t *root, *data;

	if (gmtime_r(&at, &tm) != NULL)
		(void)strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	data = json_pack("{s:s}", "queue", w->agency);
	if (d->code[0] != '\0')
		(void)json_object_update_new(data,
		    json_pack("{s:i, s:s, s:I}", "urgency", d->urgency, "code",
			d->code, "cursor", (json_int_t)d->cursor));
	root = json_pack("{s:s, s:s, s:o}", "type", d->event, "timestamp", when,
	    "data", data);
	text = root != NULL ? json_dumps(root, JSON_COMPACT) : NULL;
	json_decref(root);
	return text != NULL ? text : xstrdup("{}");
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The meaning of a text in a conversation: talk.h. Called by intake.c before
 * the matcher. Pure but for what it is given. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "fold.h"
#include "intake/talk.h"

static bool
talk_is_hush(const struct content_intent *hush, const char *folded)
{
	size_t i;

	for (i = 0; i < hush->npending; i++)
		if (strcmp(hush->pending[i], folded) == 0)
			return true;
	return false;
}

bool
talk_read(const struct content *c, const struct contact *contact,
    const char *text, struct match *out)
{
	const struct content_intent *call = content_callback(c);
	const struct content_intent *hush = content_hush(c);
	struct fold f;
	bool is_hush;

	if (contact->hour_until <= clock_now())
		return false;
	memset(out, 0, sizeof(*out));
	out->rule = MATCH_CONTEXT;
	if (call != NULL && argument_parse(ARGUMENT_HOURS, text, strlen(text),
				NULL, &out->argument) == 0) {
		out->intent = call;
		out->has_text = true;
		return true;
	}
	if (fold_text(text, strlen(text), &f) != 0)
		return false;
	is_hush = talk_is_hush(hush, f.text);
	fold_clear(&f);
	out->intent = hush;
	return is_hush;
}

/* --- an agency that she does not want --- */

static const char *const talk_no[] = {
    "khong bao ", "dung bao ", "khong goi ", "khong cho ", "khong "};

/* What follows a word of refusal; NULL: there is none. */
static const char *
talk_behind_no(const char *folded)
{
	size_t i, len;

	for (i = 0; i < TC_NELEM(talk_no); i++) {
		len = strlen(talk_no[i]);
		if (strncmp(folded, talk_no[i], len) == 0)
			return folded + len;
	}
	return NULL;
}

static bool
talk_is_called(const struct content_agency *a, const char *folded)
{
	size_t i;

	for (i = 0; i < a->nwords; i++)
		if (strcmp(a->words[i], folded) == 0)
			return true;
	return false;
}

const struct content_agency *
talk_refused(const struct content *c, const char *text)
{
	const struct content_commune *commune = content_commune(c);
	const struct content_agency *found = NULL;
	const char *rest;
	struct fold f;
	size_t i;

	if (fold_text(text, strlen(text), &f) != 0)
		return NULL;
	rest = talk_behind_no(f.text);
	for (i = 0; rest != NULL && i < commune->nagencies && found == NULL;
	     i++)
		if (talk_is_called(&commune->agencies[i], rest))
			found = &commune->agencies[i];
	fold_clear(&f);
	return found;
}

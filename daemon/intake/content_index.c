/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The index of a pack: enters every keyword, word of danger, harmless phrase
 * and slang word, each with the place where it counts. Called by content.c when
 * the intents are read; adds to the list of faults what cannot be entered.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "content_load.h"

static void
index_add(struct content_reading *r, const struct opt_list *list,
    const struct match_phrase *phrase)
{
	const struct content_intent *other = NULL;
	const char *file = optfile_path(r->intents);
	const struct opt_value *v;
	size_t i;

	for (i = 0; i < list->n; i++) {
		v = &list->items[i];
		switch (match_index_add(
		    r->content->index, v->text, phrase, &other)) {
		case 0:
			break;
		case TC_EEXIST:
			faults_add(r->faults, file, v->line,
			    "keyword \"%s\" cannot be told from one of intent "
			    "%s",
			    v->text, other->name);
			break;
		default:
			faults_add(r->faults, file, v->line,
			    "keyword \"%s\" has no letters or more than %d "
			    "words",
			    v->text, MATCH_WORDS_MAX);
		}
	}
}

static void
index_add_intent(struct content_reading *r, size_t i)
{
	const struct intent_raw *raw = &r->raw[i];
	struct match_phrase p = {.intent = &r->content->intents[i]};

	p.place = content_is_control(p.intent) ? MATCH_PLACE_ALONE
					       : MATCH_PLACE_START;
	index_add(r, &raw->keywords, &p);
	p.place = MATCH_PLACE_INSIDE;
	index_add(r, &raw->keywords_inside, &p);
	p.place = MATCH_PLACE_ALONE;
	index_add(r, &raw->keywords_alone, &p);
	p.place = MATCH_PLACE_ALIAS;
	index_add(r, &raw->aliases, &p);
	p.kind = MATCH_DANGER;
	index_add(r, &raw->danger, &p);
}

/* "ck=chồng" */
static void
index_add_slang(struct content_reading *r, const struct opt_value *v)
{
	const char *equal = strchr(v->text, '=');
	int rc = TC_EINVAL;
	char *slang;

	if (equal != NULL) {
		slang = xstrndup(v->text, (size_t)(equal - v->text));
		rc = match_index_add_slang(r->content->index, slang, equal + 1);
		free(slang);
	}
	if (rc != 0)
		faults_add(r->faults, optfile_path(r->intents), v->line,
		    "\"%s\" is not one word, \"=\" and another", v->text);
}

void
content_index_all(struct content_reading *r)
{
	struct content *c = r->content;
	const struct match_phrase danger = {.kind = MATCH_DANGER};
	const struct match_phrase harmless = {.kind = MATCH_HARMLESS};
	size_t i;

	c->index = match_index_new();
	for (i = 0; i < c->nintents; i++)
		index_add_intent(r, i);
	index_add(r, &r->words.danger, &danger);
	index_add(r, &r->words.harmless, &harmless);
	for (i = 0; i < r->words.slang.n; i++)
		index_add_slang(r, &r->words.slang.items[i]);
}

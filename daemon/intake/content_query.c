/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What others ask a loaded pack (content.h). Owns nothing and cannot fail. */
#include "config.h"

#include <string.h>

#include "content_load.h"
#include "lint.h"
#include "menu.h"

#define DAY_S INT64_C(86400)

static const char *const minority_words[] = {
    [CONTENT_BDQ] = "bdq",
    [CONTENT_JRA] = "jra",
};

const struct content_commune *
content_commune(const struct content *c)
{
	return &c->commune;
}

int
content_signs(
    const struct content *c, const char *text, content_sign_cb cb, void *ctx)
{
	return lint_signs(c->lint, text, cb, ctx);
}

const struct broadcast *
content_broadcast(const struct content *c)
{
	return c->broadcast;
}

const struct content_intent *
content_intent_by_name(const struct content *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->nintents; i++) {
		if (strcmp(c->intents[i].name, name) == 0)
			return &c->intents[i];
	}
	return NULL;
}

const struct content_reply *
content_reply_by_id(const struct content *c, const char *id)
{
	size_t i;

	for (i = 0; i < c->nreplies; i++) {
		if (strcmp(c->replies[i].id, id) == 0)
			return &c->replies[i];
	}
	return NULL;
}

const struct content_agency *
content_agency_by_code(const struct content *c, const char *code)
{
	size_t i;

	for (i = 0; i < c->commune.nagencies; i++) {
		if (strcmp(c->commune.agencies[i].code, code) == 0)
			return &c->commune.agencies[i];
	}
	return NULL;
}

size_t
content_nintents(const struct content *c)
{
	return c->nintents;
}

const struct content_intent *
content_intent(const struct content *c, size_t i)
{
	return &c->intents[i];
}

const struct content_intent *
content_fallback(const struct content *c)
{
	return c->fallback;
}

const struct content_intent *
content_callback(const struct content *c)
{
	return c->callback;
}

const struct content_intent *
content_child(const struct content *c)
{
	return c->child;
}

const struct content_intent *
content_hush(const struct content *c)
{
	return c->hush;
}

bool
content_is_control(const struct content_intent *intent)
{
	return intent->action != CONTENT_CASE &&
	       intent->action != CONTENT_INFO &&
	       intent->action != CONTENT_EVENT;
}

struct argument_names
content_names(const struct content *c)
{
	return (struct argument_names){
	    c->commune.hamlets, c->commune.themes, c->commune.nthemes};
}

bool
content_opens_case(const struct content_intent *intent, bool has_text)
{
	return intent->action == CONTENT_CASE ||
	       (intent->case_with_text && has_text);
}

const struct content_reply *
content_reply_for(const struct content_intent *intent, bool has_text)
{
	return has_text ? intent->reply_with_text : intent->reply;
}

const char *
content_kind(const struct content *c, const char *word)
{
	const struct content_commune *commune = content_commune(c);
	const struct argument_topic *kind;

	if (commune->nkinds == 0)
		return word;
	kind = argument_topic_named(
	    commune->kinds, commune->nkinds, word, strlen(word));
	return kind != NULL ? kind->code : NULL;
}

int
content_stale_hotlines(const struct content *c, int64_t now,
    void (*cb)(const struct content_hotline *h, void *ctx), void *ctx)
{
	const struct content_commune *commune = &c->commune;
	const struct content_hotline *h;
	size_t i;
	int n = 0;

	for (i = 0; i < commune->nhotlines; i++) {
		h = &commune->hotlines[i];
		if (h->verified_at == 0 ||
		    now - h->verified_at <= commune->hotline_days * DAY_S)
			continue;
		n++;
		if (cb != NULL)
			cb(h, ctx);
	}
	return n;
}

static int
reply_texts(const struct content_reply *reply, content_text_cb cb, void *ctx)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < CONTENT_NSCRIPTS && rc >= 0; i++)
		rc = cb(reply->id, reply->text[i], ctx);
	for (i = 0; i < CONTENT_NMINORITIES && rc >= 0; i++)
		if (reply->minority[i][0] != '\0')
			rc = cb(reply->id, reply->minority[i], ctx);
	return rc;
}

int
content_each_text(const struct content *c, content_text_cb cb, void *ctx)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < c->nreplies && rc >= 0; i++)
		rc = reply_texts(&c->replies[i], cb, ctx);
	if (rc >= 0 && c->menus != NULL)
		rc = menu_each_text(c->menus, cb, ctx);
	return rc < 0 ? rc : 0;
}

const struct menus *
content_menus(const struct content *c)
{
	return c->menus;
}

const struct match_index *
content_index(const struct content *c)
{
	return c->index;
}

int
content_lint_outbound(
    const struct content *c, const char *text, const char **why)
{
	return lint_outbound(c->lint, text, why);
}

const struct workdays *
content_workdays(const struct content *c)
{
	return c->workdays;
}

const char *
content_known_language(const char *language)
{
	size_t i;

	for (i = 0; i < CONTENT_NMINORITIES; i++)
		if (strcmp(language, minority_words[i]) == 0)
			return minority_words[i];
	return strcmp(language, "vi") == 0 ? "vi" : "";
}

/* -1: there is none of this name. */
static int
script_find(const char *name)
{
	int i;

	for (i = 0; i < CONTENT_NSCRIPTS; i++)
		if (strcmp(name, content_script_name((enum content_script)i)) ==
		    0)
			return i;
	return -1;
}

const char *
content_known_script(const char *script)
{
	int i = script_find(script);

	return i < 0 ? "" : content_script_name((enum content_script)i);
}

const char *
content_reply_text(const struct content_reply *reply, const char *language,
    enum content_script script)
{
	size_t i;

	for (i = 0; i < CONTENT_NMINORITIES; i++)
		if (strcmp(language, minority_words[i]) == 0 &&
		    reply->minority[i][0] != '\0')
			return reply->minority[i];
	return reply->text[script];
}

bool
content_is_language(const char *language)
{
	return content_known_language(language)[0] != '\0';
}

enum content_script
content_script_for(const struct content *c, const char *script)
{
	int i = script_find(script);

	return i < 0 ? c->commune.script : (enum content_script)i;
}

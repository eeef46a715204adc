/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The content pack: reads commune.conf and intents.conf, resolves the names in
 * them, has the keywords entered into the index of the matcher
 * (content_index.c) and all of it checked (content_check.c). Called at start, by the -t check and on a reload. Owns
 * every text of the pack until content_free(). Fails with entries in the
 * caller's list of faults; as many as can be found in one run.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "content_load.h"
#include "fold.h"
#include "menu.h"
#include "workdays.h"

static const char *const script_words[] = {
    [CONTENT_BARE] = "bare",
    [CONTENT_ACCENTED] = "accented",
    [CONTENT_NSCRIPTS] = NULL,
};
static const char *const urgency_words[] = {
    [CONTENT_U0] = "U0",
    [CONTENT_U1] = "U1",
    [CONTENT_U2] = "U2",
    [CONTENT_U3] = "U3",
    [CONTENT_U4] = "U4",
    [CONTENT_NURGENCIES] = NULL,
};
static const char *const action_words[] = {
    [CONTENT_CASE] = "case",
    [CONTENT_SUBSCRIBE] = "subscribe",
    [CONTENT_CONFIRM] = "confirm",
    [CONTENT_OPTOUT] = "optout",
    [CONTENT_HUSH] = "hush",
    [CONTENT_INFO] = "info",
    [CONTENT_LANGUAGE] = "language",
    [CONTENT_EVENT] = "event",
    [CONTENT_LEAVE] = "leave",
    [CONTENT_QUIZ] = "quiz",
    [CONTENT_PLEDGE] = "pledge",
    [CONTENT_SERIES] = "series",
    [CONTENT_NACTIONS] = NULL,
};

static const char *const argument_words[] = {
    [ARGUMENT_NONE] = "none",
    [ARGUMENT_HOURS] = "hours",
    [ARGUMENT_CLASS] = "class",
    [ARGUMENT_HAMLET] = "hamlet",
    [ARGUMENT_NUMBER] = "number",
    [ARGUMENT_THEME] = "theme",
    [ARGUMENT_NKINDS] = NULL,
};

static const char *const age_words[] = {
    [AGE_NONE] = "none",
    [AGE_OWN] = "own",
    [AGE_ANY] = "any",
    [AGE_NKINDS] = NULL,
};

struct commune_raw {
	struct content_commune commune;
	struct opt_list hamlets;
};

struct agency_raw {
	struct content_agency agency;
	struct opt_list words;
};

#define COMMUNE(field) offsetof(struct commune_raw, field)
#define AGENCY(field) offsetof(struct agency_raw, field)
#define HOTLINE(field) offsetof(struct content_hotline, field)
#define REPLY(field) offsetof(struct content_reply, field)
#define INTENT(field) offsetof(struct intent_raw, field)
#define WORDS(field) offsetof(struct words_raw, field)

static const struct opt commune_options[] = {
    {.key = "name",
	.type = OPT_TEXT,
	.min = 1,
	.max = 100,
	.offset = COMMUNE(commune.name)},
    {.key = "signature",
	.type = OPT_TEXT,
	.min = 1,
	.max = 40,
	.offset = COMMUNE(commune.signature)},
    {.key = "zone_minutes",
	.type = OPT_INT,
	.min = -720,
	.max = 840,
	.def = "420",
	.offset = COMMUNE(commune.zone_minutes)},
    {.key = "script",
	.type = OPT_WORD,
	.words = script_words,
	.def = "bare",
	.offset = COMMUNE(commune.script)},
    {.key = "send_from",
	.type = OPT_TIME,
	.def = "07:30",
	.offset = COMMUNE(commune.send_from)},
    {.key = "send_until",
	.type = OPT_TIME,
	.def = "21:00",
	.offset = COMMUNE(commune.send_until)},
    {.key = "reply_ttl",
	.type = OPT_INT,
	.min = 30,
	.max = 3600,
	.def = "300",
	.offset = COMMUNE(commune.reply_ttl_s)},
    {.key = "purge_days",
	.type = OPT_INT,
	.min = 1,
	.max = 3650,
	.def = "30",
	.offset = COMMUNE(commune.purge_days)},
    {.key = "hotline_days",
	.type = OPT_INT,
	.min = 1,
	.max = 3650,
	.def = "180",
	.offset = COMMUNE(commune.hotline_days)},
    {.key = "hamlets",
	.type = OPT_LIST,
	.min = 1,
	.max = 63,
	.def = "",
	.offset = COMMUNE(hamlets)},
};
static const struct opt agency_options[] = {
    {.key = "name",
	.type = OPT_TEXT,
	.min = 1,
	.max = 100,
	.offset = AGENCY(agency.name)},
    {.key = "words",
	.type = OPT_LIST,
	.min = 2,
	.max = 60,
	.def = "",
	.offset = AGENCY(words)},
};
static const struct opt hotline_options[] = {
    {.key = "name",
	.type = OPT_TEXT,
	.min = 1,
	.max = 100,
	.offset = HOTLINE(name)},
    {.key = "verified",
	.type = OPT_TEXT,
	.max = 10,
	.def = "",
	.offset = HOTLINE(verified)},
};
static const struct opt reply_options[] = {
    {.key = "bare",
	.type = OPT_TEXT,
	.max = 640,
	.def = "",
	.offset = REPLY(text[CONTENT_BARE])},
    {.key = "accented",
	.type = OPT_TEXT,
	.min = 1,
	.max = 640,
	.offset = REPLY(text[CONTENT_ACCENTED])},
    {.key = "bdq",
	.type = OPT_TEXT,
	.max = 640,
	.def = "",
	.offset = REPLY(minority[CONTENT_BDQ])},
    {.key = "jra",
	.type = OPT_TEXT,
	.max = 640,
	.def = "",
	.offset = REPLY(minority[CONTENT_JRA])},
};
static const struct opt intent_options[] = {
    {.key = "action",
	.type = OPT_WORD,
	.words = action_words,
	.offset = INTENT(action)},
    {.key = "urgency",
	.type = OPT_WORD,
	.words = urgency_words,
	.offset = INTENT(urgency)},
    {.key = "keywords",
	.type = OPT_LIST,
	.max = 60,
	.def = "",
	.offset = INTENT(keywords)},
    {.key = "keywords_inside",
	.type = OPT_LIST,
	.max = 60,
	.def = "",
	.offset = INTENT(keywords_inside)},
    {.key = "keywords_alone",
	.type = OPT_LIST,
	.max = 60,
	.def = "",
	.offset = INTENT(keywords_alone)},
    {.key = "aliases",
	.type = OPT_LIST,
	.max = 4,
	.def = "",
	.offset = INTENT(aliases)},
    {.key = "danger",
	.type = OPT_LIST,
	.max = 60,
	.def = "",
	.offset = INTENT(danger)},
    {.key = "argument",
	.type = OPT_WORD,
	.words = argument_words,
	.def = "none",
	.offset = INTENT(argument)},
    {.key = "child_age",
	.type = OPT_WORD,
	.words = age_words,
	.def = "none",
	.offset = INTENT(child_age)},
    {.key = "witness",
	.type = OPT_BOOL,
	.def = "false",
	.offset = INTENT(witness)},
    {.key = "flag_repeats",
	.type = OPT_INT,
	.max = 100,
	.def = "0",
	.offset = INTENT(flag_repeats)},
    {.key = "agencies",
	.type = OPT_LIST,
	.min = 1,
	.max = 16,
	.def = "",
	.offset = INTENT(agencies)},
    {.key = "ladder",
	.type = OPT_LIST,
	.min = 1,
	.max = 16,
	.def = "",
	.offset = INTENT(ladder)},
    {.key = "reply",
	.type = OPT_TEXT,
	.max = 32,
	.def = "",
	.offset = INTENT(reply)},
    {.key = "keywords_pending",
	.type = OPT_LIST,
	.max = 60,
	.def = "",
	.offset = INTENT(keywords_pending)},
    {.key = "language",
	.type = OPT_TEXT,
	.max = 7,
	.def = "",
	.offset = INTENT(language)},
    {.key = "script",
	.type = OPT_TEXT,
	.max = 8,
	.def = "",
	.offset = INTENT(script)},
    {.key = "reply_with_text",
	.type = OPT_TEXT,
	.max = 32,
	.def = "",
	.offset = INTENT(reply_with_text)},
    {.key = "reply_with_argument",
	.type = OPT_TEXT,
	.max = 32,
	.def = "",
	.offset = INTENT(reply_with_argument)},
};
static const struct opt words_options[] = {
    {.key = "danger",
	.type = OPT_LIST,
	.max = 60,
	.def = "",
	.offset = WORDS(danger)},
    {.key = "harmless",
	.type = OPT_LIST,
	.max = 60,
	.def = "",
	.offset = WORDS(harmless)},
    {.key = "slang",
	.type = OPT_LIST,
	.max = 60,
	.def = "",
	.offset = WORDS(slang)},
};

static const struct opt_section commune_kinds[COMMUNE_NKINDS] = {
    [COMMUNE_TOP] = {NULL, commune_options, TC_NELEM(commune_options)},
    [COMMUNE_AGENCY] = {"agency", agency_options, TC_NELEM(agency_options)},
    [COMMUNE_HOTLINE] = {"hotline", hotline_options, TC_NELEM(hotline_options)},
    [COMMUNE_KIND] = {"kind", content_topic_options, CONTENT_TOPIC_NOPTIONS},
    [COMMUNE_THEME] = {"theme", content_topic_options, CONTENT_TOPIC_NOPTIONS},
};
static const struct opt_section intents_kinds[INTENTS_NKINDS] = {
    [INTENTS_TOP] = {NULL, words_options, TC_NELEM(words_options)},
    [INTENTS_REPLY] = {"reply", reply_options, TC_NELEM(reply_options)},
    [INTENTS_INTENT] = {"intent", intent_options, TC_NELEM(intent_options)},
};

const char *
content_script_name(enum content_script s)
{
	return (unsigned)s < CONTENT_NSCRIPTS ? script_words[s] : "?";
}

const char *
content_action_name(enum content_action a)
{
	return (unsigned)a < CONTENT_NACTIONS ? action_words[a] : "?";
}

size_t
content_count(const struct optfile *file, size_t kind)
{
	size_t n = 0;

	while (optfile_section(file, kind, n) != NULL)
		n++;
	return n;
}

/* The day of the last test call, from 2020 on. */
static void
content_read_verified(struct content_reading *r, const struct optsec *s,
    struct content_hotline *h)
{
	struct tm tm = {0};
	const char *end;

	if (h->verified[0] == '\0')
		return;
	end = strptime(h->verified, "%Y-%m-%d", &tm);
	h->verified_at = timegm(&tm);
	if (end == NULL || *end != '\0' || h->verified_at < 1577836800)
		faults_add(r->faults, optsec_path(s),
		    optsec_line(s, "verified"),
		    "verified must be a day such as 2026-11-01");
}

char **
content_fold_list(const char *first, struct opt_list *list, size_t *n)
{
	char **out = xcalloc(list->n + 2, sizeof(*out));
	const char *text;
	struct fold f;
	size_t i;

	*n = 0;
	for (i = 0; i < list->n + (first != NULL); i++) {
		text = first == NULL ? list->items[i].text
		       : i == 0      ? first
				     : list->items[i - 1].text;
		if (fold_text(text, strlen(text), &f) != 0)
			continue;
		out[(*n)++] = xstrdup(f.text);
		fold_clear(&f);
	}
	return out;
}

void
content_free_list(char **list, size_t n)
{
	while (n-- > 0)
		free(list[n]);
	free(list);
}

static void
content_read_agency(struct content_reading *r, const struct optsec *s,
    struct content_agency *out)
{
	struct agency_raw raw;

	memset(&raw, 0, sizeof(raw));
	optsec_fill(s, &raw, r->faults);
	*out = raw.agency;
	out->code = xstrdup(optsec_title(s));
	out->words = content_fold_list(out->code, &raw.words, &out->nwords);
	raw.agency.name = NULL; /* moved */
	opts_clear(agency_options, TC_NELEM(agency_options), &raw);
}

static void
content_read_commune(struct content_reading *r)
{
	struct content_commune *c = &r->content->commune;
	const struct optsec *s;
	struct commune_raw raw;
	size_t i;

	memset(&raw, 0, sizeof(raw));
	optsec_fill(
	    optfile_section(r->commune, COMMUNE_TOP, 0), &raw, r->faults);
	*c = raw.commune;
	c->nhamlets = raw.hamlets.n;
	c->hamlets = xcalloc(c->nhamlets + 1, sizeof(*c->hamlets));
	for (i = 0; i < c->nhamlets; i++)
		c->hamlets[i] = raw.hamlets.items[i].text; /* moved */
	free(raw.hamlets.items);

	c->nagencies = content_count(r->commune, COMMUNE_AGENCY);
	c->agencies = xcalloc(c->nagencies + 1, sizeof(*c->agencies));
	for (i = 0; i < c->nagencies; i++) {
		s = optfile_section(r->commune, COMMUNE_AGENCY, i);
		content_read_agency(r, s, &c->agencies[i]);
	}
	c->nhotlines = content_count(r->commune, COMMUNE_HOTLINE);
	c->hotlines = xcalloc(c->nhotlines + 1, sizeof(*c->hotlines));
	for (i = 0; i < c->nhotlines; i++) {
		s = optfile_section(r->commune, COMMUNE_HOTLINE, i);
		optsec_fill(s, &c->hotlines[i], r->faults);
		c->hotlines[i].number = xstrdup(optsec_title(s));
		content_read_verified(r, s, &c->hotlines[i]);
	}
	c->kinds = content_read_topics(r, COMMUNE_KIND, &c->nkinds);
	c->themes = content_read_topics(r, COMMUNE_THEME, &c->nthemes);
}

/* Written once, said both ways: what is without diacritics is made of what has
 * them. */
static void
content_derive_bare(struct content_reply *reply)
{
	char *bare;

	if (reply->text[CONTENT_BARE][0] != '\0')
		return;
	bare = fold_bare(reply->text[CONTENT_ACCENTED]);
	if (bare == NULL)
		return; /* not UTF-8: reported for its own sake */
	free(reply->text[CONTENT_BARE]);
	reply->text[CONTENT_BARE] = bare;
}

static void
content_read_replies(struct content_reading *r)
{
	struct content *c = r->content;
	const struct optsec *s;
	size_t i;

	c->nreplies = content_count(r->intents, INTENTS_REPLY);
	c->replies = xcalloc(c->nreplies + 1, sizeof(*c->replies));
	for (i = 0; i < c->nreplies; i++) {
		s = optfile_section(r->intents, INTENTS_REPLY, i);
		optsec_fill(s, &c->replies[i], r->faults);
		c->replies[i].id = xstrdup(optsec_title(s));
		content_derive_bare(&c->replies[i]);
	}
}

/* The codes of a list to agencies; unknown ones are reported and left out. */
static const struct content_agency **
content_resolve_agencies(
    struct content_reading *r, const struct opt_list *codes, size_t *n)
{
	const struct content_agency **list, *a;
	size_t i;

	list = xcalloc(codes->n + 1, sizeof(*list));
	*n = 0;
	for (i = 0; i < codes->n; i++) {
		a = content_agency_by_code(r->content, codes->items[i].text);
		if (a != NULL)
			list[(*n)++] = a;
		else
			faults_add(r->faults, optfile_path(r->intents),
			    codes->items[i].line,
			    "agency \"%s\" is not in commune.conf",
			    codes->items[i].text);
	}
	return list;
}

static const struct content_reply *
content_resolve_reply(struct content_reading *r, const struct optsec *s,
    const char *key, const char *id)
{
	const struct content_reply *reply;

	if (id[0] == '\0')
		return NULL;
	reply = content_reply_by_id(r->content, id);
	if (reply == NULL)
		faults_add(r->faults, optsec_path(s), optsec_line(s, key),
		    "there is no reply \"%s\"", id);
	return reply;
}

static void
content_read_intent(struct content_reading *r, size_t i)
{
	struct content_intent *intent = &r->content->intents[i];
	struct intent_raw *raw = &r->raw[i];
	const struct optsec *s;

	s = optfile_section(r->intents, INTENTS_INTENT, i);
	optsec_fill(s, raw, r->faults);
	intent->name = xstrdup(optsec_title(s));
	intent->action = (enum content_action)raw->action;
	intent->urgency = (enum content_urgency)raw->urgency;
	intent->agencies =
	    content_resolve_agencies(r, &raw->agencies, &intent->nagencies);
	intent->ladder =
	    content_resolve_agencies(r, &raw->ladder, &intent->nladder);
	intent->reply = content_resolve_reply(r, s, "reply", raw->reply);
	intent->language = content_known_language(raw->language);
	intent->script = content_known_script(raw->script);
	intent->pending =
	    content_fold_list(NULL, &raw->keywords_pending, &intent->npending);
	intent->reply_with_text = content_resolve_reply(
	    r, s, "reply_with_text", raw->reply_with_text);
	intent->reply_with_argument = content_resolve_reply(
	    r, s, "reply_with_argument", raw->reply_with_argument);
	intent->argument = (enum argument_kind)raw->argument;
	intent->child_age = (enum age_of)raw->child_age;
	intent->flag_repeats = raw->flag_repeats;
	intent->is_witness = raw->witness;
	intent->case_with_text = (intent->action == CONTENT_INFO ||
				     intent->action == CONTENT_EVENT) &&
				 intent->reply_with_text != NULL;
	if (intent->reply_with_text == NULL)
		intent->reply_with_text = intent->reply;
}

static void
content_read_intents(struct content_reading *r)
{
	struct content *c = r->content;
	size_t i;

	c->nintents = content_count(r->intents, INTENTS_INTENT);
	c->intents = xcalloc(c->nintents + 1, sizeof(*c->intents));
	r->raw = xcalloc(c->nintents + 1, sizeof(*r->raw));
	for (i = 0; i < c->nintents; i++)
		content_read_intent(r, i);
	c->fallback = content_intent_by_name(c, "FALLBACK");
	c->callback = content_intent_by_name(c, "CALLBACK");
	c->hush = content_intent_by_name(c, "HUSH");
	c->child = content_intent_by_name(c, "CHILD");
	optsec_fill(
	    optfile_section(r->intents, INTENTS_TOP, 0), &r->words, r->faults);
}

static struct content *
content_build(struct content_reading *r)
{
	struct content *c;
	size_t i;

	c = r->content = xcalloc(1, sizeof(*c));
	content_read_commune(r);
	c->broadcast = broadcast_load(r->dir, r->faults);
	c->lint = lint_new(&c->commune, c->broadcast);
	content_read_replies(r);
	content_read_intents(r);
	content_index_all(r);
	content_check(r);
	c->menus = menus_load(c, r->dir, r->faults);
	c->workdays = workdays_load(r->dir, r->faults);
	for (i = 0; i < c->nintents; i++)
		opts_clear(
		    intent_options, TC_NELEM(intent_options), &r->raw[i]);
	free(r->raw);
	opts_clear(words_options, TC_NELEM(words_options), &r->words);
	return c;
}

static struct optfile *
content_read_file(const char *dir, const char *name,
    const struct opt_section *kinds, size_t nkinds, struct faults *faults)
{
	struct optfile *file;
	char *path;

	path = xasprintf("%s/%s", dir, name);
	file = optfile_read(path, kinds, nkinds, faults);
	free(path);
	return file;
}

struct content *
content_load(const char *dir, struct faults *faults)
{
	size_t before = faults->n + faults->more;
	struct content_reading r = {.dir = dir, .faults = faults};
	struct optfile *commune, *intents;
	struct content *c = NULL;

	commune = content_read_file(
	    dir, "commune.conf", commune_kinds, COMMUNE_NKINDS, faults);
	intents = content_read_file(
	    dir, "intents.conf", intents_kinds, INTENTS_NKINDS, faults);
	r.commune = commune;
	r.intents = intents;
	if (commune != NULL && intents != NULL)
		c = content_build(&r);
	optfile_free(commune);
	optfile_free(intents);
	if (faults->n + faults->more == before)
		return c;
	faults_sort(faults);
	content_free(c);
	return NULL;
}

static void
content_free_commune(struct content_commune *c)
{
	struct commune_raw raw = {.commune = *c};
	size_t i;

	opts_clear(commune_options, TC_NELEM(commune_options), &raw);
	for (i = 0; i < c->nhamlets; i++)
		free(c->hamlets[i]);
	for (i = 0; i < c->nagencies; i++) {
		free(c->agencies[i].code);
		free(c->agencies[i].name);
		content_free_list(c->agencies[i].words, c->agencies[i].nwords);
	}
	for (i = 0; i < c->nhotlines; i++) {
		free(c->hotlines[i].number);
		free(c->hotlines[i].name);
		free(c->hotlines[i].verified);
	}
	content_free_topics(c->kinds, c->nkinds);
	content_free_topics(c->themes, c->nthemes);
	free(c->hamlets);
	free(c->agencies);
	free(c->hotlines);
}

void
content_free(struct content *c)
{
	size_t i, s;

	if (c == NULL)
		return;
	content_free_commune(&c->commune);
	for (i = 0; i < c->nreplies; i++) {
		free(c->replies[i].id);
		for (s = 0; s < CONTENT_NSCRIPTS; s++)
			free(c->replies[i].text[s]);
		for (s = 0; s < CONTENT_NMINORITIES; s++)
			free(c->replies[i].minority[s]);
	}
	for (i = 0; i < c->nintents; i++) {
		free(c->intents[i].name);
		content_free_list(
		    c->intents[i].pending, c->intents[i].npending);
		free(c->intents[i].agencies);
		free(c->intents[i].ladder);
	}
	free(c->replies);
	free(c->intents);
	match_index_free(c->index);
	menus_free(c->menus);
	workdays_free(c->workdays);
	broadcast_free(c->broadcast);
	lint_free(c->lint);
	free(c);
}

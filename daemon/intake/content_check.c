/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a content pack must be besides well written: replies of one segment
 * (R12) that give nothing away (R1, R2, R14, M19), intents that somebody
 * answers, and the few names that the daemon itself relies on. Called by
 * content.c when everything is read; adds to the list of faults and changes
 * nothing else.
 */
#include "config.h"

#include <string.h>

#include "content_load.h"
#include "fold.h"
#include "gsm.h"

/* What the daemon relies on. */
static const struct {
	const char *name;
	enum content_action action;
} check_intents[] = {
    {"SOS", CONTENT_CASE},
    {"SUPPORT", CONTENT_CASE},
    {"SUBSCRIBE", CONTENT_SUBSCRIBE},
    {"CONFIRM", CONTENT_CONFIRM},
    {"OPTOUT", CONTENT_OPTOUT},
    {"HUSH", CONTENT_HUSH},
    {"FALLBACK", CONTENT_CASE},
};
static const char *const check_replies[] = {"N1", "N2", "FALLBACK"};

/* And of a pack that has an intent of this action. */
static const struct {
	enum content_action action;
	const char *reply;
} check_with_action[] = {
    {CONTENT_EVENT, "EVENT_NONE"},
    {CONTENT_EVENT, "EVENT_REMIND"},
    {CONTENT_QUIZ, "QUIZ_NONE"},
    {CONTENT_SERIES, "SERIES_NONE"},
    {CONTENT_PLEDGE, "QUIZ_NONE"},
};
/* Intents that open a case and may have a reply of their own, of their name: it
 * must be neutral all the same, unless it informs: what to do until somebody
 * has read it, or that nobody is going to call. */
static const struct {
	const char *name;
	bool is_neutral;
} check_own_reply[] = {
    {"FALLBACK", true}, {"ERASE", true}, {"ANC", false}, {"FEEDBACK", false}};
#define REPLY_ARGUMENT "ACK" /* the one thanks for an argument */

/* Folded syllables that are common words with other diacritics, or that people
 * begin a sentence with. */
static const char *const check_ambiguous[] = {"bao", "co", "dung", "goi", "hoc",
    "huy", "nha", "nham", "thai", "thoi", "te", "truong", "vay", "xoa"};

/* Held by the commune apart from the queues; no pack can name it. */
#define AGENCY_RECOVERY "RECOVERY"
#define AGENCY_TRIAGE "TRIAGE"

static bool
is_code(const char *s, const char *allowed, size_t max)
{
	size_t n = strlen(s);

	return n > 0 && n <= max && strspn(s, allowed) == n;
}

static bool
is_id(const char *s)
{
	return is_code(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", 32);
}

static void
check_fault(struct content_reading *r, const struct optsec *s, const char *key,
    const char *what)
{
	faults_add(r->faults, optsec_path(s), optsec_line(s, key), "%s", what);
}

static void
check_commune(struct content_reading *r)
{
	const struct content_commune *c = &r->content->commune;
	const struct optsec *s;
	size_t i;

	s = optfile_section(r->commune, COMMUNE_TOP, 0);
	if (c->send_from >= c->send_until)
		check_fault(r, s, "send_until",
		    "send_until must be later than send_from");
	if (content_agency_by_code(r->content, AGENCY_TRIAGE) == NULL)
		check_fault(r, s, "", "agency \"TRIAGE\" is missing");
	for (i = 0; i < c->nagencies; i++) {
		s = optfile_section(r->commune, COMMUNE_AGENCY, i);
		if (!is_id(c->agencies[i].code))
			check_fault(r, s, "",
			    "an agency has a code of A-Z 0-9 _, at most 32");
		if (strcmp(c->agencies[i].code, AGENCY_RECOVERY) == 0)
			check_fault(
			    r, s, "", "\"RECOVERY\" is built in and no agency");
	}
	for (i = 0; i < c->nhotlines; i++) {
		s = optfile_section(r->commune, COMMUNE_HOTLINE, i);
		if (!is_code(c->hotlines[i].number, "0123456789", 15))
			check_fault(
			    r, s, "", "a hotline is a number in digits");
	}
}

/* Of an event the argument is no question. */
static bool
argument_opens_case(const struct content_intent *x)
{
	return content_opens_case(x, true) && x->action != CONTENT_EVENT;
}

/* Does a message that opens a case bring this reply? */
static bool
reply_is_neutral(const struct content *c, const struct content_reply *reply)
{
	const struct content_intent *x;
	size_t i;

	for (i = 0; i < TC_NELEM(check_own_reply); i++)
		if (!check_own_reply[i].is_neutral &&
		    strcmp(reply->id, check_own_reply[i].name) == 0)
			return false;
	for (i = 0; i < c->nintents; i++) {
		x = &c->intents[i];
		if ((x->action == CONTENT_CASE && x->reply == reply) ||
		    (x->case_with_text && x->reply_with_text == reply) ||
		    (x->reply_with_argument == reply && argument_opens_case(x)))
			return true;
	}
	return false;
}

/* What an intent answers is said as it stands: nobody fills braces in. */
static bool
reply_is_answer(const struct content *c, const struct content_reply *reply)
{
	const struct content_intent *x;
	size_t i;

	for (i = 0; i < c->nintents; i++) {
		x = &c->intents[i];
		if (x->reply == reply || x->reply_with_text == reply ||
		    x->reply_with_argument == reply)
			return true;
	}
	return false;
}

static void
check_length(struct content_reading *r, const struct optsec *s,
    const char *text, enum content_script script)
{
	const char *key = content_script_name(script);
	struct gsm_text cost;

	if (gsm_segment(text, strlen(text), &cost, NULL, 0) != 0) {
		check_fault(r, s, key, "the reply is not one segment (R12)");
		return;
	}
	if (script == CONTENT_BARE && cost.coding != GSM_CODING_7BIT)
		check_fault(r, s, key,
		    "the bare reply holds a character that is not in the GSM "
		    "alphabet");
	else if (cost.nsegments != 1)
		faults_add(r->faults, optsec_path(s), optsec_line(s, key),
		    "the reply takes %u of %d %s: it must be one segment (R12)",
		    cost.units, cost.coding == GSM_CODING_7BIT ? 160 : 70,
		    cost.coding == GSM_CODING_7BIT ? "septets" : "units");
}

static void
check_reply(struct content_reading *r, size_t i)
{
	const struct content_reply *reply = &r->content->replies[i];
	struct lint *lint = r->content->lint;
	const struct optsec *s;
	const char *why;
	int script, rc;
	bool neutral;

	s = optfile_section(r->intents, INTENTS_REPLY, i);
	if (!is_id(reply->id))
		check_fault(
		    r, s, "", "a reply has an id of A-Z 0-9 _, at most 32");
	neutral = reply_is_neutral(r->content, reply);
	for (script = 0; script < CONTENT_NSCRIPTS; script++) {
		check_length(
		    r, s, reply->text[script], (enum content_script)script);
		if (strchr(reply->text[script], '{') != NULL &&
		    reply_is_answer(r->content, reply))
			check_fault(r, s,
			    content_script_name((enum content_script)script),
			    "the reply of an intent has no {braces}");
		rc = neutral ? lint_neutral(lint, reply->text[script], &why)
			     : lint_outbound(lint, reply->text[script], &why);
		if (rc != 0)
			faults_add(r->faults, optsec_path(s),
			    optsec_line(s, content_script_name(
					       (enum content_script)script)),
			    "the reply %s", why);
	}
}

/* A translation is one segment, too, and gives nothing away. */
static void
check_minority(struct content_reading *r, size_t i)
{
	static const char *const keys[] = {
	    [CONTENT_BDQ] = "bdq", [CONTENT_JRA] = "jra"};
	const struct content_reply *reply = &r->content->replies[i];
	const struct optsec *s = optfile_section(r->intents, INTENTS_REPLY, i);
	const char *text, *why;
	struct gsm_text cost;
	size_t k;

	for (k = 0; k < CONTENT_NMINORITIES; k++) {
		text = reply->minority[k];
		if (text[0] == '\0')
			continue;
		if (gsm_segment(text, strlen(text), &cost, NULL, 0) != 0 ||
		    cost.nsegments != 1)
			check_fault(r, s, keys[k],
			    "the reply is not one segment (R12)");
		if (lint_outbound(r->content->lint, text, &why) != 0)
			faults_add(r->faults, optsec_path(s),
			    optsec_line(s, keys[k]), "the reply %s", why);
	}
}

static bool
reply_has_id(const struct content_reply *reply, const char *id)
{
	return reply != NULL && strcmp(reply->id, id) == 0;
}

static bool
is_own_reply(const struct content_intent *x, const struct content_reply *reply)
{
	size_t i;

	for (i = 0; i < TC_NELEM(check_own_reply); i++) {
		if (strcmp(x->name, check_own_reply[i].name) == 0)
			return reply_has_id(reply, x->name);
	}
	return false;
}

/* R1: whoever waits for a person gets the same words as everybody else. */
static void
check_case_reply(struct content_reading *r, const struct optsec *s,
    const struct content_intent *x)
{
	if (x->reply == NULL && optsec_is_given(s, "reply"))
		return; /* reported: there is no such reply */
	if (reply_has_id(x->reply, "N2") && x->urgency > CONTENT_U1)
		check_fault(r, s, "reply",
		    "N2 is the reply of emergencies (U0, U1); this takes N1 "
		    "(R1)");
	else if (!is_own_reply(x, x->reply) && !reply_has_id(x->reply, "N1") &&
		 !reply_has_id(x->reply, "N2"))
		check_fault(r, s, "reply",
		    "the reply of an intent that opens a case is N1, or N2 in "
		    "an emergency (R1)");
}

/* Each agency once, in agencies or in ladder. */
static void
check_agencies(struct content_reading *r, const struct optsec *s,
    const struct content_intent *x)
{
	const struct content_agency *a, *b;
	size_t i, k, n = x->nagencies + x->nladder;

	for (i = 1; i < n; i++) {
		a = i < x->nagencies ? x->agencies[i]
				     : x->ladder[i - x->nagencies];
		for (k = 0; k < i; k++) {
			b = k < x->nagencies ? x->agencies[k]
					     : x->ladder[k - x->nagencies];
			if (a == b)
				faults_add(r->faults, optsec_path(s),
				    optsec_line(s, i < x->nagencies ? "agencies"
								    : "ladder"),
				    "agency \"%s\" is named twice", a->code);
		}
	}
}

static void
check_case(struct content_reading *r, const struct optsec *s,
    const struct content_intent *x)
{
	if (!optsec_is_given(s, "agencies"))
		check_fault(
		    r, s, "", "an intent that opens a case needs agencies");
	if (x->urgency == CONTENT_U4)
		check_fault(r, s, "urgency",
		    "an intent that opens a case has an urgency of U0 to U3");
	if (x->action == CONTENT_CASE)
		check_case_reply(r, s, x);
	else if (!reply_has_id(x->reply_with_text, "N1") &&
		 !is_own_reply(x, x->reply_with_text))
		check_fault(r, s, "reply_with_text",
		    "reply_with_text opens a case and must be N1 (R1)");
}

/* The reply to an argument is one and the same, too. */
static void
check_argument(struct content_reading *r, const struct optsec *s,
    const struct content_intent *x)
{
	if (!optsec_is_given(s, "reply_with_argument"))
		return;
	if (x->argument == ARGUMENT_NONE ||
	    (!content_opens_case(x, true) && x->action != CONTENT_OPTOUT))
		check_fault(r, s, "reply_with_argument",
		    "reply_with_argument is for an intent that opens a case "
		    "or opts out and has an argument");
	else if (argument_opens_case(x) && x->reply_with_argument != NULL &&
		 !reply_has_id(x->reply_with_argument, REPLY_ARGUMENT))
		check_fault(r, s, "reply_with_argument",
		    "reply_with_argument must be ACK (R1)");
}

/* R27: what a child sends goes where children's cases go. */
static void
check_age(struct content_reading *r, const struct optsec *s,
    const struct content_intent *x)
{
	const struct content_intent *child = r->content->child;

	if (x->child_age == AGE_NONE)
		return;
	if (x->action != CONTENT_CASE)
		check_fault(
		    r, s, "child_age", "child_age is for the action case only");
	if (child == NULL || child->action != CONTENT_CASE ||
	    child->urgency != CONTENT_U0)
		check_fault(r, s, "child_age",
		    "child_age needs an intent \"CHILD\" of U0 that opens a "
		    "case (R27)");
}

/* Such an intent changes one of the two. */
static void
check_language(struct content_reading *r, const struct optsec *s,
    const struct content_intent *x)
{
	bool has_language = x->language[0] != '\0';
	bool has_script = x->script[0] != '\0';

	if (optsec_is_given(s, "script") && !has_script)
		check_fault(r, s, "script",
		    "script is bare or accented, with the action language");
	else if ((x->action == CONTENT_LANGUAGE) !=
		 (has_language != has_script))
		check_fault(r, s, has_script ? "script" : "language",
		    "language is vi, bdq or jra, with the action language, or "
		    "there is a script instead");
}

static void
check_no_case(struct content_reading *r, const struct optsec *s,
    const struct content_intent *x)
{
	if (x->nagencies > 0 || x->nladder > 0)
		check_fault(r, s, x->nagencies > 0 ? "agencies" : "ladder",
		    "an intent that opens no case has no agencies");
	if (x->action == CONTENT_HUSH && x->reply != NULL)
		check_fault(r, s, "reply", "hush is silent (R7)");
	if (x->action != CONTENT_HUSH && !optsec_is_given(s, "reply"))
		check_fault(r, s, "", "the intent needs a reply");
}

static void
check_fallback(struct content_reading *r, const struct optsec *s,
    const struct content_intent *x, bool has_keywords)
{
	size_t i;

	if (has_keywords)
		check_fault(r, s, "",
		    "FALLBACK is what matches nothing: it has no keywords");
	for (i = 0; i < x->nagencies; i++) {
		if (strcmp(x->agencies[i]->code, AGENCY_TRIAGE) == 0)
			return;
	}
	check_fault(r, s, "agencies", "FALLBACK must go to agency \"TRIAGE\"");
}

static bool
is_ambiguous(const char *keyword)
{
	struct fold f;
	bool found = false;
	size_t i;

	if (fold_text(keyword, strlen(keyword), &f) != 0)
		return false;
	for (i = 0; i < TC_NELEM(check_ambiguous); i++)
		found = found || strcmp(f.text, check_ambiguous[i]) == 0;
	fold_clear(&f);
	return found;
}

static void
check_ambiguous_in(struct content_reading *r, const struct optsec *s,
    const struct opt_list *list)
{
	const struct opt_value *v;
	size_t i;

	for (i = 0; i < list->n; i++) {
		v = &list->items[i];
		if (is_ambiguous(v->text))
			faults_add(r->faults, optsec_path(s), v->line,
			    "\"%s\" is a common word: it belongs into "
			    "keywords_alone",
			    v->text);
	}
}

static void
check_keywords(struct content_reading *r, const struct optsec *s,
    const struct content_intent *x, const struct intent_raw *raw)
{
	const struct opt_value *v;
	size_t i;

	if (!content_is_control(x))
		check_ambiguous_in(r, s, &raw->keywords);
	check_ambiguous_in(r, s, &raw->keywords_inside);
	if (x->action != CONTENT_CASE && raw->keywords_inside.n > 0)
		check_fault(r, s, "keywords_inside",
		    "keywords_inside is for the action case only");
	for (i = 0; i < raw->aliases.n; i++) {
		v = &raw->aliases.items[i];
		if (!is_code(v->text, "0123456789", 3))
			faults_add(r->faults, optsec_path(s), v->line,
			    "an alias is a number of at most 3 digits");
	}
}

static void
check_actions(struct content_reading *r, const struct optsec *s,
    const struct content_intent *x)
{
	size_t i;

	for (i = 0; i < TC_NELEM(check_with_action); i++)
		if (x->action == check_with_action[i].action &&
		    content_reply_by_id(
			r->content, check_with_action[i].reply) == NULL)
			faults_add(r->faults, optsec_path(s),
			    optsec_line(s, "action"),
			    "the action %s needs the reply \"%s\"",
			    content_action_name(x->action),
			    check_with_action[i].reply);
}

static void
check_intent(struct content_reading *r, size_t i)
{
	const struct content_intent *x = &r->content->intents[i];
	const struct intent_raw *raw = &r->raw[i];
	const struct optsec *s;
	bool has_keywords;

	s = optfile_section(r->intents, INTENTS_INTENT, i);
	if (!is_id(x->name))
		check_fault(
		    r, s, "", "an intent has a name of A-Z 0-9 _, at most 32");
	if (x->action != CONTENT_INFO && x->action != CONTENT_EVENT &&
	    optsec_is_given(s, "reply_with_text"))
		check_fault(r, s, "reply_with_text",
		    "reply_with_text is for the actions info and event only");
	if (content_opens_case(x, true))
		check_case(r, s, x);
	else
		check_no_case(r, s, x);
	check_argument(r, s, x);
	check_actions(r, s, x);
	check_language(r, s, x);
	if (x->npending > 0 && x->action != CONTENT_HUSH)
		check_fault(r, s, "keywords_pending",
		    "keywords_pending is for the action hush only");
	check_age(r, s, x);
	check_agencies(r, s, x);
	check_keywords(r, s, x, raw);
	has_keywords = raw->keywords.n + raw->keywords_inside.n +
			   raw->keywords_alone.n + raw->aliases.n >
		       0;
	if (strcmp(x->name, "FALLBACK") == 0)
		check_fallback(r, s, x, has_keywords);
	else if (!has_keywords)
		check_fault(r, s, "", "the intent has no keywords");
}

static void
check_mandatory(struct content_reading *r)
{
	const struct content_intent *x;
	const char *file = optfile_path(r->intents);
	size_t i;

	for (i = 0; i < TC_NELEM(check_intents); i++) {
		x = content_intent_by_name(r->content, check_intents[i].name);
		if (x == NULL)
			faults_add(r->faults, file, 0,
			    "intent \"%s\" is missing", check_intents[i].name);
		else if (x->action != check_intents[i].action)
			faults_add(r->faults, file, 0,
			    "intent \"%s\" must have the action %s",
			    check_intents[i].name,
			    content_action_name(check_intents[i].action));
	}
	for (i = 0; i < TC_NELEM(check_replies); i++) {
		if (content_reply_by_id(r->content, check_replies[i]) == NULL)
			faults_add(r->faults, file, 0,
			    "reply \"%s\" is missing", check_replies[i]);
	}
}

/* A word means one kind or theme; what lists are of has a short code. */
static void
check_topics(struct content_reading *r, size_t section,
    const struct argument_topic *topics, size_t n)
{
	const struct optsec *s;
	size_t i, w;

	for (i = 0; i < n; i++) {
		s = optfile_section(r->commune, section, i);
		if (strlen(topics[i].code) > CONTENT_TOPIC_MAX)
			check_fault(r, s, "",
			    "the code of a kind or theme has at most 15 "
			    "letters");
		for (w = 0; w < topics[i].nwords; w++)
			if (argument_topic(topics, n, topics[i].words[w]) !=
			    &topics[i])
				faults_add(r->faults, optsec_path(s),
				    optsec_line(s, "words"),
				    "\"%s\" means another one, too",
				    topics[i].words[w]);
	}
}

void
content_check(struct content_reading *r)
{
	size_t i;

	check_commune(r);
	check_topics(r, COMMUNE_KIND, r->content->commune.kinds,
	    r->content->commune.nkinds);
	check_topics(r, COMMUNE_THEME, r->content->commune.themes,
	    r->content->commune.nthemes);
	for (i = 0; i < r->content->nreplies; i++) {
		check_reply(r, i);
		check_minority(r, i);
	}
	for (i = 0; i < r->content->nintents; i++)
		check_intent(r, i);
	check_mandatory(r);
}

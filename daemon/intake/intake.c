/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a text causes (intake.h). The matcher says what it means, the table of
 * actions does it, reply.c decides whether and what is answered.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "conf.h"
#include "desk/desk.h"
#include "inbound.h"
#include "intake/budget.h"
#include "intake/callback.h"
#include "intake/content.h"
#include "intake/intake.h"
#include "intake/match.h"
#include "intake/reply.h"
#include "intake/selftest.h"
#include "intake/sender.h"
#include "intake/talk.h"
#include "log.h"
#include "msisdn.h"
#include "outbox/outbox.h"
#include "outreach/meeting.h"
#include "outreach/people.h"
#include "outreach/quiz.h"
#include "outreach/series.h"
#include "vault/vault.h"

/* One text on its way through here. */
struct intake {
	struct core *core;
	const struct inbound *in;
	enum msisdn_kind kind;
	char number[MSISDN_MAX]; /* canonical, or the name that was sent */
	struct match match;
	struct contact contact; /* id 0: none was needed */
	const char *note;       /* what is odd about it, fixed words; "" */
	const char *reply_id;   /* NULL: the reply of the match */
	struct budget_ask heard;
	bool is_same; /* as the last ones of this number */
};

/* --- contacts --- */

/* The contact row of the sender, made when missing. */
static int
intake_contact(struct intake *x)
{
	return x->contact.id != 0 ? 0
				  : sender_contact(x->core, x->number,
					x->in->modem, &x->contact);
}

/* Must this phone stay dark: THOI was said (R7), or that it is in other hands
 * (R5)? 1, 0, negative error. Nothing is made. */
static int
intake_is_dark(struct intake *x)
{
	struct contact contact = x->contact;
	int rc = 0;

	if (contact.id == 0)
		rc = sender_find(x->core, x->number, &contact);
	if (rc != 0)
		return rc == TC_ENOENT ? 0 : rc;
	return contact.hushed || strcmp(contact.state, "unsafe") == 0;
}

/* --- actions --- */

static int
intake_file(
    struct intake *x, const struct content_intent *intent, const char *kind)
{
	char hours[CALLBACK_TEXT_MAX] = "";
	struct desk_text t = {.intent = intent,
	    .kind = kind,
	    .number = x->number,
	    .text = x->in->text,
	    .note = x->note,
	    .hours = hours,
	    .is_joining = intent == content_fallback(x->core->content) ||
			  intent == content_callback(x->core->content),
	    .is_danger = x->match.danger,
	    .is_emergency = x->match.is_emergency,
	    .is_witness = x->match.is_witness,
	    .is_same = x->is_same,
	    .at =
		x->in->smsc_time != 0 ? x->in->smsc_time : x->in->received_at};
	int64_t case_id;
	int rc;

	if ((rc = intake_contact(x)) != 0)
		return rc;
	if (x->match.argument.kind == ARGUMENT_HOURS) {
		(void)callback_text(&x->match.argument.hours, t.at,
		    content_commune(x->core->content)->zone_minutes, hours);
		rc = sender_set_hours(
		    x->core, &x->contact, &x->match.argument.hours, t.at);
	}
	t.contact_id = x->contact.id;
	return rc != 0 ? rc : desk_file_text(x->core, &t, &case_id);
}

/* A text that says nothing we know ends no hush: it may be somebody else's. */
static int
intake_unhush(struct intake *x)
{
	if (x->match.intent == content_fallback(x->core->content))
		return 0;
	return sender_unhush(x->core, &x->contact);
}

static int
intake_reply(struct intake *x, int64_t person_id)
{
	struct reply_request r = {.in = x->in,
	    .number = x->number,
	    .match = &x->match,
	    .heard = x->heard,
	    .contact = person_id == 0 ? &x->contact : NULL,
	    .person_id = person_id,
	    .reply_id = x->reply_id};
	int rc;

	rc = intake_is_dark(x);
	if (rc != 0)
		return rc < 0 ? rc
			      : 0; /* whatever it is, the phone stays dark */
	return reply_send(x->core, &r);
}

static int
intake_case(struct intake *x)
{
	int rc;

	if ((rc = intake_contact(x)) != 0 || (rc = intake_unhush(x)) != 0 ||
	    (rc = intake_file(x, x->match.intent, "sms")) != 0)
		return rc;
	return intake_reply(x, 0);
}

static int
intake_info(struct intake *x)
{
	int rc;

	if (content_opens_case(x->match.intent, x->match.has_text))
		return intake_case(x);
	rc = intake_contact(x);
	return rc != 0 ? rc : intake_reply(x, 0);
}

static int
intake_subscribe(struct intake *x)
{
	int64_t person_id;
	int rc;

	rc = people_ask(x->core, x->number, &person_id);
	if (rc == 0 && x->match.argument.kind == ARGUMENT_HAMLET)
		rc = people_set_hamlet(
		    x->core, x->number, x->match.argument.hamlet);
	return rc != 0 ? rc : intake_reply(x, person_id);
}

/* Whoever cannot be read goes to TRIAGE with the reply of FALLBACK. */
static int
intake_fallback(struct intake *x)
{
	x->match = (struct match){
	    .intent = content_fallback(x->core->content), .has_text = true};
	return intake_case(x);
}

/* CO counts only inside a question that was asked in the last 24 hours. */
static int
intake_confirm(struct intake *x)
{
	int64_t person_id;
	int rc;

	rc = people_confirm(x->core, x->number, &person_id);
	if (rc == TC_ESTATE)
		return intake_fallback(x);
	return rc != 0 ? rc : intake_reply(x, person_id);
}

static int
intake_optout(struct intake *x)
{
	const struct argument *arg = &x->match.argument;
	int64_t person_id;
	int rc;

	rc = arg->kind == ARGUMENT_THEME
		 ? people_optout_theme(
		       x->core, x->number, arg->theme, &person_id)
		 : people_optout(x->core, x->number, &person_id);
	return rc != 0 ? rc : intake_reply(x, person_id);
}

/* A number that was understood: SK 2. 0: none. */
static int
intake_number(const struct intake *x)
{
	const struct argument *arg = &x->match.argument;

	return arg->kind == ARGUMENT_NUMBER ? arg->numbers[0] : 0;
}

/* He comes. What else he writes is a question, and so are two numbers. */
static int
intake_event(struct intake *x)
{
	const struct argument *arg = &x->match.argument;
	int64_t person_id = 0;
	int rc;

	if (x->match.has_text &&
	    (arg->kind != ARGUMENT_NUMBER || arg->numbers[1] != 0))
		return content_opens_case(x->match.intent, true)
			   ? intake_case(x)
			   : intake_fallback(x);
	x->match.has_text = false;
	rc = meeting_join(x->core, x->number, intake_number(x), &person_id);
	if (rc == TC_ENOENT) {
		x->reply_id = "EVENT_NONE";
		rc = intake_contact(x);
	}
	return rc != 0 ? rc : intake_reply(x, person_id);
}

/* He does not come; told the same when he was on no list. */
static int
intake_leave(struct intake *x)
{
	int64_t person_id = 0;
	int rc;

	rc = meeting_leave(x->core, x->number, intake_number(x), &person_id);
	if (rc == TC_ENOENT)
		rc = intake_contact(x);
	return rc != 0 ? rc : intake_reply(x, person_id);
}

/* NT 2: he gets the series of that number from now on. */
static int
intake_series(struct intake *x)
{
	int64_t person_id = 0;
	int rc;

	if (intake_number(x) == 0 || x->match.argument.numbers[1] != 0)
		return intake_fallback(x);
	rc = series_by_sms(x->core, x->number, intake_number(x), &person_id);
	if (rc == TC_ENOENT) {
		x->reply_id = "SERIES_NONE";
		rc = intake_contact(x);
	}
	return rc != 0 ? rc : intake_reply(x, person_id);
}

/* "Q 3" or "Q 2 3"; with no number it is no answer. Counted or counted before:
 * he is told the same. */
static int
intake_quiz(struct intake *x)
{
	const struct argument *arg = &x->match.argument;
	const bool is_pledge = x->match.intent->action == CONTENT_PLEDGE;
	struct quiz_vote vote = {x->number, is_pledge, 0, 1};
	int rc;

	if (!is_pledge) {
		if (arg->kind != ARGUMENT_NUMBER)
			return intake_fallback(x);
		vote.question = arg->numbers[1] != 0 ? arg->numbers[0] : 0;
		vote.choice =
		    arg->numbers[1] != 0 ? arg->numbers[1] : arg->numbers[0];
	}
	rc = quiz_answer(x->core, &vote);
	if (rc == TC_ENOENT)
		x->reply_id = "QUIZ_NONE";
	else if (rc != 0)
		return rc;
	rc = intake_contact(x);
	return rc != 0 ? rc : intake_reply(x, 0);
}

/* How the replies to what she asks are said from now on. */
static int
intake_script(struct intake *x)
{
	int rc = intake_contact(x);

	if (rc == 0)
		rc = str_printf(x->contact.script, sizeof(x->contact.script),
		    "%s", x->match.intent->script);
	if (rc == 0)
		rc = store_contact_update(x->core->store, &x->contact);
	return rc != 0 ? rc : intake_reply(x, 0);
}

/* For what she asked and for what he subscribed to, which nothing joins: each
 * row that is there. Who is not known at all becomes a contact. */
static int
intake_language(struct intake *x)
{
	const char *language = x->match.intent->language;
	int64_t person_id = 0;
	int rc;

	if (language[0] == '\0')
		return intake_script(x);
	rc = people_set_language(x->core, x->number, language, &person_id);
	if (rc != 0 && rc != TC_ENOENT)
		return rc;
	rc = sender_find(x->core, x->number, &x->contact);
	if (rc == TC_ENOENT)
		rc = person_id != 0 ? 0 : intake_contact(x);
	if (rc == 0 && x->contact.id != 0) {
		rc = str_printf(x->contact.language,
		    sizeof(x->contact.language), "%s", language);
		if (rc == 0)
			rc = store_contact_update(x->core->store, &x->contact);
	}
	return rc != 0 ? rc : intake_reply(x, person_id);
}

/* KHONG and an agency: hers is hers to say, about what is open and what comes.
 * Somebody who has asked for nothing can refuse nobody. */
static int
intake_refuse(struct intake *x, const struct content_agency *agency)
{
	int rc;

	x->match = (struct match){.intent = content_fallback(x->core->content),
	    .rule = MATCH_CONTEXT,
	    .has_text = true};
	x->note = "refused_agency";
	rc = store_contact_refuse(x->core->store, x->contact.id, agency->code);
	if (rc == 0)
		rc = desk_refuse(x->core, x->contact.id, agency->code);
	return rc < 0 ? rc : intake_file(x, x->match.intent, "sms");
}

/* In a conversation: 1 read into x->match, or done and no intent is left; 0
 * nothing of it; negative. */
static int
intake_talk(struct intake *x)
{
	const struct content_agency *refused;
	int rc;

	rc = sender_find(x->core, x->number, &x->contact);
	if (rc != 0) {
		x->contact.id = 0;
		return rc == TC_ENOENT ? 0 : rc;
	}
	refused = talk_refused(x->core->content, x->in->text);
	if (refused != NULL) {
		rc = intake_refuse(x, refused);
		x->match.intent = NULL; /* it is done */
		return rc != 0 ? rc : 1;
	}
	return talk_read(x->core->content, &x->contact, x->in->text, &x->match);
}

/* THOI: nothing goes to this number any more, her cases stay (R7). */
static int
intake_hush(struct intake *x)
{
	int rc;

	if ((rc = intake_contact(x)) != 0 ||
	    (rc = sender_hush(x->core, &x->contact)) != 0 ||
	    (rc = outbox_cancel_contact(x->core, x->contact.id)) < 0)
		return rc;
	rc = desk_hush(x->core, x->contact.id);
	return rc < 0 ? rc : 0;
}

static int (*const actions[CONTENT_NACTIONS])(struct intake *) = {
    [CONTENT_CASE] = intake_case,
    [CONTENT_SUBSCRIBE] = intake_subscribe,
    [CONTENT_CONFIRM] = intake_confirm,
    [CONTENT_OPTOUT] = intake_optout,
    [CONTENT_HUSH] = intake_hush,
    [CONTENT_INFO] = intake_info,
    [CONTENT_LANGUAGE] = intake_language,
    [CONTENT_EVENT] = intake_event,
    [CONTENT_LEAVE] = intake_leave,
    [CONTENT_QUIZ] = intake_quiz,
    [CONTENT_PLEDGE] = intake_quiz,
    [CONTENT_SERIES] = intake_series,
};

/* --- entry --- */

/* One of the SIMs of this box: two of them must never talk (R30). */
static bool
intake_is_own(const struct intake *x)
{
	const struct conf *conf = x->core->conf;
	size_t i;

	for (i = 0; i < conf->nmodems; i++)
		if (strcmp(conf->modems[i].number, x->number) == 0)
			return true;
	return false;
}

/* Not a person, or one of our own boxes: for somebody to see, and never to be
 * answered (R30). Why, or "". */
static const char *
intake_machine(const struct intake *x)
{
	if (!msisdn_can_answer(x->kind))
		return msisdn_kind_name(x->kind);
	return intake_is_own(x) ? "own_number" : "";
}

static const struct content_intent *
intake_call_intent(const struct intake *x)
{
	const struct content *c = x->core->content;

	return content_callback(c) != NULL ? content_callback(c)
					   : content_fallback(c);
}

/* No text that a person wrote. What it is, or "". */
static const char *
intake_no_text(const struct intake *x)
{
	static const char *const kinds[ML_SMS_NKINDS] = {
	    [ML_SMS_WAP] = "push",
	    [ML_SMS_SILENT] = "silent",
	    [ML_SMS_WAITING] = "waiting",
	};

	if (kinds[x->in->kind] != NULL)
		return kinds[x->in->kind];
	if (x->in->binary)
		return "binary";
	return x->in->len == 0 ? "empty" : "";
}

/* Somebody tried, and is to be called back; but no person makes a network ask
 * for a SIM, or tells that there is voice mail. */
static const struct content_intent *
intake_no_text_intent(const struct intake *x)
{
	if (x->in->kind == ML_SMS_SILENT || x->in->kind == ML_SMS_WAITING)
		return content_fallback(x->core->content);
	return intake_call_intent(x);
}

/* Filed under this intent, with x->note, and not answered. */
static int
intake_keep(struct intake *x, const struct content_intent *intent)
{
	x->match.intent = intent;
	return intake_file(x, intent, "sms");
}

/* A word that stands alone may be what is left of a sentence: no control word
 * is taken from a text of which a part is missing. */
static void
intake_match(struct intake *x)
{
	const struct content *c = x->core->content;

	match_text(c, x->in->text, x->in->len, &x->match);
	if (!x->in->incomplete)
		return;
	x->note = "incomplete";
	if (content_is_control(x->match.intent) ||
	    x->match.intent->action == CONTENT_EVENT)
		x->match.intent = content_fallback(c);
	x->match.has_text = true;
}

static int
intake_read(struct intake *x)
{
	int rc = x->in->incomplete ? 0 : intake_talk(x);

	if (rc == 0)
		intake_match(x);
	if (rc < 0 || x->match.intent == NULL)
		return rc < 0 ? rc : 0;
	return actions[x->match.intent->action](x);
}

/* It counts, whatever becomes of it. The hash of the text is kept as long as the
 * account of the number: it is keyed. */
static void
intake_hear(struct intake *x)
{
	struct core *c = x->core;
	unsigned char mac[VAULT_MAC];

	x->heard.mono_ms = clock_mono_ms();
	vault_phone_mac(c->vault, VAULT_CONTACT, x->number, mac);
	memcpy(&x->heard.number, mac, sizeof(x->heard.number));
	vault_mac(c->vault, VAULT_CONTACT, x->in->text, x->in->len, mac);
	memcpy(&x->heard.text, mac, sizeof(x->heard.text));
	x->is_same = budget_hear(c->budget, &x->heard);
}

static int
intake_take(struct intake *x)
{
	const struct content *c = x->core->content;

	x->note = intake_machine(x);
	if (x->note[0] != '\0')
		return intake_keep(x, content_fallback(c));
	x->note = intake_no_text(x);
	if (x->note[0] != '\0')
		return intake_keep(x, intake_no_text_intent(x));
	return intake_read(x);
}

int
intake_receive(struct core *c, const struct inbound *in)
{
	struct intake x = {.core = c, .in = in, .note = ""};
	int rc;

	x.kind = sender_number(in->number, x.number);
	if (intake_is_own(&x) && selftest_receive(c, in))
		return 0;
	intake_hear(&x);
	rc = intake_take(&x);
	if (rc == 0)
		log_info("inbound text modem=%s from=%s kind=%s len=%zu "
			 "note=%s",
		    in->modem, log_number(x.number), msisdn_kind_name(x.kind),
		    in->len, x.note[0] != '\0' ? x.note : "-");
	return rc;
}

/* A text after a call lights up the phone: only when she said that it is safe
 * (R29). */
static int
intake_call_reply(struct intake *x)
{
	if (!msisdn_can_answer(x->kind) ||
	    strcmp(x->contact.state, "safe") != 0)
		return 0;
	x->match = (struct match){.intent = intake_call_intent(x)};
	return intake_reply(x, 0);
}

int
intake_call(struct core *c, const char *modem, const char *number, int64_t at)
{
	struct inbound in = {
	    .modem = modem, .number = number, .text = "", .received_at = at};
	struct intake x = {.core = c, .in = &in, .note = "missed_call"};
	int rc;

	if (number[0] == '\0') {
		number = "withheld";
		x.note = number;
	}
	x.kind = sender_number(number, x.number);
	intake_hear(&x);
	rc = intake_file(&x, intake_call_intent(&x), "call");
	if (rc == 0)
		rc = intake_call_reply(&x);
	if (rc == 0)
		log_info("missed call modem=%s from=%s", modem,
		    log_number(x.number));
	return rc;
}

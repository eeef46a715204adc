/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * USSD sessions (ussd.h). Called by http/api_ussd.c inside its turn op. Owns a
 * small table of where sessions stand. When a request cannot be filed the step
 * fails as a whole and the gateway ends the session with an error.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "desk/desk.h"
#include "intake/callback.h"
#include "intake/sender.h"
#include "intake/ussd.h"
#include "log.h"
#include "outbox/guard.h"
#include "store/inbound.h"
#include "vault/vault.h"

#define USSD_SESSIONS 256
#define USSD_SEEN_REF (-3) /* no text and no call has this reference */

struct ussd_session {
	bool is_used, is_over;
	unsigned char id[VAULT_MAC], number[VAULT_MAC];
	char base[MENU_PATH_MAX + 1]; /* what was taken up again, "" */
	char path[MENU_PATH_MAX + 1]; /* where it stands, base included */
	int64_t at_ms;                /* monotonic, of the last step */
};

struct ussd {
	struct ussd_session sessions[USSD_SESSIONS];
};

/* One step on its way through here. */
struct ussd_work {
	struct core *core;
	const struct ussd_step *step;
	char number[MSISDN_MAX];
	struct ussd_session *session;
	bool is_new; /* the session was not known */
	struct menu_place place;
};

struct ussd *
ussd_new(void)
{
	return xcalloc(1, sizeof(struct ussd));
}

void
ussd_free(struct ussd *u)
{
	if (u != NULL)
		explicit_bzero(u, sizeof(*u));
	free(u);
}

/* --- the table --- */

static bool
session_is_idle(const struct ussd_session *s, int64_t now_ms)
{
	return now_ms - s->at_ms > USSD_IDLE_S * 1000;
}

static struct ussd_session *
session_find(struct ussd *u, const unsigned char id[VAULT_MAC])
{
	size_t i;

	for (i = 0; i < USSD_SESSIONS; i++)
		if (u->sessions[i].is_used &&
		    memcmp(u->sessions[i].id, id, VAULT_MAC) == 0)
			return &u->sessions[i];
	return NULL;
}

/* A free place, or that of the session which was silent longest. */
static struct ussd_session *
session_add(struct ussd *u)
{
	struct ussd_session *oldest = &u->sessions[0];
	size_t i;

	for (i = 0; i < USSD_SESSIONS && oldest->is_used; i++)
		if (!u->sessions[i].is_used ||
		    u->sessions[i].at_ms < oldest->at_ms)
			oldest = &u->sessions[i];
	memset(oldest, 0, sizeof(*oldest));
	oldest->is_used = true;
	return oldest;
}

/* The session that this number lost a moment ago, or NULL. */
static struct ussd_session *
session_dropped(struct ussd *u, const struct ussd_session *now)
{
	struct ussd_session *s, *last = NULL;
	size_t i;

	for (i = 0; i < USSD_SESSIONS; i++) {
		s = &u->sessions[i];
		if (s == now || !s->is_used || s->is_over ||
		    s->path[0] == '\0' || session_is_idle(s, now->at_ms) ||
		    memcmp(s->number, now->number, VAULT_MAC) != 0)
			continue;
		if (last == NULL || s->at_ms > last->at_ms)
			last = s;
	}
	return last;
}

static void
ussd_session_id(
    const struct core *c, const char *session, unsigned char out[VAULT_MAC])
{
	vault_mac(c->vault, VAULT_CONTACT, session, strlen(session), out);
}

/* --- requests --- */

/* The first time that this step of this session asks for it? 0, TC_EEXIST. */
static int
request_seen(struct ussd_work *w, const struct menu_request *q)
{
	struct vault_seen seen = {.sender = w->number,
	    .ref = USSD_SEEN_REF,
	    .seq = (int32_t)q->step,
	    .body = w->step->session,
	    .body_len = strlen(w->step->session)};
	unsigned char hash[VAULT_SEEN];

	vault_seen_hash(w->core->vault, &seen, hash);
	return store_seen_add(w->core->store, hash, clock_now());
}

static int
request_file(struct ussd_work *w, const struct menu_request *q)
{
	struct desk_text t = {.intent = q->option->intent,
	    .kind = "ussd",
	    .number = w->number,
	    .note = "",
	    .is_witness = q->option->intent->is_witness,
	    .at = clock_now()};
	const char *label = q->option->text[CONTENT_ACCENTED];
	char hours[CALLBACK_TEXT_MAX] = "";
	struct argument_hours h;
	struct contact contact;
	int64_t case_id;
	int rc;

	t.text = label;
	t.hours = hours;
	rc = sender_contact(w->core, w->number, "", &contact);
	if (rc == 0 && q->hour != 0) {
		h = callback_hour(q->hour);
		(void)callback_text(&h, t.at,
		    content_commune(w->core->content)->zone_minutes, hours);
		rc = sender_set_hours(w->core, &contact, &h, t.at);
	}
	if (rc == 0)
		rc = sender_unhush(w->core, &contact);
	t.contact_id = contact.id;
	return rc != 0 ? rc : desk_file_text(w->core, &t, &case_id);
}

/* Those before `from` belong to the session that is taken up again. */
static int
requests_file(struct ussd_work *w, size_t from)
{
	const struct menu_request *q;
	size_t i;
	int rc;

	for (i = 0; i < w->place.nrequests; i++) {
		q = &w->place.requests[i];
		if (q->step <= from)
			continue;
		rc = request_seen(w, q);
		if (rc == 0)
			rc = request_file(w, q);
		if (rc != 0 && rc != TC_EEXIST)
			return rc;
	}
	return 0;
}

/* --- the step --- */

/* "8" as the first thing of a session takes up the dropped one; when there is
 * none any more it is the first screen. What follows it in a session that was
 * forgotten (the daemon was started again) could mean anything: the end. */
static const char *
ussd_take_up(struct ussd *u, struct ussd_work *w, const char *text)
{
	struct ussd_session *dropped;

	if (text[0] != '0' + MENU_KEY_RESUME ||
	    (text[1] != '*' && text[1] != '\0'))
		return text;
	if (w->is_new && text[1] == '*')
		return "0";
	dropped = session_dropped(u, w->session);
	if (w->session->base[0] == '\0' && dropped != NULL) {
		memcpy(w->session->base, dropped->path, sizeof(dropped->path));
		dropped->is_over = true;
	}
	return text[1] == '*' ? text + 2 : text + 1;
}

static int
ussd_walk(struct ussd_work *w, const char *text, size_t *base_steps)
{
	const struct menus *m = content_menus(w->core->content);
	struct ussd_session *s = w->session;
	int rc;

	rc = menu_walk(m, s->base, &w->place);
	*base_steps = w->place.steps;
	if (rc == 0 &&
	    str_printf(s->path, sizeof(s->path), "%s%s%s", s->base,
		s->base[0] != '\0' && text[0] != '\0' ? "*" : "", text) != 0)
		rc = TC_EINVAL;
	return rc != 0 ? rc : menu_walk(m, s->path, &w->place);
}

static void
ussd_open(struct ussd *u, struct ussd_work *w)
{
	unsigned char id[VAULT_MAC];

	ussd_session_id(w->core, w->step->session, id);
	w->session = session_find(u, id);
	if (w->session == NULL) {
		w->is_new = true;
		w->session = session_add(u);
		memcpy(w->session->id, id, sizeof(id));
		vault_phone_mac(w->core->vault, VAULT_CONTACT, w->number,
		    w->session->number);
		w->session->at_ms = w->step->mono_ms;
	}
}

static void
ussd_show(struct ussd *u, struct ussd_work *w, char screen[MENU_SCREEN_MAX])
{
	const struct content *content = w->core->content;
	const struct menus *m = content_menus(content);
	bool may_resume = menu_is_first(m, &w->place) &&
			  w->step->text[0] == '\0' &&
			  session_dropped(u, w->session) != NULL;

	menu_text(
	    m, &w->place, content_commune(content)->script, may_resume, screen);
	if (outbox_guard(w->core, screen) == 0)
		return;
	/* What she asked for is kept; she sees an empty end. */
	log_err("ussd screen refused by the guard");
	w->place.screen = NULL;
	screen[0] = '\0';
}

int
ussd_take_step(struct core *c, const struct ussd_step *step,
    char screen[MENU_SCREEN_MAX], bool *more)
{
	struct ussd_work w = {.core = c, .step = step};
	const char *text = step->text;
	size_t base_steps;
	int rc;

	if (content_menus(c->content) == NULL)
		return TC_ENOENT;
	(void)sender_number(step->number, w.number);
	ussd_open(c->ussd, &w);
	if (session_is_idle(w.session, step->mono_ms))
		text = "0"; /* whoever holds the phone now sees nothing */
	w.session->at_ms = step->mono_ms;
	rc = ussd_walk(&w, ussd_take_up(c->ussd, &w, text), &base_steps);
	if (rc == 0)
		rc = requests_file(&w, base_steps);
	if (rc != 0)
		return rc;
	ussd_show(c->ussd, &w, screen);
	*more = w.place.screen != NULL;
	w.session->is_over = !*more;
	log_info("ussd step from=%s steps=%zu more=%d", log_number(w.number),
	    w.place.steps, *more);
	return 0;
}

/* A session that ended by itself may be taken up again; the notice tells
 * nothing that the next step of another session would not. */
void
ussd_end(struct core *c, const char *session)
{
	unsigned char id[VAULT_MAC];
	struct ussd_session *s;

	ussd_session_id(c, session, id);
	s = session_find(c->ussd, id);
	log_info("ussd session ended known=%d over=%d", s != NULL,
	    s != NULL && s->is_over);
}

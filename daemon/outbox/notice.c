/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notices: notice.h. Called by feed.c, render.c and state.c inside a turn op;
 * owns nothing. */
#include "config.h"

#include <string.h>
#include <time.h>

#include "buf.h"
#include "clock.h"
#include "intake/content.h"
#include "msisdn.h"
#include "outbox/notice.h"
#include "outbox/outbox.h"
#include "outbox/render.h"
#include "outbox/rules.h"
#include "outbox/slots.h"
#include "outbox/state.h"
#include "store/contact.h"
#include "store/meeting.h"
#include "store/notice.h"
#include "store/person.h"
#include "store/series.h"
#include "vault/vault.h"

#define EVENT_TEMPLATE "EVENT_REMIND"
#define DRAFT_WAIT_S 600
#define NOTICE_BOX_MAX 4096
/* As of a campaign: the rest of a text days later helps nobody. */
#define NOTICE_EXPIRY_S (24 * 3600)

bool
outbox_is_notice(const struct message *m)
{
	return m->lane == LANE_CAMPAIGN && m->campaign_id == 0 &&
	       m->person_id != 0;
}

/* --- the reminder of an event --- */

/* {"name":...,"time":"8:00 15/11","place":...} */
static int
event_slots(
    struct core *c, const struct meeting *e, char out[MESSAGE_SLOTS_MAX])
{
	time_t local = (time_t)(e->starts_at +
				content_commune(c->content)->zone_minutes * 60);
	char when[32];
	struct tm tm;
	int rc;

	if (gmtime_r(&local, &tm) == NULL)
		return TC_EINVAL;
	rc = str_printf(when, sizeof(when), "%d:%02d %d/%d", tm.tm_hour,
	    tm.tm_min, tm.tm_mday, tm.tm_mon + 1);
	if (rc != 0)
		return rc;
	return slots_dump(json_pack("{s:s, s:s, s:s}", "name", e->name, "time",
			      when, "place", e->place),
	    out, MESSAGE_SLOTS_MAX);
}

int
outbox_event_check(struct core *c, const struct meeting *e)
{
	struct message m = {.lane = LANE_CAMPAIGN};
	int rc = event_slots(c, e, m.slots);

	if (rc == 0)
		rc = str_printf(
		    m.template_id, sizeof(m.template_id), "%s", EVENT_TEMPLATE);
	return rc != 0 ? rc : outbox_check_text(c, &m);
}

/* --- may he get it --- */

/* What one notice needs to be judged. */
struct look {
	struct notice notice;
	struct meeting event; /* either of the two */
	struct series series;
	struct series_step step;
	const char *state; /* of event or series */
	struct person person;
	int64_t asked_at; /* since when he wants it */
};

static int
look_series(struct core *c, struct look *look)
{
	const struct notice *n = &look->notice;
	int rc;

	look->state = look->series.state;
	if ((rc = store_series_get(c->store, n->series_id, &look->series)) !=
		0 ||
	    (rc = store_series_step(
		 c->store, n->series_id, n->step, &look->step)) != 0)
		return rc;
	return store_member_at(
	    c->store, n->series_id, n->person_id, &look->asked_at);
}

static int
look_event(struct core *c, struct look *look)
{
	const struct notice *n = &look->notice;
	int rc;

	look->state = look->event.state;
	look->step.segments = 1;
	look->series.theme[0] = '\0';
	rc = store_meeting_get(c->store, n->event_id, &look->event);
	return rc != 0 ? rc
		       : store_guest_at(c->store, n->event_id, n->person_id,
			     &look->asked_at);
}

/* 0; TC_ENOENT: he, or his wish, is not there any more. */
static int
look_load(struct core *c, int64_t id, struct look *look)
{
	const struct notice *n = &look->notice;
	int rc;

	if ((rc = store_notice_get(c->store, id, &look->notice)) != 0 ||
	    (rc = store_person_get(c->store, n->person_id, &look->person)) != 0)
		return rc;
	return n->series_id != 0 ? look_series(c, look) : look_event(c, look);
}

/* The phone of somebody who said THOI stays dark, and so does one that is in
 * other hands (R5, R7): 1, 0, negative. Asked by the number, at this moment;
 * nothing of it is kept, so that the two tables stay apart. */
static int
person_is_dark(struct core *c, int64_t person_id)
{
	unsigned char mac[VAULT_MAC];
	struct contact contact;
	struct buf box, number;
	int rc;

	buf_init(&box, 512);
	buf_init(&number, 512);
	rc = store_person_box(c->store, person_id, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_PERSON, box.data, box.len, &number);
	if (rc == 0) {
		vault_phone_mac(c->vault, VAULT_CONTACT, buf_str(&number), mac);
		rc = store_contact_find(c->store, mac, &contact);
	}
	buf_clear(&number);
	buf_clear(&box);
	if (rc != 0)
		return rc == TC_ENOENT ? 0 : rc;
	return contact.hushed || strcmp(contact.state, "unsafe") == 0;
}

/* A fixed word: he must not get it; "" he may; NULL with *rc. One word for TC
 * and for a dark phone: what is kept of a notice tells nothing of a case. */
static const char *
look_refusal(struct core *c, const struct look *look, int *rc)
{
	const struct person *p = &look->person;

	*rc = 0;
	if (strcmp(look->state, "cancelled") == 0)
		return "event_cancelled";
	if (p->opted_out_at != 0 && p->opted_out_at >= look->asked_at)
		return "opted_out";
	if (look->series.theme[0] != '\0') {
		*rc = store_theme_is_out(c->store, p->id, look->series.theme);
		if (*rc != 0)
			return *rc < 0 ? NULL : "theme";
	}
	*rc = person_is_dark(c, p->id);
	if (*rc < 0)
		return NULL;
	return *rc > 0 ? "opted_out" : "";
}

/* --- one at a time --- */

static int
notice_end(struct core *c, int64_t id, const char *reason)
{
	return store_notice_set(c->store, &(struct notice_state){.id = id,
					      .state = "suppressed",
					      .reason = reason,
					      .at = clock_now()});
}

static int
notice_message(struct core *c, const struct look *look, struct part *first)
{
	int64_t now = clock_now();
	struct message m = {.lane = LANE_CAMPAIGN,
	    .id = look->notice.id,
	    .person_id = look->notice.person_id,
	    .nparts = look->step.segments,
	    .expires_at = now + NOTICE_EXPIRY_S};
	int rc;

	if (look->notice.until_at < m.expires_at)
		m.expires_at = look->notice.until_at;
	if (look->notice.series_id == 0 &&
	    ((rc = event_slots(c, &look->event, m.slots)) != 0 ||
		(rc = str_printf(m.template_id, sizeof(m.template_id), "%s",
		     EVENT_TEMPLATE)) != 0))
		return rc;
	if ((rc = outbox_put(c, &m, "", NULL, first)) != 0)
		return rc;
	rc = store_notice_set(c->store,
	    &(struct notice_state){
		.id = m.id, .state = "sending", .reason = "", .at = now});
	return rc != 0 ? rc : 1;
}

/* An event he asked for himself, so that only the limit holds that nobody may
 * set. */
static struct rules_limits
look_limits(const struct look *look)
{
	const struct series *r = &look->series;

	if (look->notice.series_id == 0)
		return (struct rules_limits){
		    RULES_PER_24H, INT32_MAX, look->notice.until_at};
	return (struct rules_limits){
	    r->per_day, r->per_month, look->notice.until_at};
}

static int
notice_try(struct core *c, const struct look *look, struct part *first)
{
	const struct rules_limits limits = look_limits(look);
	struct rules_verdict verdict = {0};
	const char *refusal;
	int rc;

	if (strcmp(look->state, "draft") == 0)
		return store_notice_wait(c->store, look->notice.id,
		    "not_approved", clock_now() + DRAFT_WAIT_S);
	refusal = look_refusal(c, look, &rc);
	if (refusal == NULL)
		return rc;
	if (refusal[0] != '\0')
		return notice_end(c, look->notice.id, refusal);
	rc = outbox_rules_wait(c, &limits, &look->person, &verdict);
	if (rc != 0)
		return rc;
	if (verdict.refusal != NULL)
		return notice_end(c, look->notice.id, verdict.refusal);
	if (verdict.wait_until != 0)
		return store_notice_wait(c->store, look->notice.id,
		    verdict.wait, verdict.wait_until);
	return notice_message(c, look, first);
}

int
outbox_notice_feed(struct core *c, struct part *first)
{
	struct look look;
	struct notice due;
	int rc;

	rc = store_notice_due(c->store, clock_now(), &due);
	if (rc != 0)
		return rc;
	if (due.until_at <= clock_now())
		return notice_end(c, due.id, "too_late");
	rc = look_load(c, due.id, &look);
	if (rc == TC_ENOENT)
		return notice_end(c, due.id, "left");
	return rc != 0 ? rc : notice_try(c, &look, first);
}

int
outbox_notice_text(struct core *c, int64_t id, struct buf *out)
{
	struct notice n;
	struct buf box;
	int rc = store_notice_get(c->store, id, &n);

	if (rc != 0)
		return rc;
	buf_init(&box, NOTICE_BOX_MAX);
	rc = store_series_text(c->store, n.series_id, n.step, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_MESSAGE, box.data, box.len, out);
	buf_clear(&box);
	return rc;
}

int
outbox_notice_check(struct core *c, const struct message *m,
    const struct part *part, struct outbox_refusal *why)
{
	struct look look;
	int rc = look_load(c, m->id, &look);

	why->state = "suppressed";
	why->reason = "left";
	if (rc != 0)
		return rc == TC_ENOENT ? TC_EDENIED : rc;
	why->reason = look_refusal(c, &look, &rc);
	if (why->reason == NULL)
		return rc;
	if (why->reason[0] != '\0')
		return TC_EDENIED;
	if (strcmp(look.state, "approved") != 0) {
		why->reason = "not_approved";
		return TC_EDENIED;
	}
	why->wait_until =
	    part->seq == 1 ? outbox_rules_quiet(c, &look.person) : 0;
	return why->wait_until != 0 ? TC_EAGAIN : 0;
}

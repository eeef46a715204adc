/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events and their guests (event.h). Called by http/ for officials and by intake
 * for guests. A guest is a row of his own and a line of consent; the text of the
 * day before is a notice, which the outbox sends when it is due.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "intake/content.h"
#include "log.h"
#include "outbox/outbox.h"
#include "outreach/campaign_private.h"
#include "outreach/meeting.h"
#include "outreach/people_private.h"
#include "store/notice.h"
#include "vault/vault.h"

#define DAY_S INT64_C(86400)

/* --- drafts --- */

static int
meeting_text(const char *text, char *dst, size_t size, const char *refusal,
    struct campaign_refusal *why)
{
	if (text == NULL)
		return 0;
	if (text[0] == '\0' || strpbrk(text, "{}") != NULL ||
	    str_printf(dst, size, "%s", text) != 0)
		return campaign_refuse(why, TC_EINVAL, refusal);
	return 0;
}

static int
meeting_apply(const struct meeting_draft *d, struct meeting *e,
    struct campaign_refusal *why)
{
	int rc;

	rc = meeting_text(d->name, e->name, sizeof(e->name),
	    "the name is empty, too long or holds braces", why);
	if (rc == 0)
		rc = meeting_text(d->place, e->place, sizeof(e->place),
		    "the place is empty, too long or holds braces", why);
	if (rc != 0)
		return rc;
	if (d->starts_at != 0)
		e->starts_at = d->starts_at;
	if (e->starts_at <= clock_now())
		return campaign_refuse(
		    why, TC_EINVAL, "an event begins in the future");
	return 0;
}

static int
meeting_lists(struct core *c, int64_t id, const struct meeting_draft *d,
    struct campaign_refusal *why)
{
	struct list_row l;
	size_t i;
	int rc = 0;

	if (d->nlists > MEETING_LISTS_MAX)
		return campaign_refuse(why, TC_EINVAL, "too many lists");
	for (i = 0; rc == 0 && i < d->nlists; i++) {
		rc = list_get(c, d->lists[i], &l);
		if (rc == 0)
			rc = store_meeting_add_list(c->store, id, l.id);
	}
	return rc;
}

static int
meeting_number(struct core *c, int *number, struct campaign_refusal *why)
{
	int rc = store_meeting_free_number(c->store, clock_now(), number);

	if (rc == 0 && *number > MEETING_NUMBER_MAX)
		return campaign_refuse(
		    why, TC_ESTATE, "too many events are still to come");
	return rc;
}

int
meeting_new(struct core *c, const struct user *author,
    const struct meeting_draft *draft, int64_t *id,
    struct campaign_refusal *why)
{
	struct meeting e = {.id = vault_random_id(),
	    .author_id = author->id,
	    .created_at = clock_now()};
	int rc;

	if (draft->name == NULL || draft->place == NULL ||
	    draft->starts_at == 0)
		return campaign_refuse(
		    why, TC_EINVAL, "a name, a place and a time are needed");
	if ((rc = meeting_apply(draft, &e, why)) != 0 ||
	    (rc = meeting_number(c, &e.number, why)) != 0 ||
	    (rc = store_meeting_add(c->store, &e)) != 0)
		return rc;
	*id = e.id;
	return meeting_lists(c, e.id, draft, why);
}

int
meeting_edit(struct core *c, int64_t id, const struct meeting_draft *draft,
    struct campaign_refusal *why)
{
	struct meeting e;
	bool was_over;
	int rc;

	if ((rc = store_meeting_get(c->store, id, &e)) != 0)
		return rc;
	was_over = e.starts_at <= clock_now();
	if (strcmp(e.state, "cancelled") == 0)
		return campaign_refuse(why, TC_ESTATE, "it is cancelled");
	if ((rc = meeting_apply(draft, &e, why)) != 0)
		return rc;
	/* Its number may be another's by now. */
	if (was_over && (rc = meeting_number(c, &e.number, why)) != 0)
		return rc;
	rc = store_meeting_edit(c->store, &e, draft->nlists > 0);
	return rc != 0 ? rc : meeting_lists(c, id, draft, why);
}

/* --- approval --- */

/* The day before, from its first minute on: the sending hours decide. */
static struct notice
meeting_notice(struct core *c, const struct meeting *e)
{
	int64_t day = clock_day_start(
	    e->starts_at, content_commune(c->content)->zone_minutes);

	return (struct notice){
	    .event_id = e->id, .due_at = day - DAY_S, .until_at = e->starts_at};
}

static int
meeting_approve(struct core *c, const struct user *u, const struct meeting *e,
    struct campaign_refusal *why)
{
	struct notice n = meeting_notice(c, e);
	int rc;

	if (e->author_id == u->id)
		return campaign_refuse(
		    why, TC_EDENIED, "the author cannot approve");
	if (strcmp(e->state, "draft") != 0 || e->starts_at <= clock_now())
		return campaign_refuse(
		    why, TC_ESTATE, "it is no draft, or it is over");
	rc = outbox_event_check(c, e);
	if (rc != 0)
		return rc == TC_EIO
			   ? rc
			   : campaign_refuse(why, TC_EINVAL,
				 "its reminder could not be sent: name "
				 "or place are too long or refused");
	if ((rc = store_meeting_approve(c->store, e->id, u->id)) != 0)
		return rc;
	rc = store_notice_move(c->store, &n);
	return rc < 0 ? rc : 0;
}

static int
meeting_cancel(struct core *c, const struct meeting *e)
{
	int rc = store_meeting_cancel(c->store, e->id);

	if (rc == 0)
		rc = store_notice_cancel(c->store, e->id, 0, clock_now());
	return rc < 0 ? rc : 0;
}

int
meeting_do(struct core *c, const struct user *u, int64_t id,
    enum meeting_act act, struct campaign_refusal *why)
{
	struct meeting e;
	int rc;

	if ((rc = store_meeting_get(c->store, id, &e)) != 0)
		return rc;
	rc = act == MEETING_APPROVE ? meeting_approve(c, u, &e, why)
				    : meeting_cancel(c, &e);
	if (rc == 0)
		log_info("event id=%016" PRIx64 " act=%s", (uint64_t)id,
		    act == MEETING_APPROVE ? "approve" : "cancel");
	return rc;
}

/* --- guests --- */

static int
meeting_remind(struct core *c, const struct meeting *e, int64_t person_id)
{
	struct notice n = meeting_notice(c, e);
	int rc;

	n.id = outbox_new_id();
	n.person_id = person_id;
	rc = store_notice_add(c->store, &n);
	if (rc == 0)
		outbox_touch();
	return rc;
}

int
meeting_join(struct core *c, const char *number, int n, int64_t *person_id)
{
	struct consent ledger = {
	    .scope = "event", .given = true, .wording = "EVENT"};
	struct meeting e;
	int rc;

	rc = store_meeting_coming(c->store, n, clock_now(), &e);
	if (rc != 0)
		return rc;
	if ((rc = people_note(c, number, &ledger)) != 0)
		return rc;
	*person_id = ledger.person_id;
	rc = store_guest_join(c->store, e.id, *person_id, ledger.at);
	return rc > 0 ? meeting_remind(c, &e, *person_id) : rc;
}

/* Which event he takes back. */
static int
meeting_of(struct core *c, int64_t person_id, int n, int64_t *event_id)
{
	struct meeting e;
	int rc;

	if (n == 0)
		return store_guest_next(
		    c->store, person_id, clock_now(), event_id);
	rc = store_meeting_coming(c->store, n, clock_now(), &e);
	*event_id = rc == 0 ? e.id : 0;
	return rc;
}

int
meeting_leave(struct core *c, const char *number, int n, int64_t *person_id)
{
	struct consent ledger = {
	    .scope = "event", .given = false, .wording = "HUYSK"};
	int64_t event_id, now = clock_now();
	struct person p;
	int rc;

	if ((rc = people_find(c, number, &p)) != 0 ||
	    (rc = meeting_of(c, p.id, n, &event_id)) != 0 ||
	    (rc = store_guest_leave(c->store, event_id, p.id, now)) != 0)
		return rc;
	rc = store_notice_cancel(c->store, event_id, p.id, now);
	*person_id = p.id;
	return rc < 0 ? rc : people_note(c, number, &ledger);
}

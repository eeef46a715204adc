/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts exist only here and only for a moment: a reply is a template id, a
 * campaign is a boxed text; number and text are put together when a modem
 * asks, after the last look at who may be written to.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "intake/content.h"
#include "intake/lint.h"
#include "log.h"
#include "outbox/guard.h"
#include "outbox/notice.h"
#include "outbox/outbox.h"
#include "outbox/policy.h"
#include "outbox/render.h"
#include "outbox/rules.h"
#include "outbox/slots.h"
#include "outbox/variant.h"
#include "radio/radio.h"
#include "store/campaign.h"
#include "store/contact.h"
#include "store/person.h"
#include "vault/vault.h"

#define RENDER_TEXT_MAX 2048
#define RENDER_SEGMENTS_MAX 16
#define LANGUAGE_MAX 8

static int
render_refuse(struct outbox_refusal *why, const char *state, const char *reason)
{
	why->state = state;
	why->reason = reason;
	return TC_EDENIED;
}

/* What is begun goes on; a new text waits until his quiet hours are over. */
static int
render_check_hours(struct core *c, const struct person *p,
    const struct part *part, struct outbox_refusal *why)
{
	why->wait_until = part->seq == 1 ? outbox_rules_quiet(c, p) : 0;
	return why->wait_until != 0 ? TC_EAGAIN : 0;
}

/* Is there a reason not to write to a contact any more? */
static int
render_check_contact(
    struct core *c, const struct message *m, struct outbox_refusal *why)
{
	struct contact contact;
	int rc;

	if ((rc = store_contact_get(c->store, m->contact_id, &contact)) != 0)
		return rc == TC_ENOENT
			   ? render_refuse(why, "suppressed", "forgotten")
			   : rc;
	if (contact.hushed)
		return render_refuse(why, "suppressed", "hushed");
	if (strcmp(contact.state, "unsafe") == 0)
		return render_refuse(why, "suppressed", "unsafe");
	return 0;
}

/* Somebody may have cancelled it since the first try, or does not want this
 * theme any more. What has begun to go out
 * goes on: a text with a hole helps nobody. */
static int
render_check_campaign(struct core *c, const struct message *m,
    const struct part *part, struct outbox_refusal *why)
{
	struct campaign_row campaign;
	int rc;

	if (part->seq > 1)
		return 0;
	if ((rc = store_campaign_get(c->store, m->campaign_id, &campaign)) != 0)
		return rc;
	if (strcmp(campaign.state, "cancelled") == 0)
		return render_refuse(why, "cancelled", "campaign_cancelled");
	if (campaign.theme[0] == '\0')
		return 0;
	rc = store_theme_is_out(c->store, m->person_id, campaign.theme);
	return rc > 0 ? render_refuse(why, "suppressed", "theme") : rc;
}

static int
render_check_person(struct core *c, const struct message *m,
    const struct part *part, struct outbox_refusal *why)
{
	struct person p;
	int rc;

	if (outbox_is_notice(m))
		return outbox_notice_check(c, m, part, why);
	if (m->campaign_id == 0)
		return 0; /* the answer to what he has just asked */
	if ((rc = render_check_campaign(c, m, part, why)) != 0)
		return rc;
	if ((rc = store_person_get(c->store, m->person_id, &p)) != 0)
		return rc == TC_ENOENT
			   ? render_refuse(why, "suppressed", "forgotten")
			   : rc;
	if (p.opted_out_at != 0)
		return render_refuse(why, "suppressed", "opted_out");
	if (!p.consenting)
		return render_refuse(why, "suppressed", "no_consent");
	return render_check_hours(c, &p, part, why);
}

static int
render_check(struct core *c, const struct message *m, const struct part *part,
    struct outbox_refusal *why)
{
	if (m->expires_at != 0 && clock_now() > m->expires_at)
		return render_refuse(why, "expired", "too_late");
	if (m->contact_id != 0)
		return render_check_contact(c, m, why);
	return render_check_person(c, m, part, why);
}

static int
render_number(struct core *c, const struct message *m, char out[MSISDN_MAX])
{
	enum vault_purpose purpose = VAULT_BOX_PERSON;
	struct buf box, plain;
	int rc;

	buf_init(&box, 512);
	buf_init(&plain, 512);
	if (m->contact_id != 0) {
		purpose = VAULT_BOX_CONTACT;
		rc = store_contact_box(c->store, m->contact_id, &box);
	} else if (m->is_staff) {
		purpose = VAULT_BOX_STAFF;
		rc = store_message_staff(c->store, m->id, &box);
	} else
		rc = store_person_box(c->store, m->person_id, &box);
	if (rc == 0)
		rc = vault_unbox(c->vault, purpose, box.data, box.len, &plain);
	if (rc == 0)
		rc = str_printf(out, MSISDN_MAX, "%s", buf_str(&plain));
	buf_clear(&plain);
	buf_clear(&box);
	return rc;
}

/* An address that was registered since the check holds it back, too; what has
 * begun to go out was looked at with its first part. */
static int
render_campaign(struct core *c, const struct message *m, const struct part *p,
    struct buf *out, struct outbox_refusal *why)
{
	int rc = m->text_id != 0 ? outbox_variant_text(c, m, out)
				 : outbox_notice_text(c, m->id, out);

	if (rc != 0 || p->seq > 1 || outbox_guard(c, buf_str(out)) == 0)
		return rc;
	log_err("campaign text refused by the guard id=%016" PRIx64
		" message=%016" PRIx64,
	    (uint64_t)m->campaign_id, (uint64_t)m->id);
	return render_refuse(why, "suppressed", "lint");
}

/* What the receiver has asked for: a language, "" when he has not; a script. */
struct wish {
	char language[LANGUAGE_MAX];
	enum content_script script;
};

static int
render_wish(struct core *c, const struct message *m, struct wish *out)
{
	struct contact contact;
	struct person person;
	int rc = 0;

	out->language[0] = '\0';
	out->script = content_commune(c->content)->script;
	if (m->contact_id != 0) {
		rc = store_contact_get(c->store, m->contact_id, &contact);
		if (rc == 0)
			rc = str_printf(out->language, LANGUAGE_MAX, "%s",
			    contact.language);
		if (rc == 0)
			out->script =
			    content_script_for(c->content, contact.script);
	} else if (m->person_id != 0) {
		rc = store_person_get(c->store, m->person_id, &person);
		if (rc == 0)
			rc = str_printf(
			    out->language, LANGUAGE_MAX, "%s", person.language);
	}
	return rc;
}

/* The fixed text in one script with its slots filled: one segment, or
 * TC_EFULL. */
static int
render_fixed(const struct message *m, const struct content_reply *reply,
    const char *language, enum content_script script, struct buf *out)
{
	const char *text = content_reply_text(reply, language, script);
	struct gsm_text measured;
	int rc;

	if (!slots_in(text))
		return buf_put_str(out, text);
	rc = slots_fill(text, m->slots, script == CONTENT_BARE, out);
	if (rc == 0)
		rc = gsm_segment(buf_str(out), out->len, &measured, NULL, 0);
	return rc == 0 && measured.nsegments != 1 ? TC_EFULL : rc;
}

/* Which fixed text: that of the language and the script of the receiver; bare when what fills the slots makes it too long. */
static int
render_template(struct core *c, const struct message *m, struct buf *out)
{
	const struct content_reply *reply;
	struct wish wish;
	int rc;

	reply = content_reply_by_id(c->content, m->template_id);
	if (reply == NULL)
		return TC_ENOENT;
	if ((rc = render_wish(c, m, &wish)) != 0)
		return rc;
	rc = render_fixed(m, reply, wish.language, wish.script, out);
	if (rc != TC_EFULL || wish.script == CONTENT_BARE)
		return rc;
	buf_reset(out);
	return render_fixed(m, reply, wish.language, CONTENT_BARE, out);
}

static int
render_lint(struct core *c, const struct message *m, const char *text)
{
	const char *lint = NULL;

	if (content_lint_outbound(c->content, text, &lint) != 0)
		log_err(
		    "outbox text refused by the lint template=%s why=\"%s\"",
		    m->template_id, lint != NULL ? lint : "?");
	else if (outbox_guard(c, text) != 0)
		log_err("outbox text refused by the guard template=%s",
		    m->template_id);
	else
		return 0;
	return TC_EDENIED;
}

/* A reply is linted at the door although it was linted when the pack was
 * loaded: whatever changes in between, R2 and M19 hold here. */
static int
render_reply_text(struct core *c, const struct message *m, struct buf *out,
    struct outbox_refusal *why)
{
	int rc;

	rc = render_template(c, m, out);
	if (rc == TC_ENOENT)
		return render_refuse(why, "suppressed", "no_template");
	if (rc == TC_EINVAL || rc == TC_EFULL)
		return render_refuse(why, "suppressed", "slots");
	if (rc == 0 && render_lint(c, m, buf_str(out)) != 0)
		return render_refuse(why, "suppressed", "lint");
	return rc;
}

int
outbox_check_text(struct core *c, const struct message *m)
{
	struct buf text;
	int rc;

	buf_init(&text, RENDER_TEXT_MAX);
	rc = render_template(c, m, &text);
	if (rc == 0)
		rc = render_lint(c, m, buf_str(&text));
	else
		log_err("outbox text cannot be made template=%s why=\"%s\"",
		    m->template_id, tc_strerror(rc));
	buf_clear(&text);
	return rc == TC_EFULL ? TC_EDENIED : rc;
}

static int
render_segment(const struct message *m, const struct part *p,
    const struct buf *text, struct radio_part *out)
{
	struct gsm_segment segments[RENDER_SEGMENTS_MAX];
	const struct gsm_segment *seg;
	struct gsm_text measured;
	int rc;

	rc = gsm_segment(
	    buf_str(text), text->len, &measured, segments, RENDER_SEGMENTS_MAX);
	if (rc != 0)
		return rc;
	if ((int)measured.nsegments != m->nparts || p->seq < 1 ||
	    p->seq > m->nparts)
		return TC_EINVAL;
	seg = &segments[p->seq - 1];
	out->coding = measured.coding;
	if (m->nparts > 1) {
		gsm_udh_concat(out->udh, (uint8_t)m->concat_ref,
		    (uint8_t)m->nparts, (uint8_t)p->seq);
		out->udh_len = GSM_UDH_CONCAT;
	}
	return str_printf(out->text, sizeof(out->text), "%.*s", (int)seg->len,
	    buf_str(text) + seg->start);
}

/* TP-VP in minutes: by lane (R4), and not beyond the end of a text that has
 * one of its own: nobody should get tomorrow what was for today. */
static unsigned
render_validity(const struct message *m, int lane)
{
	int64_t left = (m->expires_at - clock_now() + 59) / 60;
	int validity = lane_policy(lane)->validity_min;

	if (m->sensitive)
		return POLICY_SENSITIVE_MIN;
	if ((m->is_staff || lane == LANE_CAMPAIGN) && m->expires_at != 0 &&
	    left < validity)
		validity = left < POLICY_SENSITIVE_MIN ? POLICY_SENSITIVE_MIN
						       : (int)left;
	return (unsigned)validity;
}

int
outbox_render(struct core *c, const struct message *m, const struct part *p,
    struct radio_part *out, struct outbox_refusal *why)
{
	struct buf text;
	int rc;

	memset(out, 0, sizeof(*out));
	if ((rc = render_check(c, m, p, why)) != 0)
		return rc;
	buf_init(&text, RENDER_TEXT_MAX);
	if (m->text_id != 0 || m->template_id[0] == '\0')
		rc = render_campaign(c, m, p, &text, why);
	else
		rc = render_reply_text(c, m, &text, why);
	if (rc == 0)
		rc = render_segment(m, p, &text, out);
	if (rc == 0)
		rc = render_number(c, m, out->number);
	if (rc != 0 && rc != TC_EDENIED && rc != TC_EIO)
		rc = render_refuse(why, "suppressed", "unreadable");
	out->id = p->id;
	out->lane = p->lane;
	out->validity_min = render_validity(m, p->lane);
	out->report = m->campaign_id != 0 || outbox_is_notice(m);
	buf_clear(&text);
	return rc;
}

int
outbox_is_to(struct core *c, const struct message *m, const char *number)
{
	char own[MSISDN_MAX];
	int rc;

	rc = render_number(c, m, own);
	if (rc == TC_EIO)
		return rc;
	return rc == 0 && strcmp(own, number) == 0; /* not to the forgotten */
}

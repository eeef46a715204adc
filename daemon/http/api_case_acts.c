/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What handlers do with cases: one row an act, which reads the body, asks the
 * desk and says what its errors mean. Called through the table of routes, whose
 * arg is the row.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "desk/act.h"
#include "desk/legal.h"
#include "desk/refer.h"
#include "desk/say.h"
#include "http/api_case.h"

/* What an error of the desk is to a client. The last row has no error. */
struct act_refusal {
	int err, status;
	const char *field;  /* the field at fault, NULL: none */
	const char *detail; /* fixed words */
};

static const char *
body_or_empty(struct api_req *r, const char *name)
{
	const char *text = api_body_text(r, name);

	return text != NULL ? text : "";
}

static bool
body_bool(struct api_req *r, const char *name)
{
	return json_is_true(json_object_get(r->body, name));
}

/* --- the acts --- */

static int
act_claim(struct api_req *r)
{
	return desk_claim(r->core, &r->user, r->args[0]);
}

static int
act_note(struct api_req *r)
{
	struct desk_note note;
	unsigned char *sealed;
	int rc = api_body_bytes(r, "sealed", &sealed, &note.len);

	if (rc != 0)
		return rc;
	note.sealed = sealed;
	rc = desk_note(r->core, &r->user, r->args[0], &note);
	free(sealed);
	return rc;
}

static int
act_next(struct api_req *r)
{
	return desk_next(
	    r->core, &r->user, r->args[0], api_body_int(r, "at", 0));
}

static int
act_hand(struct api_req *r)
{
	return desk_hand(
	    r->core, &r->user, r->args[0], api_body_text(r, "user"));
}

static int
act_call(struct api_req *r)
{
	return desk_call(
	    r->core, &r->user, r->args[0], body_or_empty(r, "reason"));
}

static int
act_contact(struct api_req *r)
{
	struct desk_contact how = {.state = api_body_text(r, "state"),
	    .has_hours = json_object_get(r->body, "from") != NULL ||
			 json_object_get(r->body, "days") != NULL,
	    .hours = {.from = (int)api_body_int(r, "from", 0),
		.until = (int)api_body_int(r, "until", 0),
		.days = (unsigned)api_body_int(r, "days", 0)}};

	return desk_contact(r->core, &r->user, r->args[0], &how);
}

static int
act_consent(struct api_req *r)
{
	struct desk_consent consent = {.agency = api_body_text(r, "agency"),
	    .how = api_body_text(r, "how"),
	    .is_given = !body_bool(r, "withdrawn")};

	return desk_consent(r->core, &r->user, r->args[0], &consent);
}

static int
act_refer(struct api_req *r)
{
	struct desk_referral referral = {.agency = api_body_text(r, "agency"),
	    .override = body_or_empty(r, "override")};
	const char *key = api_body_text(r, "sealed_key");
	unsigned char sealed[SEALED_KEY_LEN], *note;
	int rc;

	if (key != NULL && jval_parse_base64(key, sealed, sizeof(sealed)) != 0)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "sealed_key", "is not 80 bytes");
	if (key != NULL)
		referral.sealed_key = sealed;
	rc = api_body_bytes(r, "note", &note, &referral.note.len);
	if (rc != 0)
		return rc;
	referral.note.sealed = note;
	rc = desk_refer(r->core, &r->user, r->args[0], &referral);
	free(note);
	return rc == TC_EAGAIN ? api_refuse(r, rc, 409, referral.why) : rc;
}

static int
act_accept(struct api_req *r)
{
	return desk_accept(r->core, &r->user, r->args[0]);
}

static int
act_decline(struct api_req *r)
{
	return desk_decline(r->core, &r->user, r->args[0]);
}

static int
act_revoke(struct api_req *r)
{
	return desk_revoke(r->core, &r->user, r->args[0]);
}

static int
act_say(struct api_req *r)
{
	struct desk_say say = {.template_id = api_body_text(r, "template"),
	    .minute = (int)api_body_int(r, "minute", -1),
	    .day = (int)api_body_int(r, "day", -1)};
	int rc = desk_say(r->core, &r->user, r->args[0], &say);

	return rc == TC_EAGAIN ? api_refuse(r, rc, 409, say.why) : rc;
}

static int
act_clock(struct api_req *r)
{
	return legal_act(
	    r->core, &r->user, r->args[0], api_body_text(r, "act"));
}

static int
act_close(struct api_req *r)
{
	return desk_close(
	    r->core, &r->user, r->args[0], api_body_text(r, "outcome"));
}

static int
act_hold(struct api_req *r)
{
	return desk_hold(
	    r->core, &r->user, r->args[0], body_or_empty(r, "reason"));
}

static const struct act_refusal claim_refusals[] = {
    {TC_ESTATE, 409, NULL, "another has claimed it, or it is closed"},
    {0},
};
static const struct act_refusal note_refusals[] = {
    {TC_EDENIED, 403, NULL, "it is only offered to your agency"},
    {TC_ESTATE, 409, NULL, "it is closed"},
    {TC_EFULL, 422, "sealed", "is too long"},
    {0},
};
static const struct act_refusal next_refusals[] = {
    {TC_EINVAL, 422, "at", "is not within the next two years"},
    {0},
};
static const struct act_refusal hand_refusals[] = {
    {TC_EINVAL, 422, "user", "is no other handler of your agency"},
    {0},
};
static const struct act_refusal call_refusals[] = {
    {TC_EINVAL, 422, "reason", "is not one of the reasons"},
    {TC_ESTATE, 409, NULL, "not claimed, or she wants no contact"},
    {TC_EAGAIN, 409, NULL, "outside of her hours: a reason is needed"},
    {0},
};
static const struct act_refusal contact_refusals[] = {
    {TC_EINVAL, 422, NULL, "not a state, or no hours"},
    {TC_ESTATE, 409, NULL, "not claimed, or she wants no contact"},
    {0},
};
static const struct act_refusal consent_refusals[] = {
    {TC_EINVAL, 422, NULL, "no such agency, or not how it was said"},
    {0},
};
static const struct act_refusal refer_refusals[] = {
    {TC_EINVAL, 422, NULL,
	"no such agency or override, or the note is missing"},
    {TC_ENOTREADY, 409, NULL,
	"that agency has no copy of the key: sealed_key is needed"},
    {0},
};
static const struct act_refusal offer_refusals[] = {
    {TC_EDENIED, 403, NULL, "it is not offered to your agency"},
    {TC_ESTATE, 409, NULL, "it is not offered"},
    {0},
};
static const struct act_refusal say_refusals[] = {
    {TC_EINVAL, 422, NULL, "no such template or time"},
    {0},
};
static const struct act_refusal clock_refusals[] = {
    {TC_EINVAL, 422, "act", "is not one of the acts"},
    {TC_EDENIED, 403, NULL, "it is only offered to your agency"},
    {TC_ESTATE, 409, NULL, "that clock runs already, or does not run"},
    {0},
};
static const struct act_refusal close_refusals[] = {
    {TC_EINVAL, 422, "outcome", "is not one of the outcomes"},
    {TC_ESTATE, 409, NULL, "it is not claimed, or a place is kept for it"},
    {0},
};
static const struct act_refusal hold_refusals[] = {
    {TC_EINVAL, 422, "reason", "is not one of the reasons"},
    {0},
};
/* Where an act says nothing else. */
static const struct act_refusal all_refusals[] = {
    {TC_EDENIED, 403, NULL, "another has claimed it"},
    {TC_ESTATE, 409, NULL, "it is not claimed, or not in this state"},
    {0},
};

static const struct {
	int (*run)(struct api_req *r);
	const struct act_refusal *refusals;
} case_acts[API_CASE_NACTS] = {
    [API_CASE_CLAIM] = {act_claim, claim_refusals},
    [API_CASE_NOTE] = {act_note, note_refusals},
    [API_CASE_NEXT] = {act_next, next_refusals},
    [API_CASE_HAND] = {act_hand, hand_refusals},
    [API_CASE_CALL] = {act_call, call_refusals},
    [API_CASE_CONTACT] = {act_contact, contact_refusals},
    [API_CASE_CONSENT] = {act_consent, consent_refusals},
    [API_CASE_REFER] = {act_refer, refer_refusals},
    [API_CASE_ACCEPT] = {act_accept, offer_refusals},
    [API_CASE_DECLINE] = {act_decline, offer_refusals},
    [API_CASE_REVOKE] = {act_revoke, offer_refusals},
    [API_CASE_SAY] = {act_say, say_refusals},
    [API_CASE_CLOCK] = {act_clock, clock_refusals},
    [API_CASE_CLOSE] = {act_close, close_refusals},
    [API_CASE_HOLD] = {act_hold, hold_refusals},
};

static const struct act_refusal *
act_refusal(const struct act_refusal *list, int err)
{
	for (; list->err != 0; list++)
		if (list->err == err)
			return list;
	return NULL;
}

int
api_cases_act(struct api_req *r)
{
	const struct act_refusal *refusal;
	int rc = cases_check_agency(r);

	if (rc != 0)
		return rc;
	rc = case_acts[r->route->arg].run(r);
	if (rc == 0)
		return cases_reply(r);
	if (r->status != 0) /* told by the act itself */
		return rc;
	refusal = act_refusal(case_acts[r->route->arg].refusals, rc);
	if (refusal == NULL)
		refusal = act_refusal(all_refusals, rc);
	if (refusal == NULL)
		return rc;
	if (refusal->field != NULL)
		return api_refuse_field(
		    r, rc, refusal->status, refusal->field, refusal->detail);
	return api_refuse(r, rc, refusal->status, refusal->detail);
}

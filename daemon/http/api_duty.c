/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The roster: who is on duty when, and on what number he is texted. Handlers
 * keep that of their own agency. Numbers are not shown again. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "desk/duty.h"
#include "http/api.h"
#include "msisdn.h"
#include "vault/vault.h"

static json_t *
duty_json(const struct duty_term *t)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "agency",
	    jval_text(t->agency), "user", jval_text(t->user), "deputy",
	    jval_opt(t->deputy), "from", jval_time(t->starts_at), "until",
	    jval_time(t->ends_at), "taken_at", jval_time(t->taken_at));
}

static int
on_term(const struct duty_term *t, void *ctx)
{
	json_array_append_new(ctx, duty_json(t));
	return 0;
}

/* A handler who is nothing else sees and keeps his own agency. */
static bool
duty_is_bound(const struct api_req *r)
{
	return (r->user.roles & (ROLE_SETUP | ROLE_ADMIN)) == 0;
}

static int
duty_reply(struct api_req *r, const char *agency)
{
	json_t *list = json_array();
	int rc =
	    store_duty_each(r->core->store, agency, clock_now(), on_term, list);

	return api_reply_list(r, "terms", list, rc);
}

int
api_duty_list(struct api_req *r)
{
	const char *agency = api_query_text(r, "agency");

	if (duty_is_bound(r)) {
		if (agency != NULL && strcmp(agency, r->user.agency) != 0)
			return api_refuse(
			    r, TC_EDENIED, 403, "not your agency");
		agency = r->user.agency;
	}
	return duty_reply(r, agency);
}

int
api_duty_set(struct api_req *r)
{
	const char *deputy = api_body_text(r, "deputy");
	struct duty_wish wish = {.agency = api_body_text(r, "agency"),
	    .user = api_body_text(r, "user"),
	    .deputy = deputy != NULL ? deputy : "",
	    .starts_at = api_body_int(r, "from", clock_now()),
	    .ends_at = api_body_int(r, "until", 0)};
	int rc;

	if (duty_is_bound(r) && strcmp(wish.agency, r->user.agency) != 0)
		return api_refuse(r, TC_EDENIED, 403, "not your agency");
	rc = duty_set(r->core, &wish);
	if (rc == TC_EINVAL)
		return api_refuse(r, rc, 422,
		    "no time to come, or no handler of that agency");
	return rc != 0 ? rc : duty_reply(r, wish.agency);
}

int
api_duty_ack(struct api_req *r)
{
	int n = duty_take(r->core, &r->user);

	if (n == 0)
		return api_refuse(
		    r, TC_ESTATE, 409, "there is nothing to take over");
	return n < 0 ? n : duty_reply(r, r->user.agency);
}

int
api_users_phone(struct api_req *r)
{
	const char *text = api_body_text(r, "number");
	char number[MSISDN_MAX];
	struct user u;
	int rc;

	if (text != NULL && msisdn_parse(text, number) != MSISDN_MOBILE)
		return api_refuse_field(r, TC_EINVAL, 422, "number",
		    "is not a Vietnamese mobile number");
	rc = store_user_by_name(r->core->store, r->args[0], &u);
	vault_wipe(u.password, sizeof(u.password));
	if (rc == 0)
		rc =
		    duty_set_phone(r->core, u.id, text != NULL ? number : NULL);
	return rc != 0 ? rc
		       : api_reply(r, 200,
			     json_pack("{s:o, s:b}", "name", jval_text(u.name),
				 "has_phone", text != NULL));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The safe word of a contact (R15): kept as a salted hash, compared on the
 * helper thread. Whoever calls her asks for it before anything is said; each
 * comparison is on record, and too many wrong ones make the next wait.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "desk/say.h"
#include "http/api_case.h"
#include "http/server.h"
#include "vault/vault.h"

/* On the worker's thread. */
static void
word_work(void *arg)
{
	struct api_req *r = arg;
	struct api_secret *s = r->secret;

	if (r->route->arg == API_WORD_SET)
		s->rc = vault_password_hash(s->password, s->hash);
	else
		s->rc = vault_password_verify(s->hash, s->password);
}

/* What it is compared with; counts as a failure until it was right. */
static int
word_load(struct api_req *r)
{
	int rc = desk_safe_word(r->core, &r->user, r->args[0], r->secret->hash);

	if (rc != 0)
		return api_refuse_error(r, rc);
	if (r->secret->hash[0] == '\0')
		return api_refuse(
		    r, TC_ESTATE, 409, "she has not chosen a word");
	r->retry_after = auth_try(r->http->auth, r->args[0], clock_mono_ms());
	if (r->retry_after > 0)
		return api_refuse(
		    r, TC_EAGAIN, 429, "too many wrong words, wait");
	return 0;
}

int
api_safe_word_prepare(struct api_req *r)
{
	int rc = cases_check_agency(r);

	r->secret = xcalloc(1, sizeof(*r->secret));
	if (rc == 0 && r->route->arg == API_WORD_COMPARE)
		rc = word_load(r);
	if (rc != 0)
		return rc;
	/* The field's maximum is smaller. */
	(void)!str_printf(r->secret->password, sizeof(r->secret->password),
	    "%s", api_body_text(r, "word"));
	return request_work(r, word_work);
}

int
api_safe_word_set(struct api_req *r)
{
	int rc;

	if (r->secret->rc != 0)
		return TC_EAGAIN;
	rc = desk_set_safe_word(r->core, &r->user, r->args[0], r->secret->hash);
	if (rc == TC_EDENIED)
		return api_refuse(r, rc, 403, "another has claimed it");
	if (rc == TC_ESTATE)
		return api_refuse(r, rc, 409, "it is not claimed");
	return rc != 0 ? rc : cases_reply(r);
}

int
api_safe_word_compare(struct api_req *r)
{
	bool is_same = r->secret->rc == 0;
	int rc;

	if (!is_same && r->secret->rc != TC_EDENIED)
		return TC_EAGAIN;
	if (is_same)
		auth_succeeded(r->http->auth, r->args[0]);
	else
		auth_failed(r->http->auth, r->args[0], clock_mono_ms());
	rc = desk_compared_safe_word(r->core, &r->user, r->args[0], is_same);
	return rc != 0
		   ? rc
		   : api_reply(r, 200, json_pack("{s:b}", "verified", is_same));
}

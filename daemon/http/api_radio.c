/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a technician does with a modem: hold it, let it go on, dial USSD codes,
 * test it. Answers of the network come later: the request waits for them
 * (struct api_later), a minute at most. What USSD says and what is answered is
 * never logged: it is between the technician and the network.
 */
#include "config.h"

#include <string.h>

#include "conf.h"
#include "http/api.h"
#include "intake/selftest.h"
#include "outbox/outbox.h"
#include "radio/radio.h"
#include "watch/credit.h"
#include "watch/watch.h"

#define WAIT_S 60

/* One error of the radio in the words of the API. */
struct refusal {
	int err, status;
	const char *detail;
};

static int
radio_refuse(struct api_req *r, const struct refusal *refusals, int err)
{
	for (; refusals->err != 0; refusals++)
		if (refusals->err == err)
			return api_refuse(
			    r, err, refusals->status, refusals->detail);
	return err;
}

int
api_modems_hold(struct api_req *r)
{
	static const struct refusal hold_refusals[] = {
	    {TC_ESTATE, 409, "it is held already"},
	    {0},
	};
	static const struct refusal resume_refusals[] = {
	    {TC_ESTATE, 409, "it is not held"},
	    {0},
	};
	bool is_hold = r->route->arg != 0;
	int rc;

	rc = is_hold ? radio_hold(r->core->radio, r->args[0])
		     : radio_resume(r->core->radio, r->args[0]);
	if (rc != 0)
		return radio_refuse(
		    r, is_hold ? hold_refusals : resume_refusals, rc);
	return api_reply(r, 204, NULL);
}

/* --- USSD --- */

static void
ussd_reply(struct api_req *r, enum ml_ussd_status status, const char *text)
{
	(void)api_reply(r, 200,
	    json_pack("{s:s, s:o}", "status",
		modemlink_ussd_status_name(status), "text", jval_text(text)));
}

static void
on_ussd(const struct radio_ussd_answer *a, void *ctx)
{
	struct api_req *r = ctx;

	ussd_reply(r, a->status, a->text);
	api_later_answer(r, true);
}

static void
ussd_over(struct api_req *r)
{
	ussd_reply(r, ML_USSD_TIMEOUT, "");
}

static void
ussd_forget(struct api_req *r)
{
	radio_ussd_cancel(r->core->radio, r);
}

static const struct refusal ussd_refusals[] = {
    {TC_ESTATE, 409, "the modem is not ready, or no menu waits"},
    {TC_EAGAIN, 409, "another session, or help, uses the modem"},
    {TC_EDENIED, 403, "the code is not in ussd_codes or ussd_balance"},
    {0},
};

int
api_modems_ussd(struct api_req *r)
{
	static const struct api_later later = {ussd_over, ussd_forget};
	const char *code = api_body_text(r, "code");
	const char *answer = api_body_text(r, "answer");
	const struct radio_ussd_request q = {.modem = r->args[0],
	    .text = code != NULL ? code : answer,
	    .is_answer = code == NULL,
	    .cb = on_ussd,
	    .ctx = r};
	int rc;

	if ((code == NULL) == (answer == NULL))
		return api_refuse_field(
		    r, TC_EINVAL, 422, "code", "or answer is wanted");
	rc = radio_ussd(r->core->radio, &q);
	if (rc != 0)
		return radio_refuse(r, ussd_refusals, rc);
	r->later = &later;
	r->wait_s = WAIT_S;
	return 0;
}

/* --- test: a text to itself --- */

static int
on_message(const struct outbox_message *m, void *ctx)
{
	json_object_set_new(ctx, "state", jval_text(m->state));
	json_object_set_new(ctx, "reason", jval_opt(m->reason));
	return 0;
}

/* The message as it is now; ms < 0: it did not come back. */
static void
text_reply(struct api_req *r, int64_t ms)
{
	json_t *j = json_pack("{s:s, s:b, s:o, s:o}", "step", "text", "good",
	    ms >= 0, "message", jval_id(r->later_id), "ms",
	    ms >= 0 ? jval_int(ms) : json_null());
	int rc;

	rc = outbox_get(r->core, r->later_id, on_message, j);
	if (rc == 0) {
		(void)api_reply(r, 200, j);
		return;
	}
	json_decref(j);
	(void)api_refuse_error(r, rc == TC_ENOENT ? TC_EIO : rc);
}

static void
on_text(int64_t ms, void *ctx)
{
	text_reply(ctx, ms);
	api_later_answer(ctx, true);
}

static void
text_over(struct api_req *r)
{
	text_reply(r, -1);
}

static void
text_forget(struct api_req *r)
{
	selftest_forget(r->core->selftest, r);
}

static int
test_text(struct api_req *r)
{
	static const struct api_later later = {text_over, text_forget};
	static const struct refusal refusals[] = {
	    {TC_EINVAL, 409, "its number is not in the configuration"},
	    {TC_EAGAIN, 409, "a text is on its way already"},
	    {0},
	};
	int rc;

	rc = selftest_send(
	    r->core->selftest, r->args[0], on_text, r, &r->later_id);
	if (rc != 0)
		return radio_refuse(r, refusals, rc);
	r->later = &later;
	return 0;
}

/* --- test: the credit --- */

static void
credit_reply(struct api_req *r, const struct credit_answer *a)
{
	(void)api_reply(r, 200,
	    json_pack("{s:s, s:b, s:b, s:o}", "step", "credit", "good",
		a->is_known, "answered", a->is_answered, "credit",
		a->is_known ? jval_int(a->dong) : json_null()));
}

static void
on_credit(const struct credit_answer *a, void *ctx)
{
	credit_reply(ctx, a);
	api_later_answer(ctx, false);
}

static void
credit_over(struct api_req *r)
{
	const struct credit_answer none = {0};

	credit_reply(r, &none);
}

static void
credit_gone(struct api_req *r)
{
	credit_forget(watch_credit(r->core->watch), r);
}

static int
test_credit(struct api_req *r)
{
	static const struct api_later later = {credit_over, credit_gone};
	static const struct refusal refusals[] = {
	    {TC_ENOENT, 409, "its ussd_balance is not in the configuration"},
	    {TC_ESTATE, 409, "the modem is not ready"},
	    {TC_EAGAIN, 409, "another session, or help, uses the modem"},
	    {0},
	};
	int rc;

	if (conf_modem_by_name(r->core->conf, r->args[0]) == NULL)
		return TC_ENOENT;
	rc = credit_ask(watch_credit(r->core->watch), r->args[0], on_credit, r);
	if (rc != 0)
		return radio_refuse(r, refusals, rc);
	r->later = &later;
	return 0;
}

int
api_modems_test(struct api_req *r)
{
	const char *step = api_body_text(r, "step");
	int rc;

	if (strcmp(step, "text") == 0)
		rc = test_text(r);
	else if (strcmp(step, "credit") == 0)
		rc = test_credit(r);
	else
		return api_refuse_field(
		    r, TC_EINVAL, 422, "step", "text or credit is wanted");
	if (rc == 0)
		r->wait_s = WAIT_S;
	return rc;
}

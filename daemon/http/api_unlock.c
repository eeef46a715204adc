/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The passphrase of the data key (house.h): tried against the backoff of
 * failed logins, opened on the worker, taken in a turn. What came in while the
 * daemon was locked is taken in by the loop after the answer.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "house.h"
#include "http/server.h"
#include "log.h"
#include "store/locked.h"
#include "vault/vault.h"

#define PREFIX "passphrase:"
/* Among the names of logins, and none of them. */
#define UNLOCK_NAME "\001unlock"

/* On the worker's thread; the configuration does not change while it runs. */
static void
unlock_work(void *arg)
{
	struct api_req *r = arg;
	struct api_secret *s = r->secret;

	s->rc = vault_unwrap_key(
	    r->core->conf->key_source + strlen(PREFIX), s->password, s->key);
}

int
api_unlock_prepare(struct api_req *r)
{
	if (!vault_is_locked(r->core->vault))
		return api_refuse(r, TC_ESTATE, 409, "it is not locked");
	r->retry_after = auth_try(r->http->auth, UNLOCK_NAME, clock_mono_ms());
	if (r->retry_after > 0)
		return api_refuse(
		    r, TC_EAGAIN, 429, "too many wrong passphrases, wait");
	r->secret = xcalloc(1, sizeof(*r->secret));
	/* The field's maximum is smaller. */
	(void)!str_printf(r->secret->password, sizeof(r->secret->password),
	    "%s", api_body_text(r, "passphrase"));
	return request_work(r, unlock_work);
}

static int
unlock_refuse(struct api_req *r, int rc)
{
	if (rc == TC_EFULL)
		return api_refuse(
		    r, rc, 503, "no memory for the passphrase (256 MiB)");
	if (rc == TC_ECRYPTO) {
		auth_failed(r->http->auth, UNLOCK_NAME, clock_mono_ms());
		log_warn(
		    "unlock refused, wrong passphrase user=%s", r->user.name);
		return api_refuse(
		    r, TC_EDENIED, 403, "the passphrase is wrong");
	}
	log_err("unlock failed, the key file cannot be used source=%s "
		"why=\"%s\"",
	    r->core->conf->key_source, tc_strerror(rc));
	return api_refuse(r, rc, 503, "the key file cannot be used");
}

int
api_unlock(struct api_req *r)
{
	struct api_secret *s = r->secret;
	struct locked_figures f;
	int rc;

	if (s->rc != 0)
		return unlock_refuse(r, s->rc);
	if (!vault_is_locked(r->core->vault)) /* somebody was faster */
		return api_refuse(r, TC_ESTATE, 409, "it is not locked");
	rc = store_locked_figures(r->core->store, &f);
	if (rc == 0)
		rc = house_unlock(r->core, s->key);
	if (rc == TC_ECRYPTO)
		return api_refuse(
		    r, rc, 409, "this is the data key of another database");
	if (rc != 0)
		return rc;
	auth_succeeded(r->http->auth, UNLOCK_NAME);
	log_info("unlocked user=%s waiting=%lld", r->user.name,
	    (long long)f.waiting);
	return api_reply(
	    r, 200, json_pack("{s:o}", "waiting", jval_int(f.waiting)));
}

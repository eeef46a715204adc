/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A test of a campaign's text: to the phone of its author and to nobody else
 * (variant.h). Called by http/ inside a turn op.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "log.h"
#include "outbox/variant.h"
#include "outreach/campaign_private.h"
#include "outreach/variant.h"
#include "store/duty.h"
#include "vault/vault.h"

/* Tests say nothing new after so many; and each costs a segment. */
#define TRIALS_PER_HOUR 20

static int
trial_number(struct core *c, int64_t user_id, struct buf *number)
{
	struct buf box;
	int rc;

	buf_init(&box, 1024);
	rc = store_phone_get(c->store, user_id, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_STAFF, box.data, box.len, number);
	buf_clear(&box);
	return rc;
}

static int
trial_send(struct core *c, const struct user *u, const struct text_row *t,
    int64_t *message_id, struct campaign_refusal *why)
{
	struct outbox_trial trial = {.text_id = t->id,
	    .is_personal = t->is_personal,
	    .is_bare = strcmp(t->key.script, "bare") == 0};
	struct buf number;
	int rc;

	buf_init(&number, 256);
	rc = trial_number(c, u->id, &number);
	if (rc == TC_ENOENT)
		rc = campaign_refuse(why, TC_ESTATE,
		    "the author has no phone: tincayctl user phone");
	else if (rc == 0) {
		trial.number = buf_str(&number);
		rc = outbox_trial(c, &trial, message_id);
	}
	if (number.data != NULL)
		vault_wipe(number.data, number.cap);
	buf_clear(&number);
	return rc;
}

/* May this one be tried by him now? */
static int
trial_check(struct core *c, const struct user *u, const struct campaign *k,
    struct campaign_refusal *why)
{
	int n;

	if (k->row.author_id != u->id)
		return campaign_refuse(why, TC_EDENIED,
		    "a test goes to the author, who asks for it himself");
	if (k->state == CAMPAIGN_DRAFT || k->state >= CAMPAIGN_DONE)
		return campaign_refuse(why, TC_ESTATE,
		    "only what was checked and is not over can be tried");
	n = campaign_acts_since(c, k->row.id, "test", 3600);
	if (n < 0)
		return n;
	if (n >= TRIALS_PER_HOUR)
		return campaign_refuse(
		    why, TC_ESTATE, "at most 20 tests an hour");
	return 0;
}

int
campaign_trial(struct core *c, const struct user *u, int64_t id,
    struct campaign_trial *trial, struct campaign_refusal *why)
{
	struct variant_key reader;
	struct campaign k;
	struct text_row t;
	int rc;

	why->reason[0] = '\0';
	if (variant_key_parse(c, &trial->which, &reader) != 0)
		return campaign_refuse(why, TC_EINVAL,
		    "a group, a language (vi, bdq, jra), a script (accented, "
		    "bare)");
	if ((rc = campaign_get(c, id, &k)) != 0 ||
	    (rc = trial_check(c, u, &k, why)) != 0 ||
	    (rc = store_text_find(c->store, id, &reader, &t)) != 0 ||
	    (rc = trial_send(c, u, &t, &trial->message_id, why)) != 0)
		return rc;
	log_info(
	    "campaign tried id=%016" PRIx64 " user=%s", (uint64_t)id, u->name);
	return campaign_record(c, u, id, "test", "");
}

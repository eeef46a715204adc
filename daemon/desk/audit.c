/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hash chain of the ledger: audit.h. Called by desk.c for each new line and
 * by http for a check of all. Owns nothing. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "desk/alert.h"
#include "desk/audit.h"
#include "log.h"
#include "store/user.h"
#include "vault/vault.h"

#define PUSH_TTL_S 7200
#define REVIEWERS_MAX 32

_Static_assert(AUDIT_HASH == VAULT_MAC, "a hash has one size");

int
audit_chain(const unsigned char prev[AUDIT_HASH], const struct case_event *e,
    unsigned char out[AUDIT_HASH])
{
	char line[256];
	int rc;

	rc = str_printf(line, sizeof(line),
	    "%016" PRIx64 " %" PRId64 " %s %016" PRIx64 " %s%s%s",
	    (uint64_t)e->case_id, e->at, e->act, (uint64_t)e->user_id,
	    e->agency, e->detail[0] != '\0' ? " " : "", e->detail);
	if (rc == 0)
		vault_chain(prev, line, strlen(line), out);
	return rc;
}

static int
audit_line(const struct case_event *e, void *arg)
{
	struct audit_check *check = arg;
	unsigned char wanted[AUDIT_HASH];

	if (audit_chain(check->head, e, wanted) != 0 ||
	    memcmp(wanted, e->hash, sizeof(wanted)) != 0) {
		check->bad_seq = e->seq;
		return TC_ESTATE;
	}
	memcpy(check->head, wanted, sizeof(check->head));
	check->lines++;
	check->last_seq = e->seq;
	if (e->seq == check->kept_seq &&
	    memcmp(wanted, check->kept_hash, check->kept_len) == 0)
		check->is_kept_lost = false;
	return 0;
}

int
audit_walk(struct store *s, struct audit_check *check)
{
	int rc;

	memset(check->head, 0, sizeof(check->head));
	check->lines = check->last_seq = check->bad_seq = 0;
	check->is_kept_lost = check->kept_seq != 0;
	rc = store_event_walk(s, audit_line, check);
	return rc == TC_ESTATE ? 0 : rc;
}

bool
audit_is_good(const struct audit_check *check)
{
	return check->bad_seq == 0 && !check->is_kept_lost;
}

/* --- the daily text --- */

struct reviewers {
	int64_t ids[REVIEWERS_MAX];
	size_t n;
};

static int
audit_add_reviewer(const struct user *u, void *ctx)
{
	struct reviewers *r = ctx;

	if ((u->roles & ROLE_REVIEWER) != 0 && u->revoked_at == 0 &&
	    r->n < REVIEWERS_MAX)
		r->ids[r->n++] = u->id;
	return 0;
}

static int
audit_slots(
    struct core *c, int64_t seq, const char *date, char *out, size_t size)
{
	char hex[2 * AUDIT_HASH_MIN + 1];
	unsigned char head[AUDIT_HASH];
	int rc;

	if ((rc = store_event_head(c->store, head)) != 0)
		return rc;
	return str_printf(out, size,
	    "{\"date\":\"%s\",\"head\":\"%" PRId64 ":%s\"}", date, seq,
	    hex_encode(hex, head, AUDIT_HASH_MIN));
}

int
audit_push(struct core *c, const char *date)
{
	char slots[128];
	const struct alert_text text = {
	    "LEDGER", slots, clock_now() + PUSH_TTL_S, LANE_CASE};
	struct reviewers r = {.n = 0};
	int64_t seq;
	size_t i;
	int rc;

	if ((rc = store_event_last(c->store, &seq)) != 0 || seq == 0 ||
	    (rc = audit_slots(c, seq, date, slots, sizeof(slots))) != 0 ||
	    (rc = store_user_each(c->store, audit_add_reviewer, &r)) < 0)
		return rc;
	if (r.n == 0)
		log_warn("there is no reviewer: the head of the ledger is kept "
			 "by nobody");
	for (i = 0, rc = 0; i < r.n && rc == 0; i++)
		rc = alert_text_user(c, r.ids[i], &text);
	return rc;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hash chain of the ledger: audit.h. Called by desk.c for each new line and
 * by http for a check of all. Owns nothing. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "desk/audit.h"
#include "vault/vault.h"

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
	    memcmp(wanted, check->kept_hash, sizeof(wanted)) == 0)
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

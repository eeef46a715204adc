/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may open a case: ladder.h. Called by file.c for every text, before
 * anything is sealed or shown. */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "desk/desk_private.h"
#include "desk/ladder.h"
#include "intake/content.h"
#include "log.h"
#include "store/contact.h"
#include "vault/vault.h"

struct conflict {
	char agencies[LADDER_MAX][AGENCY_CODE_MAX];
	int n;
};

static bool
conflict_has(const struct conflict *x, const char *agency)
{
	int i;

	for (i = 0; i < x->n; i++)
		if (strcmp(x->agencies[i], agency) == 0)
			return true;
	return false;
}

/* And those that she does not want (KHONG CAX). */
static int
conflict_add_refused(
    struct core *c, const struct desk_text *t, struct conflict *x)
{
	int n;

	n = store_contact_refused(c->store, t->contact_id, x->agencies + x->n,
	    LADDER_MAX - (size_t)x->n);
	if (n > 0)
		x->n += n;
	return n < 0 ? n : 0;
}

int
ladder_is_conflict(struct core *c, int64_t contact_id, const char *agency)
{
	unsigned char mac[VAULT_MAC];
	struct buf box, number;
	struct conflict x;
	int rc;

	buf_init(&box, 1024);
	buf_init(&number, 256);
	rc = store_contact_box(c->store, contact_id, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_CONTACT, box.data, box.len, &number);
	if (rc == 0) {
		vault_phone_mac(c->vault, VAULT_PERSON, buf_str(&number), mac);
		x.n =
		    store_staff_agencies(c->store, mac, x.agencies, LADDER_MAX);
		rc = x.n < 0 ? x.n : conflict_has(&x, agency);
	}
	if (number.data != NULL)
		vault_wipe(number.data, number.cap);
	buf_clear(&number);
	buf_clear(&box);
	return rc;
}

static void
ladder_add(const char **list, size_t *n, const struct conflict *x,
    const struct content_agency *a)
{
	if (*n < LADDER_MAX && !conflict_has(x, a->code))
		list[(*n)++] = a->code;
}

/* Nobody of the first is left: the second agency alone, and when there is none
 * either, the duty officer. */
static void
ladder_move_up(struct ladder *l)
{
	if (l->nfirst > 0)
		return;
	if (l->nsecond > 0) {
		l->first[l->nfirst++] = l->second[0];
		l->nsecond--;
		memmove(l->second, l->second + 1,
		    l->nsecond * sizeof(l->second[0]));
		return;
	}
	l->first[l->nfirst++] = AGENCY_TRIAGE;
	l->has_triage = true;
}

int
ladder_make(struct core *c, const struct desk_text *t, struct ladder *l)
{
	const struct content_intent *intent = t->intent;
	unsigned char mac[VAULT_MAC];
	struct conflict x;
	size_t i;
	int rc;

	memset(l, 0, sizeof(*l));
	vault_phone_mac(c->vault, VAULT_PERSON, t->number, mac);
	x.n = store_staff_agencies(c->store, mac, x.agencies, LADDER_MAX);
	if (x.n < 0)
		return x.n;
	if ((rc = conflict_add_refused(c, t, &x)) != 0)
		return rc;
	for (i = 0; i < intent->nagencies; i++)
		ladder_add(l->first, &l->nfirst, &x, intent->agencies[i]);
	for (i = 0; i < intent->nladder; i++)
		ladder_add(l->second, &l->nsecond, &x, intent->ladder[i]);
	l->has_triage = !conflict_has(&x, AGENCY_TRIAGE);
	ladder_move_up(l);
	if (x.n > 0)
		log_info("case kept from agencies n=%d", x.n);
	return 0;
}

int
ladder_queue(const struct ladder *l, char out[CASE_QUEUE_MAX])
{
	struct buf b;
	size_t i;
	int rc;

	buf_init(&b, CASE_QUEUE_MAX - 1);
	for (i = 0; i < l->nfirst; i++)
		(void)buf_printf(&b, "%s%s", i > 0 ? "," : "", l->first[i]);
	rc = buf_error(&b);
	if (rc == 0)
		rc = str_printf(out, CASE_QUEUE_MAX, "%s", buf_str(&b));
	buf_clear(&b);
	return rc;
}

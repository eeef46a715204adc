/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * People and their consent (people.h): called by http/ for officials and by
 * intake for those who text DK, CO and TC themselves. The ledger row is
 * written with every change of consent; person.consenting is its last word,
 * kept so that the look at the moment of sending is one row.
 */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "clock.h"
#include "log.h"
#include "msisdn.h"
#include "outbox/outbox.h"
#include "outreach/people.h"
#include "outreach/people_private.h"
#include "store/person.h"
#include "vault/vault.h"

#define ASK_SECONDS (24 * 3600)

_Static_assert(
    LIST_NAME_MAX == STORE_LIST_NAME_MAX, "a list name has one size");

int
people_find(struct core *c, const char *number, struct person *out)
{
	unsigned char mac[VAULT_MAC];

	vault_phone_mac(c->vault, VAULT_PERSON, number, mac);
	return store_person_find(c->store, mac, out);
}

int
people_add(struct core *c, const char *number, struct person *p)
{
	unsigned char mac[VAULT_MAC];
	struct buf box;
	int rc;

	vault_phone_mac(c->vault, VAULT_PERSON, number, mac);
	p->id = outbox_new_id();
	p->created_at = clock_now();
	if (p->language[0] == '\0')
		memcpy(p->language, "vi", sizeof("vi"));
	rc = str_printf(p->operator_name, sizeof(p->operator_name), "%s",
	    msisdn_operator(number));
	buf_init(&box, 512);
	if (rc == 0)
		rc = vault_box(
		    c->vault, VAULT_BOX_PERSON, number, strlen(number), &box);
	if (rc == 0)
		rc = store_person_add(c->store, p, mac, &box);
	buf_clear(&box);
	return rc;
}

int
people_consent(struct core *c, struct person *p, const struct consent *ledger)
{
	int rc;

	p->consenting = ledger->given;
	p->asked_at = 0;
	if ((rc = store_person_update(c->store, p)) != 0)
		return rc;
	return store_consent_add(c->store, outbox_new_id(), ledger);
}

/* The row of a number, made when it is missing. */
static int
people_take(struct core *c, const char *number, struct person *out)
{
	int rc;

	rc = people_find(c, number, out);
	if (rc != TC_ENOENT)
		return rc;
	memset(out, 0, sizeof(*out));
	return people_add(c, number, out);
}

int
people_ask(struct core *c, const char *number, int64_t *person_id)
{
	struct person p;
	int rc;

	if ((rc = people_take(c, number, &p)) != 0)
		return rc;
	p.asked_at = clock_now();
	*person_id = p.id;
	return store_person_update(c->store, &p);
}

int
people_confirm(struct core *c, const char *number, int64_t *person_id)
{
	struct consent ledger = {.scope = "broadcast",
	    .given = true,
	    .at = clock_now(),
	    .how = "sms",
	    .collected_on = "",
	    .collector = "",
	    .wording = "SUBSCRIBE"};
	unsigned char mac[VAULT_MAC];
	struct person p;
	int rc;

	rc = people_find(c, number, &p);
	if (rc == TC_ENOENT ||
	    (rc == 0 &&
		(p.asked_at == 0 || p.asked_at + ASK_SECONDS < ledger.at)))
		return TC_ESTATE;
	if (rc != 0)
		return rc;
	ledger.person_id = *person_id = p.id;
	p.opted_out_at = 0;
	vault_phone_mac(c->vault, VAULT_PERSON, number, mac);
	rc = store_block_remove(c->store, mac);
	return rc < 0 ? rc : people_consent(c, &p, &ledger);
}

int
people_set_language(struct core *c, const char *number, const char *language,
    int64_t *person_id)
{
	struct person p;
	int rc;

	if ((rc = people_find(c, number, &p)) != 0)
		return rc;
	if ((rc = str_printf(p.language, sizeof(p.language), "%s", language)) !=
	    0)
		return rc;
	*person_id = p.id;
	return store_person_update(c->store, &p);
}

int
people_set_hamlet(struct core *c, const char *number, const char *hamlet)
{
	struct person p;
	int rc;

	if ((rc = people_find(c, number, &p)) != 0 ||
	    (rc = str_printf(p.hamlet, sizeof(p.hamlet), "%s", hamlet)) != 0)
		return rc;
	return store_person_update(c->store, &p);
}

int
people_withdraw(struct core *c, struct person *p, const char *how)
{
	struct consent ledger = {.person_id = p->id,
	    .scope = "broadcast",
	    .given = false,
	    .at = clock_now(),
	    .how = how,
	    .collected_on = "",
	    .collector = "",
	    .wording = "OPTOUT"};

	p->opted_out_at = ledger.at;
	return people_consent(c, p, &ledger);
}

int
people_optout(struct core *c, const char *number, int64_t *person_id)
{
	struct person p;
	int rc;

	if ((rc = people_take(c, number, &p)) != 0)
		return rc;
	*person_id = p.id;
	return people_withdraw(c, &p, "sms");
}

int
people_set_theme(
    struct core *c, const char *number, const char *theme, bool is_out)
{
	struct consent line = {.scope = theme,
	    .given = !is_out,
	    .at = clock_now(),
	    .how = "staff",
	    .collected_on = "",
	    .collector = "",
	    .wording = ""};
	struct person p;
	int rc;

	if (*theme == '\0' || strcmp(theme, "broadcast") == 0 ||
	    strcmp(theme, "guardian") == 0)
		return TC_EINVAL;
	if ((rc = people_find(c, number, &p)) != 0 ||
	    (rc = store_theme_set(c->store, p.id, theme, is_out)) != 0)
		return rc;
	line.person_id = p.id;
	return store_consent_add(c->store, outbox_new_id(), &line);
}

int
people_is_blocked(struct core *c, const char *number)
{
	unsigned char mac[VAULT_MAC];

	vault_phone_mac(c->vault, VAULT_PERSON, number, mac);
	return store_block_has(c->store, mac);
}

int
people_block(struct core *c, const char *number, const char *why)
{
	unsigned char mac[VAULT_MAC];

	vault_phone_mac(c->vault, VAULT_PERSON, number, mac);
	return store_block_add(c->store, mac, why, clock_now());
}

int
people_forget(struct core *c, const char *number)
{
	struct person p;
	int rc;

	rc = people_block(c, number, "forgotten");
	if (rc != 0 && rc != TC_EEXIST)
		return rc;
	if ((rc = people_find(c, number, &p)) != 0)
		return rc;
	log_info("person forgotten");
	return store_person_remove(c->store, p.id);
}

struct people_each_ctx {
	struct core *core;
	person_cb cb;
	void *ctx;
};

static int
people_fill(struct core *c, const struct person *p, struct person_row *row)
{
	struct buf box, plain;
	int rc;

	memset(row, 0, sizeof(*row));
	row->id = p->id;
	row->consent = p->consenting;
	row->is_minor = p->is_minor;
	row->opted_out_at = p->opted_out_at;
	row->since = p->created_at;
	buf_init(&box, 512);
	buf_init(&plain, 512);
	rc = store_person_box(c->store, p->id, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_PERSON, box.data, box.len, &plain);
	if (rc == 0)
		(void)msisdn_mask(buf_str(&plain), row->number);
	buf_clear(&plain);
	buf_clear(&box);
	memcpy(row->hamlet, p->hamlet, sizeof(row->hamlet));
	memcpy(row->language, p->language, sizeof(row->language));
	memcpy(row->kind, p->kind, sizeof(row->kind));
	return rc;
}

static int
people_each_cb(const struct person *p, void *arg)
{
	struct people_each_ctx *each = arg;
	struct person_row row;
	int rc;

	rc = people_fill(each->core, p, &row);
	return rc != 0 ? rc : each->cb(&row, each->ctx);
}

int
people_each(struct core *c, int64_t after, int limit, person_cb cb, void *ctx)
{
	struct people_each_ctx each = {c, cb, ctx};

	return store_person_each(c->store, after, limit, people_each_cb, &each);
}

int
people_get(struct core *c, const char *number, struct person_row *out)
{
	struct person p;
	int rc;

	rc = people_find(c, number, &p);
	return rc != 0 ? rc : people_fill(c, &p, out);
}

int
people_facts(struct core *c, int64_t person_id, person_fact_cb cb, void *ctx)
{
	return store_person_facts(c->store, person_id, cb, ctx);
}

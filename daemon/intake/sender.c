/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contacts by number: sender.h. Called by intake.c and ussd.c. */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "clock.h"
#include "intake/callback.h"
#include "intake/content.h"
#include "intake/sender.h"
#include "log.h"
#include "outbox/outbox.h"
#include "vault/vault.h"

enum msisdn_kind
sender_number(const char *number, char out[MSISDN_MAX])
{
	enum msisdn_kind kind = msisdn_parse(number, out);
	size_t len;

	if (out[0] != '\0')
		return kind;
	if (str_printf(out, MSISDN_MAX, "%s", number) != 0)
		log_debug("intake sender cut len=%zu", strlen(number));
	len = strlen(out);
	while (!utf8_is_valid(out, len))
		out[--len] = '\0';
	return kind;
}

static int
sender_add(struct core *c, const char *number, const char *modem,
    const unsigned char mac[VAULT_MAC], struct contact *out)
{
	struct buf box;
	int rc;

	memset(out, 0, sizeof(*out));
	out->id = outbox_new_id();
	memcpy(out->state, "unknown", sizeof("unknown"));
	buf_init(&box, 512);
	rc = str_printf(out->modem, sizeof(out->modem), "%s", modem);
	if (rc == 0)
		rc = vault_box(
		    c->vault, VAULT_BOX_CONTACT, number, strlen(number), &box);
	if (rc == 0)
		rc = store_contact_add(c->store, out, mac, &box, clock_now());
	buf_clear(&box);
	return rc;
}

int
sender_find(struct core *c, const char *number, struct contact *out)
{
	unsigned char mac[VAULT_MAC];

	vault_phone_mac(c->vault, VAULT_CONTACT, number, mac);
	return store_contact_find(c->store, mac, out);
}

int
sender_contact(
    struct core *c, const char *number, const char *modem, struct contact *out)
{
	unsigned char mac[VAULT_MAC];
	int rc;

	vault_phone_mac(c->vault, VAULT_CONTACT, number, mac);
	rc = store_contact_find(c->store, mac, out);
	return rc == TC_ENOENT ? sender_add(c, number, modem, mac, out) : rc;
}

int
sender_set_hours(struct core *c, struct contact *contact,
    const struct argument_hours *h, int64_t at)
{
	int zone = content_commune(c->content)->zone_minutes;

	if (h->from < 0)
		return 0;
	contact->hours = (struct call_hours){
	    h->from, h->until, callback_weekdays(h, at, zone)};
	return store_contact_update(c->store, contact);
}

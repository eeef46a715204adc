/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is behind a device: the stick (IMEI) and its SIM (IMSI), kept as keyed
 * hashes in the row of the section. Called by life.c for READY, before the pool
 * may use the modem.
 *
 * The SIM decides. The first one is learnt. That of another section: the sticks
 * have changed places, so the sections change devices and both start again. Any
 * other one is perhaps stolen or perhaps a thief's: the section is held until a
 * person says that it is right.
 */
#include "config.h"

#include <string.h>

#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "turn.h"
#include "vault/vault.h"

static const unsigned char nothing[MODEM_MAC];

static bool
is_known(const unsigned char mac[MODEM_MAC])
{
	return memcmp(mac, nothing, MODEM_MAC) != 0;
}

/* All zero for a modem that does not tell. */
static void
identity_mac(const struct modem *m, const char *kind, const char *number,
    unsigned char out[MODEM_MAC])
{
	char text[ML_NAME_MAX];

	memset(out, 0, MODEM_MAC);
	if (number[0] == '\0' ||
	    str_printf(text, sizeof(text), "%s %s", kind, number) != 0)
		return;
	vault_mac(m->radio->core->vault, VAULT_MODEM, text, strlen(text), out);
	explicit_bzero(text, sizeof(text));
}

/* The other section that this SIM belongs to, or NULL. */
static struct modem *
identity_owner(const struct modem *m, const unsigned char imsi_mac[MODEM_MAC])
{
	struct radio *r = m->radio;
	size_t i;

	for (i = 0; i < r->nmodems; i++)
		if (&r->modems[i] != m &&
		    memcmp(r->modems[i].row.imsi_mac, imsi_mac, MODEM_MAC) == 0)
			return &r->modems[i];
	return NULL;
}

static void
identity_restart(struct modem *m)
{
	if (m->pid != 0 || m->bev != NULL) {
		m->is_planned = true;
		child_kill(m, "moved");
	} else if (m->state == MODEM_ABSENT || m->state == MODEM_BACKOFF) {
		modem_set_state(m, MODEM_BACKOFF, "moved");
		life_wait(m, 1);
	}
}

static void
identity_exchange(struct modem *m, struct modem *owner)
{
	const char *device = m->device;

	log_warn("modem sticks have changed places name=%s other=%s",
	    m->conf->name, owner->conf->name);
	m->device = owner->device;
	owner->device = device;
	identity_restart(m);
	identity_restart(owner);
}

/* The SIM is the one of this section, or its first. What a stick cannot do is
 * forgotten with the stick. */
static int
identity_learn(struct modem *m, const unsigned char imei_mac[MODEM_MAC],
    const unsigned char imsi_mac[MODEM_MAC])
{
	struct modem_row row = m->row;

	if (memcmp(row.imei_mac, imei_mac, MODEM_MAC) == 0 &&
	    memcmp(row.imsi_mac, imsi_mac, MODEM_MAC) == 0 && !row.pin_open)
		return 0;
	if (memcmp(row.imei_mac, imei_mac, MODEM_MAC) != 0) {
		if (is_known(row.imei_mac))
			log_warn("modem stick is another one name=%s",
			    m->conf->name);
		row.skip = 0;
		row.ussd_form = ML_USSD_AUTO;
	}
	if (row.pin_open) { /* it was the right one */
		row.pin_open = false;
		memset(row.pin_tried, 0, sizeof(row.pin_tried));
	}
	memcpy(row.imei_mac, imei_mac, MODEM_MAC);
	memcpy(row.imsi_mac, imsi_mac, MODEM_MAC);
	return row_save(m, &row);
}

static int
identity_hold(struct modem *m)
{
	struct modem_row row = m->row;
	int rc;

	rc = str_printf(row.held, sizeof(row.held), RADIO_HELD_SIM);
	return rc != 0 ? rc : row_save(m, &row);
}

bool
identity_check(struct modem *m, const struct ml_ready *ready)
{
	unsigned char imei_mac[MODEM_MAC], imsi_mac[MODEM_MAC];
	struct modem *owner;

	identity_mac(m, "imei", ready->imei, imei_mac);
	identity_mac(m, "imsi", ready->imsi, imsi_mac);
	if (!is_known(imsi_mac)) {
		child_kill(m, "no identity");
		return false;
	}
	owner = identity_owner(m, imsi_mac);
	if (memcmp(m->row.imsi_mac, imsi_mac, MODEM_MAC) == 0 ||
	    (owner == NULL && !is_known(m->row.imsi_mac))) {
		if (identity_learn(m, imei_mac, imsi_mac) == 0)
			return true;
		child_stop(m, "database");
	} else if (owner == NULL) {
		if (identity_hold(m) != 0) {
			child_stop(m, "database");
			return false;
		}
		modem_set_state(m, MODEM_HELD, RADIO_HELD_SIM);
		events_set(m, RADIO_EVENT_SIM_CHANGED, true);
		child_kill(
		    m, RADIO_HELD_SIM); /* what it received is not ours */
	} else if (owner->state == MODEM_READY || owner->state == MODEM_BUSY)
		/* It was pulled a moment ago; or two SIMs say the same. */
		child_kill(m, "sim_elsewhere");
	else
		identity_exchange(m, owner);
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that were taken in and that the modem would not delete: a row of
 * tombstone each, so that they are never taken in again, however long they stay
 * on the SIM. Called by child.c for DELETED, READY and STATUS and by receive.c
 * for every text. The delete is tried again with backoff until the message is
 * gone, or another one is in its place.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "store/inbound.h"
#include "turn.h"

#define RETRY_FIRST_MS (10 * 1000)
#define RETRY_MAX_MS (30 * 60 * 1000)
#define RETRY_BATCH 16

struct tombstone_op {
	struct modem *modem;
	struct tombstone stone;
	bool is_new;
};

static void
tombstone_of(
    const struct modem *m, const struct ml_place *place, struct tombstone *out)
{
	memcpy(out->sim, m->row.imsi_mac, sizeof(out->sim));
	out->folder = place->folder;
	out->slot = place->slot;
	out->hash = place->hash;
}

void
tombstone_load(struct modem *m)
{
	int n = store_tombstone_count(m->radio->core->store, m->row.imsi_mac);

	if (n < 0)
		log_err("modem tombstones cannot be counted name=%s why=\"%s\"",
		    m->conf->name, tc_strerror(n));
	m->ntombstones = n < 0 ? 1 : (unsigned)n; /* better looked up in vain */
}

static int
op_bury(void *arg)
{
	struct tombstone_op *op = arg;
	int rc;

	rc = store_tombstone_add(
	    op->modem->radio->core->store, &op->stone, clock_now());
	op->is_new = rc == 0;
	return rc == TC_EEXIST ? 0 : rc;
}

/* How many were taken away. */
static int
op_forget(void *arg)
{
	struct tombstone_op *op = arg;

	return store_tombstone_remove(
	    op->modem->radio->core->store, &op->stone);
}

static void
tombstone_wait(struct modem *m)
{
	m->delete_failures++;
	m->delete_again_ms =
	    clock_mono_ms() +
	    life_delay(m->delete_failures, RETRY_FIRST_MS, RETRY_MAX_MS);
}

void
tombstone_on_deleted(struct modem *m, const struct ml_deleted *d)
{
	struct tombstone_op op = {.modem = m};
	bool is_gone = d->rc == 0 || d->rc == TC_ENOENT;
	int rc;

	if (is_gone && m->ntombstones == 0)
		return;
	tombstone_of(m, &d->place, &op.stone);
	rc = turn_run(m->radio->core->turn, is_gone ? op_forget : op_bury, &op);
	if (rc < 0) {
		log_err("modem tombstone not kept name=%s slot=%u why=\"%s\"",
		    m->conf->name, d->place.slot, tc_strerror(rc));
	} else if (is_gone && rc > 0) {
		m->ntombstones--;
		m->delete_failures = 0;
	} else if (op.is_new) {
		m->ntombstones++;
		log_warn("modem refused a delete name=%s slot=%u why=\"%s\"",
		    m->conf->name, d->place.slot, tc_strerror((int)d->rc));
	}
	if (!is_gone)
		tombstone_wait(m);
}

bool
tombstone_has(const struct modem *m, const struct ml_place *place)
{
	struct tombstone stone;

	if (m->ntombstones == 0)
		return false;
	tombstone_of(m, place, &stone);
	return store_tombstone_has(m->radio->core->store, &stone) == 0;
}

static int
tombstone_retry_cb(const struct tombstone *t, void *arg)
{
	struct modem *m = arg;
	struct ml_delete_sms body = {
	    .place = {.folder = t->folder, .slot = t->slot, .hash = t->hash}};

	memcpy(body.place.imsi, m->info.imsi, sizeof(body.place.imsi));
	child_send(m, ML_DELETE_SMS, 0, &body);
	return 0;
}

void
tombstone_retry(struct modem *m)
{
	int rc;

	if (m->ntombstones == 0 || m->state != MODEM_READY ||
	    clock_mono_ms() < m->delete_again_ms)
		return;
	tombstone_wait(m);
	rc = store_tombstone_each(m->radio->core->store, m->row.imsi_mac,
	    RETRY_BATCH, tombstone_retry_cb, m);
	if (rc < 0)
		log_err("modem tombstones cannot be read name=%s why=\"%s\"",
		    m->conf->name, tc_strerror(rc));
}

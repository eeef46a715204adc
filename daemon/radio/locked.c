/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is received while the data key is locked (house.h). receive.c hands over
 * every frame, server.c asks for what waits until nothing is left. Nothing is
 * sent before: an opt-out that waits counts for what follows.
 *
 *   locked ──house_unlock──> taking in (radio_take_in) ──> open
 *
 * A row of locked_inbound is one frame of a child with the modem's name and the
 * time of its arrival. Whether it was here before is found out when it is taken
 * in. One that cannot be taken in is kept and marked, so that it does not stop
 * the rest.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "house.h"
#include "log.h"
#include "radio/radio_private.h"
#include "store/locked.h"
#include "turn.h"
#include "vault/vault.h"

#define PLAIN_MAX 8192
#define TAKE_IN_MAX 32 /* in one iteration of the loop */

/* --- keeping --- */

/* "usb0 1765000000\n", then the frame. */
static int
frame_seal(struct core *c, const struct locked_frame *f, struct buf *out)
{
	unsigned char pk[VAULT_KEY];
	struct buf plain;
	int rc;

	rc = house_pair_pk(c, pk);
	if (rc != 0)
		return rc;
	buf_init(&plain, PLAIN_MAX);
	(void)buf_printf(&plain, "%s %" PRId64 "\n", f->modem, f->at);
	rc = modemlink_put(&plain, f->type, 1, f->body);
	if (rc == 0)
		rc = buf_error(&plain);
	if (rc == 0)
		rc = vault_case_seal_item(pk, plain.data, plain.len, out);
	if (plain.data != NULL)
		vault_wipe(plain.data, plain.len);
	buf_clear(&plain);
	return rc;
}

int
locked_keep(struct radio *r, const struct locked_frame *f)
{
	struct buf sealed;
	int rc;

	buf_init(&sealed, 2 * PLAIN_MAX);
	rc = frame_seal(r->core, f, &sealed);
	if (rc == 0)
		rc = store_locked_add(
		    r->core->store, sealed.data, sealed.len, f->at);
	buf_clear(&sealed);
	return rc;
}

/* --- taking in --- */

struct take_in {
	struct radio *radio;
	int64_t id; /* 0: none waits */
};

/* The frame in an opened row; its strings lie in text. */
static int
frame_parse(const struct buf *text, struct locked_frame *f, union ml_body *body)
{
	char *line = (char *)text->data, *end, *number;
	struct frame frame;
	size_t total, head;
	int rc;

	end = memchr(line, '\n', text->len);
	number = end != NULL ? memchr(line, ' ', (size_t)(end - line)) : NULL;
	if (number == NULL)
		return TC_EPROTO;
	*number = *end = '\0';
	head = (size_t)(end + 1 - line);
	f->modem = line;
	f->at = strtoll(number + 1, NULL, 10);
	rc = frame_peek(text->data + head, text->len - head, &frame, &total);
	if (rc != 1)
		return rc < 0 ? rc : TC_EPROTO;
	f->type = (enum ml_type)frame.type;
	f->body = body;
	return modemlink_get(&frame, ML_CHILD, ML_PHASE_READY, body);
}

static int
take_in_row(struct radio *r, const struct buf *sealed)
{
	struct locked_frame f;
	struct vault_pair pair;
	union ml_body body;
	struct buf text;
	int rc;

	buf_init(&text, PLAIN_MAX);
	rc = house_pair(r->core, &pair);
	if (rc == 0)
		rc = vault_pair_open(&pair, sealed->data, sealed->len, &text);
	vault_wipe(&pair, sizeof(pair));
	if (rc == 0)
		rc = frame_parse(&text, &f, &body);
	if (rc == 0)
		rc = receive_kept(r, &f);
	if (text.data != NULL)
		vault_wipe(text.data, text.len);
	vault_wipe(&body, sizeof(body));
	buf_clear(&text);
	return rc;
}

/* 1 one was taken in, 0 none waits. */
static int
op_take_in(void *arg)
{
	struct take_in *t = arg;
	struct core *c = t->radio->core;
	struct buf sealed;
	int rc;

	t->id = 0;
	buf_init(&sealed, 2 * PLAIN_MAX);
	rc = store_locked_first(c->store, &t->id, &sealed);
	if (rc == 0)
		rc = take_in_row(t->radio, &sealed);
	buf_clear(&sealed);
	if (rc != 0)
		return rc == TC_ENOENT && t->id == 0 ? 0 : rc;
	rc = store_locked_remove(c->store, t->id);
	return rc != 0 ? rc : 1;
}

static int
op_spoil(void *arg)
{
	struct take_in *t = arg;

	return store_locked_spoil(t->radio->core->store, t->id);
}

/* What the disk or the set-up refuses is tried again; what cannot be taken in at
 * all must not stop the rest. */
static int
take_in_failed(struct take_in *t, int rc)
{
	if (rc == TC_EIO || rc == TC_ENOTREADY || t->id == 0)
		return rc;
	log_err("something that came while locked cannot be taken in, it is "
		"kept id=%" PRId64 " why=\"%s\"",
	    t->id, tc_strerror(rc));
	rc = turn_run(t->radio->core->turn, op_spoil, t);
	return rc < 0 ? rc : 1;
}

/* Their spools get the key that they were started without. */
static void
open_children(struct radio *r)
{
	struct modem *m;
	size_t i;

	for (i = 0; i < r->nmodems; i++) {
		m = &r->modems[i];
		if (!m->is_keyless)
			continue;
		m->is_keyless = false;
		if (m->state == MODEM_READY || m->state == MODEM_STARTING) {
			m->is_planned = true;
			child_stop(m, "unlocked");
		}
	}
}

bool
radio_take_in(struct radio *r)
{
	struct take_in t = {.radio = r};
	int rc = 1, n;

	if (!r->is_locked || r->is_stuck || vault_is_locked(r->core->vault))
		return false;
	for (n = 0; rc == 1 && n < TAKE_IN_MAX; n++) {
		rc = turn_run(r->core->turn, op_take_in, &t);
		if (rc < 0)
			rc = take_in_failed(&t, rc);
	}
	if (rc < 0) {
		log_warn(
		    "what came while locked waits why=\"%s\"", tc_strerror(rc));
		r->is_stuck = true; /* until the next upkeep */
	} else if (rc == 0) {
		r->is_locked = false;
		log_info("unlocked, all that came is taken in");
		open_children(r);
	}
	return rc == 1;
}

bool
radio_is_locked(const struct radio *r)
{
	return r->is_locked;
}

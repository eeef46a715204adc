/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of campaigns, one reader at a time (variant.h). Called by feed.c and
 * render.c, and by outreach/ while a campaign is checked. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "fold.h"
#include "gsm.h"
#include "intake/content.h"
#include "outbox/outbox.h"
#include "outbox/slots.h"
#include "outbox/state.h"
#include "outbox/variant.h"
#include "vault/vault.h"

#define TRIAL_MARK "[THU] "
#define TRIAL_EXPIRY_S 3600

static bool
variant_is_bare(const struct variant_key *key)
{
	return strcmp(key->script, "bare") == 0;
}

/* The value of {thon} as the slots of a message. */
static int
variant_slots(struct core *c, const char *hamlet, bool is_bare,
    char out[MESSAGE_SLOTS_MAX])
{
	const char *value = hamlet;
	char *bare = NULL;
	int rc;

	if (*hamlet == '\0' || strpbrk(hamlet, "{}\n\r\t") != NULL)
		value = content_commune(c->content)->signature;
	if (is_bare && (bare = fold_bare(value)) != NULL)
		value = bare;
	rc = slots_dump(
	    json_pack("{s:s}", "thon", value), out, MESSAGE_SLOTS_MAX);
	free(bare);
	return rc;
}

int
outbox_variant_fill(struct core *c, const char *text, const char *hamlet,
    bool is_bare, struct buf *out)
{
	char slots[MESSAGE_SLOTS_MAX];
	int rc = variant_slots(c, hamlet, is_bare, slots);

	return rc != 0 ? rc : slots_fill(text, slots, false, out);
}

/* Append the text of a row as it was frozen. */
static int
variant_unbox(struct core *c, int64_t text_id, struct buf *out)
{
	struct buf box;
	int rc;

	buf_init(&box, OUTBOX_VARIANT_MAX + 256);
	rc = store_text_box(c->store, text_id, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_MESSAGE, box.data, box.len, out);
	buf_clear(&box);
	return rc;
}

static int
variant_measure(const char *text, const char *slots, int *nparts)
{
	struct gsm_text measured;
	struct buf whole;
	int rc;

	buf_init(&whole, OUTBOX_VARIANT_MAX);
	rc = slots_fill(text, slots, false, &whole);
	if (rc == 0)
		rc =
		    gsm_segment(buf_str(&whole), whole.len, &measured, NULL, 0);
	if (rc == 0)
		*nparts = (int)measured.nsegments;
	buf_clear(&whole);
	return rc;
}

/* His hamlet goes in, unless that would make more segments than were approved:
 * a name that nobody knew then. */
static int
variant_personal(struct core *c, const struct text_row *t, const char *hamlet,
    struct outbox_variant *out)
{
	bool is_bare = variant_is_bare(&t->key);
	struct buf text;
	int rc;

	buf_init(&text, OUTBOX_VARIANT_MAX);
	rc = variant_unbox(c, t->id, &text);
	if (rc == 0)
		rc = variant_slots(c, hamlet, is_bare, out->slots);
	if (rc == 0)
		rc = variant_measure(buf_str(&text), out->slots, &out->nparts);
	if (rc == 0 && out->nparts > t->segments) {
		rc = variant_slots(c, "", is_bare, out->slots);
		if (rc == 0)
			rc = variant_measure(
			    buf_str(&text), out->slots, &out->nparts);
	}
	buf_clear(&text);
	return rc;
}

int
outbox_variant_choose(struct core *c, const struct campaign_row *k,
    const struct person *p, struct outbox_variant *out)
{
	const char *script = p->script[0] != '\0' ? p->script : k->script;
	struct variant_key reader;
	struct text_row t;
	int rc;

	out->slots[0] = '\0';
	memcpy(reader.kind, p->kind, sizeof(reader.kind));
	memcpy(reader.language, p->language, sizeof(reader.language));
	memcpy(reader.script, script, sizeof(reader.script));
	if ((rc = store_text_find(c->store, k->id, &reader, &t)) != 0)
		return rc;
	out->text_id = t.id;
	out->nparts = t.segments;
	return t.is_personal ? variant_personal(c, &t, p->hamlet, out) : 0;
}

int
outbox_variant_text(struct core *c, const struct message *m, struct buf *out)
{
	struct buf text;
	int rc = 0;

	if (m->is_staff)
		rc = buf_put_str(out, TRIAL_MARK);
	if (rc == 0 && m->slots[0] == '\0')
		return variant_unbox(c, m->text_id, out);
	buf_init(&text, OUTBOX_VARIANT_MAX);
	if (rc == 0)
		rc = variant_unbox(c, m->text_id, &text);
	if (rc == 0)
		rc = slots_fill(buf_str(&text), m->slots, false, out);
	buf_clear(&text);
	return rc;
}

/* How many segments it makes with the mark before it. */
static int
trial_measure(struct core *c, struct message *m)
{
	struct gsm_text measured;
	struct buf text;
	int rc;

	buf_init(&text, OUTBOX_VARIANT_MAX);
	rc = outbox_variant_text(c, m, &text);
	if (rc == 0)
		rc = gsm_segment(buf_str(&text), text.len, &measured, NULL, 0);
	if (rc == 0)
		m->nparts = (int)measured.nsegments;
	buf_clear(&text);
	return rc;
}

int
outbox_trial(struct core *c, const struct outbox_trial *t, int64_t *message_id)
{
	struct message m = {.lane = LANE_REPLY,
	    .is_staff = true,
	    .text_id = t->text_id,
	    .expires_at = clock_now() + TRIAL_EXPIRY_S};
	struct part first;
	struct buf box;
	int rc;

	buf_init(&box, 512);
	rc = t->is_personal ? variant_slots(c, "", t->is_bare, m.slots) : 0;
	if (rc == 0)
		rc = trial_measure(c, &m);
	if (rc == 0)
		rc = vault_box(c->vault, VAULT_BOX_STAFF, t->number,
		    strlen(t->number), &box);
	if (rc == 0)
		rc = outbox_put(c, &m, "", &box, &first);
	if (rc == 0)
		outbox_touch();
	buf_clear(&box);
	*message_id = m.id;
	return rc;
}

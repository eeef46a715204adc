/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages, delivery reports and calls that come in (see inbox.h). Called by
 * main.c. Owns the table of what was offered and one buffer for libgammu.
 *
 * A message that libgammu cannot decode is offered as binary without a sender,
 * so that tincayd may have it deleted: it would block a place for ever. One
 * that cannot be read now is left for the next listing.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "clock.h"
#include "log.h"
#include "sms.h"

static GSM_SMSMessage *
buffer_get(struct inbox *in)
{
	/* 50 messages of which one is used: the others never become memory. */
	if (in->buffer == NULL)
		in->buffer = xcalloc(1, sizeof(*in->buffer));
	return &in->buffer->SMS[0];
}

void
inbox_clear(struct inbox *in)
{
	size_t i;

	for (i = 0; i < in->nitems; i++)
		free(in->items[i].passed);
	free(in->items);
	free(in->buffer);
	memset(in, 0, sizeof(*in));
}

/* --- the table --- */

static struct inbox_item *
item_find(struct inbox *in, uint32_t folder, uint32_t slot)
{
	size_t i;

	for (i = 0; i < in->nitems; i++)
		if (in->items[i].folder == folder && in->items[i].slot == slot)
			return &in->items[i];
	return NULL;
}

static void
item_drop(struct inbox *in, struct inbox_item *item)
{
	free(item->passed);
	*item = in->items[--in->nitems];
}

/* The item of this message at this place, or NULL when the table is full. */
static struct inbox_item *
item_get(struct inbox *in, uint32_t folder, uint32_t slot, uint64_t hash)
{
	struct inbox_item *item = item_find(in, folder, slot);

	if (item != NULL && item->hash == hash)
		return item;
	if (item != NULL)
		item_drop(in, item);
	if (in->nitems == INBOX_ITEMS_MAX)
		return NULL;
	if (in->nitems == in->cap) {
		in->cap = in->cap == 0 ? 16 : in->cap * 2;
		in->items =
		    xreallocarray(in->items, in->cap, sizeof(*in->items));
	}
	item = &in->items[in->nitems++];
	memset(item, 0, sizeof(*item));
	item->folder = folder;
	item->slot = slot;
	item->hash = hash;
	item->first_ms = clock_mono_ms();
	return item;
}

/* --- out to tincayd --- */

static void
sms_offer(struct child *c, struct inbox_item *item, struct ml_sms_in *in)
{
	memcpy(in->place.imsi, c->phone.id.imsi, sizeof(in->place.imsi));
	in->place.folder = item->folder;
	in->place.slot = item->slot;
	in->place.hash = item->hash;
	item->again_ms = clock_mono_ms() + INBOX_AGAIN_MS;
	in->age_ms = clock_mono_ms() - item->first_ms;
	link_send(&c->link, ML_SMS_IN, 0, in);
}

static bool
is_due(const struct inbox_item *item)
{
	return clock_mono_ms() >= item->again_ms;
}

/* True when the spool has it: what the modem stores of it can go. */
static bool
report_keep(struct child *c, const GSM_SMSMessage *sms)
{
	struct ml_report_in in;
	int rc;

	sms_fill_report(&in, sms);
	rc = spool_report(&c->spool, &in);
	link_send(&c->link, ML_REPORT_IN, 0, &in);
	/* Not synced: it survives the end of any process, and what a power cut
	 * takes of it leaves the part without a report, which is the truth. */
	if (rc != 0)
		log_err("modem spool not written what=report why=%s",
		    tc_strerror(rc));
	return rc == 0;
}

static void
call_keep(struct child *c, struct ml_call_in *call)
{
	int rc = spool_call(&c->spool, call);

	link_send(&c->link, ML_CALL_IN, 0, call);
	if (rc == 0)
		rc = spool_sync(&c->spool);
	if (rc != 0)
		log_err("modem spool not written what=call why=%s",
		    tc_strerror(rc));
}

/* --- one stored message --- */

static int
location_of(uint32_t folder, uint32_t slot)
{
	return (int)(slot + (folder - 1) * GSM_PHONE_MAXSMSINFOLDER);
}

static int
stored_delete(struct child *c, GSM_MemoryType memory, int location)
{
	GSM_SMSMessage *sms = buffer_get(&c->inbox);

	memset(sms, 0, sizeof(*sms));
	sms->Location = location;
	sms->Memory = memory;
	phone_step(&c->phone, ML_STEP_READ);
	phone_enter(&c->phone, PHONE_CALL_MS);
	return phone_leave(&c->phone, GSM_DeleteSMS(c->phone.sm, sms));
}

/* Read a place into the buffer. 0, TC_ENOENT (empty), TC_EIO; also 0, with a
 * blank message, when libgammu cannot decode what is there. */
static int
stored_read(struct child *c, GSM_MemoryType memory, int location)
{
	GSM_SMSMessage *sms = buffer_get(&c->inbox);
	GSM_Error error;
	int rc;

	memset(sms, 0, sizeof(*sms));
	c->inbox.buffer->Number = 0;
	sms->Location = location;
	sms->Memory = memory;
	phone_step(&c->phone, ML_STEP_READ);
	tap_forget(&c->phone.tap);
	phone_enter(&c->phone, PHONE_CALL_MS);
	error = GSM_GetSMS(c->phone.sm, c->inbox.buffer);
	rc = phone_leave(&c->phone, error);
	if (error == ERR_CORRUPTED) {
		sms_blank(sms);
		rc = 0;
	}
	return rc;
}

/* A message of the store lies in the buffer. */
static void
stored_take(struct child *c, int location)
{
	GSM_SMSMessage *sms = buffer_get(&c->inbox);
	struct ml_sms_in in;
	struct inbox_item *item;

	if (sms->PDU == SMS_Submit)
		return;
	item = item_get(&c->inbox,
	    1 + (uint32_t)(location / GSM_PHONE_MAXSMSINFOLDER),
	    (uint32_t)(location % GSM_PHONE_MAXSMSINFOLDER), sms_hash(sms));
	if (item == NULL)
		return;
	item->is_listed = true;
	if (!is_due(item))
		return;
	if (sms->PDU == SMS_Status_Report) {
		item->again_ms = clock_mono_ms() + INBOX_REFUSED_MS;
		if (report_keep(c, sms) &&
		    stored_delete(c, (GSM_MemoryType)0, location) == 0)
			item_drop(&c->inbox, item);
		return;
	}
	sms_fill(&in, sms, c->phone.tap.pid, c->phone.tap.dcs);
	sms_offer(c, item, &in);
}

/* --- announcements --- */

/* A message that is nowhere but here. */
static void
passed_take(struct child *c, const struct phone_note *note)
{
	const GSM_SMSMessage *sms = note->sms;
	struct inbox_item *item;

	if (sms->PDU == SMS_Status_Report) {
		(void)report_keep(c, sms);
		return;
	}
	item = item_get(&c->inbox, 0, ++c->inbox.next_passed, sms_hash(sms));
	if (item == NULL)
		return;
	item->passed = xmalloc(sizeof(*item->passed));
	sms_fill(item->passed, sms, note->pid, note->dcs);
	sms_offer(c, item, item->passed);
}

/* The modem's store of status reports has no place in libgammu's flat
 * numbering: read, keep, delete. */
static void
report_store_take(struct child *c, const struct phone_note *note)
{
	if (stored_read(c, note->memory, note->location) == 0 &&
	    buffer_get(&c->inbox)->PDU == SMS_Status_Report &&
	    report_keep(c, buffer_get(&c->inbox)))
		(void)stored_delete(c, note->memory, note->location);
}

static void
note_take(struct child *c, const struct phone_note *note)
{
	int rc = 0;

	if (note->sms != NULL)
		passed_take(c, note);
	else if (note->memory == MEM_SR)
		report_store_take(c, note);
	else if ((rc = stored_read(c, (GSM_MemoryType)0, note->location)) == 0)
		stored_take(c, note->location);
	if (rc != 0)
		c->phone.must_list = true;
}

static void
calls_work(struct child *c)
{
	struct phone *p = &c->phone;
	struct ml_call_in calls[PHONE_CALLS];
	unsigned i, n = p->ncalls;

	if (n == 0)
		return;
	memcpy(calls, p->calls, sizeof(calls));
	p->ncalls = 0;
	/* R29: nobody answers, nobody pays; then it is counted. */
	phone_hang_up(p);
	for (i = 0; i < n; i++)
		call_keep(c, &calls[i]);
}

/* The first note that is wanted leaves the queue for *out. */
static bool
note_next(struct phone *p, bool with_reports, struct phone_note *out)
{
	unsigned i = 0;

	while (i < p->nnotes && p->notes[i].is_report && !with_reports)
		i++;
	if (i == p->nnotes)
		return false;
	*out = p->notes[i];
	p->nnotes--;
	memmove(&p->notes[i], &p->notes[i + 1],
	    (p->nnotes - i) * sizeof(p->notes[0]));
	return true;
}

static void
notes_work(struct child *c, bool with_reports)
{
	struct phone_note note;

	while (!c->phone.is_dead && note_next(&c->phone, with_reports, &note)) {
		note_take(c, &note);
		free(note.sms);
	}
}

void
inbox_take_texts(struct child *c)
{
	notes_work(c, false);
	phone_step(&c->phone, ML_STEP_NONE);
}

void
inbox_work(struct child *c)
{
	notes_work(c, true);
	if (c->phone.tap.is_missed)
		c->phone.must_list = true;
	c->phone.tap.is_missed = false;
	if (!c->phone.is_dead)
		calls_work(c);
	phone_step(&c->phone, ML_STEP_NONE);
}

/* --- the listing --- */

static void
passed_offer_again(struct child *c)
{
	struct inbox *in = &c->inbox;
	size_t i;

	for (i = 0; i < in->nitems; i++)
		if (in->items[i].passed != NULL && is_due(&in->items[i]))
			sms_offer(c, &in->items[i], in->items[i].passed);
}

/* Forget what is not there any more. */
static void
items_sweep(struct inbox *in)
{
	size_t i = in->nitems;

	while (i-- > 0)
		if (!in->items[i].is_listed && in->items[i].passed == NULL)
			item_drop(in, &in->items[i]);
}

enum list_step {
	LIST_MESSAGE, /* in the buffer */
	LIST_SKIPPED, /* libgammu can neither decode nor delete it */
	LIST_END,
	LIST_FAILED
};

static enum list_step
list_next(struct child *c, bool first)
{
	GSM_SMSMessage *sms = buffer_get(&c->inbox);
	int before = first ? 0 : sms->Location;
	GSM_Error error;

	if (first) {
		memset(sms, 0, sizeof(*sms));
		c->inbox.buffer->Number = 0;
	}
	sms->Folder = 0;
	phone_step(&c->phone, ML_STEP_READ);
	tap_forget(&c->phone.tap);
	phone_enter(&c->phone, PHONE_CALL_MS);
	error = GSM_GetNextSMS(c->phone.sm, c->inbox.buffer, first);
	(void)phone_leave(&c->phone, error);
	if (error == ERR_NONE)
		return LIST_MESSAGE;
	if (error == ERR_EMPTY)
		return LIST_END;
	/* libgammu names the place of what it could not decode, and goes on
	 * behind it when asked. */
	if (sms->Location == before)
		return LIST_FAILED;
	if (error != ERR_CORRUPTED)
		return LIST_SKIPPED;
	sms_blank(sms);
	return LIST_MESSAGE;
}

void
inbox_list(struct child *c)
{
	struct inbox *in = &c->inbox;
	enum list_step step = LIST_MESSAGE;
	int seen, skipped = 0, location;
	size_t i;

	for (i = 0; i < in->nitems; i++)
		in->items[i].is_listed = false;
	for (seen = 0; seen < INBOX_ITEMS_MAX && !c->phone.is_dead; seen++) {
		step = list_next(c, seen == 0);
		if (step == LIST_END || step == LIST_FAILED)
			break;
		skipped += step == LIST_SKIPPED;
		location = buffer_get(in)->Location;
		if (step == LIST_MESSAGE)
			stored_take(c, location);
		buffer_get(in)->Location = location;
	}
	if (step == LIST_END)
		items_sweep(in);
	if (!c->phone.is_dead && (step == LIST_FAILED || skipped > 0))
		log_warn("modem store not read whole seen=%d skipped=%d", seen,
		    skipped);
	passed_offer_again(c);
	phone_step(&c->phone, ML_STEP_NONE);
}

/* --- deleting --- */

static int
delete_passed(struct inbox *in, const struct ml_place *place)
{
	struct inbox_item *item = item_find(in, 0, place->slot);

	if (item == NULL || item->hash != place->hash)
		return TC_ENOENT;
	item_drop(in, item);
	return 0;
}

static int
delete_stored(struct child *c, const struct ml_place *place)
{
	int location = location_of(place->folder, place->slot), rc;
	struct inbox_item *item;

	/* A slot number alone names nothing: read it again. */
	rc = stored_read(c, (GSM_MemoryType)0, location);
	if (rc == 0 && sms_hash(buffer_get(&c->inbox)) != place->hash)
		rc = TC_ENOENT;
	if (rc == 0 && stored_delete(c, (GSM_MemoryType)0, location) != 0)
		rc = TC_EIO;
	item = item_find(&c->inbox, place->folder, place->slot);
	if (item == NULL || item->hash != place->hash)
		return rc;
	if (rc == TC_EIO)
		item->again_ms = clock_mono_ms() + INBOX_REFUSED_MS;
	else
		item_drop(&c->inbox, item);
	return rc;
}

void
inbox_delete(struct child *c, uint64_t id, const struct ml_place *place)
{
	struct ml_deleted out = {.place = *place};

	if (strcmp(place->imsi, c->phone.id.imsi) != 0 || place->folder > 2 ||
	    place->slot >= GSM_PHONE_MAXSMSINFOLDER)
		out.rc = TC_ENOENT;
	else if (place->folder == 0)
		out.rc = delete_passed(&c->inbox, place);
	else
		out.rc = delete_stored(c, place);
	phone_step(&c->phone, ML_STEP_NONE);
	link_send(&c->link, ML_DELETED, id, &out);
}

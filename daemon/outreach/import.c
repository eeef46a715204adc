/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a sheet says becomes people with consent (M09), or numbers that may not
 * be written to. A sheet with any fault writes nothing; one without is written
 * in steps, each a turn op of its own, so that help never waits for long. What
 * is in is in: the same file again goes on where a power cut ended it.
 *
 * Called by http/.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "outbox/outbox.h"
#include "outreach/people.h"
#include "outreach/people_private.h"
#include "outreach/sheet.h"

static int
import_copy(
    struct person *p, const struct sheet *s, const struct sheet_row *row)
{
	const struct {
		enum sheet_column col;
		char *dst;
		size_t size;
	} fields[] = {
	    {SHEET_HAMLET, p->hamlet, sizeof(p->hamlet)},
	    {SHEET_KIND, p->kind, sizeof(p->kind)},
	    {SHEET_LANGUAGE, p->language, sizeof(p->language)},
	    {SHEET_SCRIPT, p->script, sizeof(p->script)},
	};
	const char *text;
	size_t i;
	int rc;

	for (i = 0; i < TC_NELEM(fields); i++) {
		text = sheet_text(s, row, fields[i].col);
		if (*text == '\0')
			continue;
		rc = str_printf(fields[i].dst, fields[i].size, "%s", text);
		if (rc != 0)
			return rc;
	}
	p->is_minor |= row->is_minor;
	if (row->quiet_from != row->quiet_until) {
		p->quiet_from = row->quiet_from;
		p->quiet_until = row->quiet_until;
	}
	return 0;
}

/* The ledger: his own consent, and the guardian's of a minor. */
static int
import_ledger(struct core *c, const struct people_import *im,
    const struct sheet_row *row, const struct person *p)
{
	const char *wording = sheet_text(im->sheet, row, SHEET_WORDING);
	struct consent ledger = {.person_id = p->id,
	    .scope = "broadcast",
	    .given = true,
	    .at = clock_now(),
	    .how = sheet_text(im->sheet, row, SHEET_SOURCE),
	    .collected_on = row->date,
	    .collector = sheet_text(im->sheet, row, SHEET_COLLECTOR),
	    .wording = *wording != '\0' ? wording : "sheet"};
	int rc;

	rc = store_consent_add(c->store, outbox_new_id(), &ledger);
	if (rc != 0 || !row->is_minor)
		return rc;
	ledger.scope = "guardian";
	ledger.collected_on = row->guardian;
	return store_consent_add(c->store, outbox_new_id(), &ledger);
}

/* Whoever texted TC stays out, whatever a sheet says (R9). */
static int
import_person(struct core *c, struct people_import *im,
    const struct sheet_row *row, struct person *p)
{
	bool is_new = false, is_news;
	int rc;

	rc = people_find(c, row->number, p);
	if (rc == TC_ENOENT) {
		is_new = true;
		memset(p, 0, sizeof(*p));
		rc = 0;
	}
	if (rc != 0 || (rc = import_copy(p, im->sheet, row)) != 0)
		return rc;
	is_news = p->opted_out_at == 0 && !p->consenting;
	p->consenting |= is_news;
	if (is_news)
		p->asked_at = 0;
	rc = is_new ? people_add(c, row->number, p)
		    : store_person_update(c->store, p);
	im->added += is_new;
	im->updated += !is_new;
	return rc == 0 && is_news ? import_ledger(c, im, row, p) : rc;
}

/* A number of the list of those who may not be written to: who is known is
 * opted out, and no sheet brings him in. */
static int
import_block(
    struct core *c, struct people_import *im, const struct sheet_row *row)
{
	struct person p;
	int rc;

	rc = people_block(c, row->number, "dnc");
	im->added += rc == 0;
	im->updated += rc == TC_EEXIST;
	if (rc != 0 && rc != TC_EEXIST)
		return rc;
	rc = people_find(c, row->number, &p);
	if (rc == 0 && p.opted_out_at == 0)
		rc = people_withdraw(c, &p, "dnc");
	return rc == TC_ENOENT ? 0 : rc;
}

static int
import_row(
    struct core *c, struct people_import *im, const struct sheet_row *row)
{
	struct person p;
	int rc;

	if (im->is_dnc)
		return import_block(c, im, row);
	if (im->dry_run && row->is_again) {
		im->updated++;
		return 0;
	}
	rc = people_is_blocked(c, row->number);
	if (rc != 0) {
		im->kept_out += rc > 0;
		return rc < 0 ? rc : 0;
	}
	rc = import_person(c, im, row, &p);
	if (rc != 0 || im->list == NULL)
		return rc;
	rc = store_list_put(c->store, im->list_id, p.id);
	im->listed += rc > 0;
	return rc < 0 ? rc : 0;
}

static int
import_list(struct core *c, struct people_import *im)
{
	struct list_row l;
	int rc;

	if (im->list == NULL)
		return 0;
	rc = list_get(c, im->list, &l);
	if (rc == TC_ENOENT) {
		rc = list_new(c, im->list, im->agency, &(struct list_query){0});
		if (rc == 0)
			rc = list_get(c, im->list, &l);
	}
	if (rc == 0)
		im->list_id = l.id;
	return rc;
}

static int
import_rows(struct core *c, struct people_import *im, size_t until)
{
	size_t i;
	int rc;

	if ((rc = import_list(c, im)) != 0)
		return rc;
	for (i = im->next; i < until; i++)
		if ((rc = import_row(c, im, &im->sheet->rows[i])) != 0)
			return rc;
	return 0;
}

/* A dry run does everything and takes it back: its figures are those of the
 * real one. */
int
people_import_step(struct core *c, struct people_import *im, size_t limit)
{
	size_t left = im->sheet->nrows - im->next;
	size_t until = im->next + (left < limit ? left : limit);
	int rc;

	if (im->sheet->nfaults > 0)
		return TC_EINVAL;
	if (im->dry_run && (rc = store_savepoint(c->store)) != 0)
		return rc;
	rc = import_rows(c, im, until);
	if (im->dry_run && store_rollback_to(c->store) != 0)
		return TC_EIO;
	if (rc != 0)
		return rc;
	im->next = until;
	return until < im->sheet->nrows;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_LADDER_H
#define TINCAY_LADDER_H

/*
 * Private to desk/: who may open a case, step by step. That is the intent's
 * ladder, less every agency in which somebody works whose own number, or whose
 * household's, the text came from: a case never lands on the desk of the man it
 * is about, nor of his colleagues, and they do not learn that it is there. Nor
 * does it go to an agency that she does not want (R19). The second agency then
 * takes the place of the first.
 */

#include "desk/desk.h"
#include "store/case.h"

#define LADDER_MAX 16

struct ladder {
	const char *first[LADDER_MAX]; /* get the case at once */
	size_t nfirst;
	const char *second[LADDER_MAX]; /* their copy is withheld */
	size_t nsecond;
	bool has_triage; /* TRIAGE may have a copy */
};

/* Fill *l for a text; the codes live as long as the content. 0 or TC_EIO. */
int ladder_make(
    struct core *c, const struct desk_text *t, struct ladder *l) TC_MUSTCHECK;

/* Does somebody work in this agency whose number, or whose household's, it is? 1,
 * 0, or an error. */
int ladder_is_conflict(
    struct core *c, int64_t contact_id, const char *agency) TC_MUSTCHECK;

/* The name of the queue that these first agencies share. 0 or TC_EFULL. */
int ladder_queue(const struct ladder *l, char out[CASE_QUEUE_MAX]) TC_MUSTCHECK;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_CASE_H
#define TINCAY_CTL_CASE_H

/* What the files of the case verbs share. */

#include "ctl/ctl.h"

extern const struct view case_view;
extern const struct option_row case_show_options[], case_note_options[],
    case_next_options[], case_call_options[], case_contact_options[],
    case_consent_options[], case_refer_options[], case_say_options[],
    case_word_options[], case_reporter_options[];
extern const struct operand case_code_operands[], case_hand_operands[],
    case_clock_operands[], case_say_operands[], case_agency_operands[];

/* The case in an answer, {"case": {...}} or bare; lives as long as answer. */
json_t *case_of(json_t *answer);

/* POST /cases/CODE/act, the code being the first operand, and show the case
 * that comes back. An exit code. */
struct case_request {
	const struct args *args;
	const char *act;
	const json_t *body;           /* NULL: none */
	const struct ctl_hint *hints; /* NULL: the general ones */
	const char *done;             /* Vietnamese */
};
int case_post(struct ctl *c, const struct case_request *rq);

/* Everything of a case; a view that is on record. CTL_OK or told; the caller
 * drops *answer. */
int case_fetch(struct ctl *c, const struct args *a, json_t **answer);

int case_note(struct ctl *c, const struct args *a);
int case_next(struct ctl *c, const struct args *a);
int case_hand(struct ctl *c, const struct args *a);
int case_call(struct ctl *c, const struct args *a);
int case_say(struct ctl *c, const struct args *a);
int case_safe_word(struct ctl *c, const struct args *a);
int case_verify(struct ctl *c, const struct args *a);
int case_clock(struct ctl *c, const struct args *a);
int case_contact(struct ctl *c, const struct args *a);
int case_consent(struct ctl *c, const struct args *a);
int case_refer(struct ctl *c, const struct args *a);
int case_accept(struct ctl *c, const struct args *a);
int case_decline(struct ctl *c, const struct args *a);
int case_revoke(struct ctl *c, const struct args *a);

int case_reporter(struct ctl *c, const struct args *a);

/* case show CODE: the clear part, and with a key what was written. */
int case_show(struct ctl *c, const struct args *a);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_H
#define TINCAY_CTL_H

/*
 * What all verbs share: the global options, the connection, and how a verb asks
 * the daemon and tells people why something was refused.
 */

#include <jansson.h>

#include "ctl/args.h"
#include "ctl/client.h"
#include "ctl/output.h"

/* Exit codes; every verb returns one. */
enum ctl_exit {
	CTL_OK = 0,
	CTL_REFUSED = 1, /* a reason was told */
	CTL_USAGE = 2
};

struct ctl {
	bool json, utc;
	bool colour; /* on standard output */
	struct client *client;
	char *token_path;        /* NULL: no home */
	const char *errors_file; /* faults of a refused file go there as CSV,
				    NULL: none */
	const struct view *findings; /* how the findings of a refused answer
					are shown, NULL: not */
};

/* What a status means for this verb, in place of the general words. The last
 * row has status 0. */
struct ctl_hint {
	long status;
	const char *what; /* Vietnamese */
	const char *hint; /* what to do next; may be NULL */
};

/* Tell a refusal ("tincayctl: what", the English detail if there is one, a
 * hint) and return CTL_REFUSED. With --json a problem object goes to standard
 * output too. detail and hint may be NULL; both are made safe. */
int ctl_refuse(const struct ctl *c, const char *what, const char *detail,
    const char *hint);

/* The same for a wrong use: CTL_USAGE. */
int ctl_usage(const struct ctl *c, const char *what);

/* A refusal for an answer that is not as the API says. */
int ctl_bad_answer(const struct ctl *c);

/*
 * Do a request and hand over its JSON object (NULL behind 204). CTL_OK, or
 * CTL_REFUSED and it was told. hints may be NULL. The caller drops *answer.
 */
int ctl_call(struct ctl *c, const struct client_request *rq,
    const struct ctl_hint *hints, json_t **answer) TC_MUSTCHECK;
int ctl_get(struct ctl *c, const char *path, json_t **answer) TC_MUSTCHECK;
int ctl_post(struct ctl *c, const char *path, const json_t *body,
    const struct ctl_hint *hints, json_t **answer) TC_MUSTCHECK;

int ctl_put(struct ctl *c, const char *path, const json_t *body,
    const struct ctl_hint *hints, json_t **answer) TC_MUSTCHECK;

/* Tell why an answer is not a success; returns CTL_REFUSED. */
int ctl_refuse_answer(const struct ctl *c, const struct client_answer *an,
    const struct ctl_hint *hints);

/* Show what came: the JSON as it is, or a table of answer[key], or a record of
 * the answer. Drops answer. An exit code. */
int ctl_show_list(
    struct ctl *c, json_t *answer, const char *key, const struct view *v);
int ctl_show_record(struct ctl *c, json_t *answer, const struct view *v);

/* A table below a record, behind an empty line; nothing when rows is NULL or JSON
 * is asked for. */
int ctl_show_table(struct ctl *c, const json_t *rows, const struct view *v);

/* Get and show in one go. */
int ctl_list(
    struct ctl *c, const char *path, const char *key, const struct view *v);

/* The same of a list in pages, at most limit rows: {"<key>": [...]}, where the
 * cursor of the next page is sent as cursor ("after", "before"). limit is what
 * the user gave, or NULL. */
struct ctl_pages {
	const char *path; /* without a query */
	const char *key;
	const char *cursor;
	const char *start; /* NULL: from the first */
	int64_t limit;     /* when none is given; 0: all */
};
int ctl_list_pages(struct ctl *c, const struct ctl_pages *p, const char *limit,
    const struct view *v);

/* The agency that a verb is about: given, else that of who is logged in (GET
 * /session). A new string or NULL, and then it was told why. */
char *ctl_agency(struct ctl *c, const char *given);

/* A password or passphrase: from a file, or asked on the terminal. CTL_OK or
 * told. out holds PASSPHRASE_SIZE bytes; the caller wipes it. */
int ctl_secret(const struct ctl *c, const char *file, const char *prompt,
    bool confirm, char *out) TC_MUSTCHECK;

/* The verbs. */
extern const struct verb login_verbs[], logout_verbs[], status_verbs[],
    modem_verbs[], message_verbs[], user_verbs[], agency_verbs[],
    people_verbs[], list_verbs[], campaign_verbs[], intent_verbs[], key_verbs[],
    address_verbs[], case_verbs[], audit_verbs[], duty_verbs[], event_verbs[],
    quiz_verbs[], series_verbs[], token_verbs[], unlock_verbs[],
    webhook_verbs[];

/* Words of the API that more than one verb shows. */
extern const struct word words_role[], words_campaign[], words_case[],
    words_message[], words_modem[], words_lane[], words_alarm[],
    words_language[], words_script[];

/* The table of modems, for status too. */
extern const struct view modem_list_view;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_INTAKE_LINT_H
#define TINCAY_INTAKE_LINT_H

/* What words of the content pack may not do in a text: the lint of automatic
 * messages, and what a campaign's lint looks for. */

#include "intake/content.h"

/*
 * The lint of the last door: may this text leave as an automatic message (a
 * reply, a duty alert)? Refuses what names a category of help (R2), an address
 * or a hamlet of this commune (M19), a person, a secret meeting (R14), or holds
 * a link; accented, bare and mixed writing alike. 0, or TC_EDENIED with *why
 * set to a fixed English text that does not quote the message; TC_EINVAL when
 * it is not UTF-8. Campaigns have their own lint: they may speak of violence.
 */
int content_lint_outbound(
    const struct content *c, const char *text, const char **why) TC_MUSTCHECK;

/* What the lint sees in a text. */
enum content_sign {
	CONTENT_SIGN_CATEGORY, /* a category of help (R2) */
	CONTENT_SIGN_SHELTER,  /* a shelter or trusted address */
	CONTENT_SIGN_WHERE,    /* the word address itself */
	CONTENT_SIGN_PLACE,    /* a hamlet, or a word for one (M19) */
	CONTENT_SIGN_ADDRESS,  /* where in it: a house, a road (M19) */
	CONTENT_SIGN_PERSON,
	CONTENT_SIGN_SECRET, /* sounds like a secret meeting (R14) */
	CONTENT_SIGN_DELETE,
	CONTENT_SIGN_LINK,
	CONTENT_SIGN_DEMAND, /* for money or codes */
	CONTENT_SIGN_AGENCY,
	CONTENT_SIGN_WORDING, /* blames or boxes in (M42) */
	CONTENT_NSIGNS
};
/* Every sign in a text that an official wrote, for the lint of campaigns
 * (outreach/lint.c). phrase: what it is known by, "" when that is no phrase. 0,
 * or TC_EINVAL: it is not UTF-8. */
typedef void (*content_sign_cb)(
    enum content_sign sign, const char *phrase, void *ctx);
int content_signs(const struct content *c, const char *text, content_sign_cb cb,
    void *ctx) TC_MUSTCHECK;

/* Does this text ask its readers to write a keyword that opens a case ("soạn
 * GIUP")? */
bool content_asks_to_write(const struct content *c, const char *text);

#endif

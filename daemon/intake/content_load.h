/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CONTENT_LOAD_H
#define TINCAY_CONTENT_LOAD_H

/*
 * Between content.c, which reads a pack and owns it, content_index.c, which
 * makes the matcher's index of it, and content_check.c, which says what is
 * wrong with it. Nobody else includes this.
 */

#include "broadcast.h"
#include "content.h"
#include "content_lint.h"
#include "match_index.h"
#include "optfile.h"

/* The sections of the two files. */
enum {
	COMMUNE_TOP,
	COMMUNE_AGENCY,
	COMMUNE_HOTLINE,
	COMMUNE_NKINDS
};
enum {
	INTENTS_TOP,
	INTENTS_REPLY,
	INTENTS_INTENT,
	INTENTS_NKINDS
};

struct content {
	struct content_commune commune;
	struct content_reply *replies;
	size_t nreplies;
	struct content_intent *intents;
	size_t nintents;
	const struct content_intent *fallback, *callback, *hush, *child;
	struct match_index *index;
	struct lint *lint;
	struct menus *menus; /* NULL: no USSD */
	struct workdays *workdays;
	struct broadcast *broadcast;
};

/* An intent as it stands in the file; the names in it are not resolved yet. */
struct intent_raw {
	struct opt_list keywords;
	struct opt_list keywords_inside;
	struct opt_list keywords_alone;
	struct opt_list aliases;
	struct opt_list danger;
	struct opt_list agencies;
	struct opt_list ladder;
	char *reply;
	char *reply_with_text;
	char *reply_with_argument;
	int argument;
	int child_age;
	char *language;
	struct opt_list keywords_pending;
	int action;
	int urgency;
};

/* What stands at the top of intents.conf. */
struct words_raw {
	struct opt_list danger;
	struct opt_list harmless;
	struct opt_list slang;
};

struct content_reading {
	const char *dir;
	struct content *content;
	const struct optfile *commune;
	const struct optfile *intents;
	struct intent_raw *raw; /* per intent */
	struct words_raw words;
	struct faults *faults;
};

/* Enter every keyword and word of the pack into content->index. */
void content_index_all(struct content_reading *r);

/* A word that ends or starts something must never be read out of a sentence. */
bool content_is_control(const struct content_intent *intent);

/* Everything that can only be said when all is read and resolved. */
void content_check(struct content_reading *r);

#endif

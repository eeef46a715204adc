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
	COMMUNE_KIND,
	COMMUNE_THEME,
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
	bool witness;
	int flag_repeats;
	char *language;
	char *script;
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

/* How many sections of this kind there are. */
size_t content_count(const struct optfile *file, size_t kind);

/* The texts of a list, folded and moved out of it, with `first` in front (NULL:
 * none). What is no text at all has been reported. */
char **content_fold_list(const char *first, struct opt_list *list, size_t *n);
void content_free_list(char **list, size_t n);

/* content_topic.c: the sections of this kind of commune.conf, *n of them. */
#define CONTENT_TOPIC_NOPTIONS 2
extern const struct opt content_topic_options[CONTENT_TOPIC_NOPTIONS];
struct argument_topic *content_read_topics(
    struct content_reading *r, size_t kind, size_t *n);

/* Enter every keyword and word of the pack into content->index. */
void content_index_all(struct content_reading *r);

/* The same name in static storage; "" for one that is not known. */
const char *content_known_language(const char *language);
const char *content_known_script(const char *script);

/* Everything that can only be said when all is read and resolved. */
void content_check(struct content_reading *r);

#endif

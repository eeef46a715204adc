/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of people and the themes of broadcasts of a pack: what may be named
 * in several ways. Read by content.c, copied for the helper thread. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "content_load.h"
#include "fold.h"

struct topic_raw {
	struct argument_topic topic;
	struct opt_list words;
};

#define TOPIC(field) offsetof(struct topic_raw, field)

const struct opt content_topic_options[CONTENT_TOPIC_NOPTIONS] = {
    {.key = "name",
	.type = OPT_TEXT,
	.min = 1,
	.max = 60,
	.offset = TOPIC(topic.name)},
    {.key = "words",
	.type = OPT_LIST,
	.min = 1,
	.max = 60,
	.def = "",
	.offset = TOPIC(words)},
};

/* The name counts as one of the words, too. */
static void
content_read_topic(struct content_reading *r, const struct optsec *s,
    struct argument_topic *out)
{
	struct topic_raw raw;
	struct fold f;

	memset(&raw, 0, sizeof(raw));
	optsec_fill(s, &raw, r->faults);
	*out = raw.topic;
	out->code = xstrdup(optsec_title(s));
	out->words = content_fold_list(out->code, &raw.words, &out->nwords);
	if (out->name != NULL &&
	    fold_text(out->name, strlen(out->name), &f) == 0) {
		out->words = xreallocarray(
		    out->words, out->nwords + 1, sizeof(*out->words));
		out->words[out->nwords++] = xstrdup(f.text);
		fold_clear(&f);
	}
	raw.topic.name = NULL; /* moved */
	opts_clear(content_topic_options, CONTENT_TOPIC_NOPTIONS, &raw);
}

struct argument_topic *
content_read_topics(struct content_reading *r, size_t kind, size_t *n)
{
	struct argument_topic *topics;
	size_t i;

	*n = content_count(r->commune, kind);
	topics = xcalloc(*n + 1, sizeof(*topics));
	for (i = 0; i < *n; i++)
		content_read_topic(
		    r, optfile_section(r->commune, kind, i), &topics[i]);
	return topics;
}

struct argument_topic *
content_copy_topics(const struct argument_topic *topics, size_t n)
{
	struct argument_topic *copy = xcalloc(n + 1, sizeof(*copy));
	size_t i, w;

	for (i = 0; i < n; i++) {
		copy[i].code = xstrdup(topics[i].code);
		copy[i].name = xstrdup(topics[i].name);
		copy[i].nwords = topics[i].nwords;
		copy[i].words =
		    xcalloc(topics[i].nwords + 1, sizeof(*copy[i].words));
		for (w = 0; w < topics[i].nwords; w++)
			copy[i].words[w] = xstrdup(topics[i].words[w]);
	}
	return copy;
}

void
content_free_topics(struct argument_topic *topics, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(topics[i].code);
		free(topics[i].name);
		content_free_list(topics[i].words, topics[i].nwords);
	}
	free(topics);
}

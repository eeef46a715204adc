/* SPDX-License-Identifier: GPL-2.0-or-later */
/* broadcast.conf (broadcast.h). Read by content.c when a pack is loaded. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broadcast.h"
#include "fold.h"
#include "optfile.h"

struct broadcast_raw {
	char *label;
	struct opt_list wording, hotline_themes, men, pupils;
};
struct theme_raw {
	char *text;
};

#define RAW(field) offsetof(struct broadcast_raw, field)
#define LIST(name, longest)                                                    \
	{                                                                      \
		.key = #name, .type = OPT_LIST, .min = 2, .max = (longest),    \
		.def = "", .offset = RAW(name)                                 \
	}

static const struct opt broadcast_options[] = {
    {.key = "label",
	.type = OPT_TEXT,
	.max = 20,
	.def = "",
	.offset = RAW(label)},
    LIST(wording, 60),
    LIST(hotline_themes, 15),
    LIST(men, 31),
    LIST(pupils, 31),
};
static const struct opt theme_options[] = {
    {.key = "text",
	.type = OPT_TEXT,
	.min = 1,
	.max = 200,
	.offset = offsetof(struct theme_raw, text)},
};
static const struct opt_section broadcast_kinds[] = {
    {NULL, broadcast_options, TC_NELEM(broadcast_options)},
    {"theme", theme_options, TC_NELEM(theme_options)},
};

/* Whatever the pack says: a text about these goes out with a number to call. */
static const char *const always_hotline[] = {"BLPN", "BLTE"};
static const char *const usual_men[] = {"men", "nam", "nam giới"};
static const char *const usual_pupils[] = {"pupil", "học sinh"};

static void
words_add(struct broadcast_words *w, const char *word, bool is_folded)
{
	struct fold f;

	w->items = xreallocarray(w->items, w->n + 1, sizeof(*w->items));
	if (!is_folded) {
		w->items[w->n++] = xstrdup(word);
	} else if (fold_text(word, strlen(word), &f) == 0) {
		w->items[w->n++] = xstrdup(f.text);
		fold_clear(&f);
	}
}

static void
words_take(struct broadcast_words *w, const struct opt_list *list, bool folded)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		words_add(w, list->items[i].text, folded);
}

/* What the file says, or the usual names. */
static void
words_groups(struct broadcast_words *w, const struct opt_list *list,
    const char *const *usual, size_t n)
{
	size_t i;

	words_take(w, list, true);
	for (i = 0; list->n == 0 && i < n; i++)
		words_add(w, usual[i], true);
}

static void
broadcast_read_theme(
    const struct optsec *s, struct broadcast *b, struct faults *faults)
{
	struct broadcast_theme *t;
	struct theme_raw raw = {0};
	int64_t year;

	optsec_fill(s, &raw, faults);
	b->themes =
	    xreallocarray(b->themes, b->nthemes + 1, sizeof(*b->themes));
	t = &b->themes[b->nthemes++];
	t->text = raw.text; /* moved */
	if (str_to_int64(optsec_title(s), 2000, 2199, &year) != 0) {
		faults_add(faults, optsec_path(s), optsec_line(s, ""),
		    "a theme is of a year such as 2025");
		year = 0;
	}
	t->year = (int)year;
}

static void
broadcast_read(
    struct broadcast *b, const struct optfile *file, struct faults *faults)
{
	struct broadcast_raw raw = {0};
	const struct optsec *s;
	size_t i;

	if (file != NULL) {
		optsec_fill(optfile_section(file, 0, 0), &raw, faults);
		for (i = 0; (s = optfile_section(file, 1, i)) != NULL; i++)
			broadcast_read_theme(s, b, faults);
	}
	b->label = raw.label != NULL ? raw.label : xstrdup("");
	raw.label = NULL; /* moved */
	words_take(&b->wording, &raw.wording, false);
	words_take(&b->hotline_themes, &raw.hotline_themes, false);
	for (i = 0; i < TC_NELEM(always_hotline); i++)
		words_add(&b->hotline_themes, always_hotline[i], false);
	words_groups(&b->men, &raw.men, usual_men, TC_NELEM(usual_men));
	words_groups(
	    &b->pupils, &raw.pupils, usual_pupils, TC_NELEM(usual_pupils));
	opts_clear(broadcast_options, TC_NELEM(broadcast_options), &raw);
}

struct broadcast *
broadcast_load(const char *dir, struct faults *faults)
{
	size_t before = faults->n + faults->more;
	struct broadcast *b = xcalloc(1, sizeof(*b));
	char *path = xasprintf("%s/broadcast.conf", dir);
	struct optfile *file = NULL;

	if (access(path, F_OK) == 0 || errno != ENOENT)
		file = optfile_read(
		    path, broadcast_kinds, TC_NELEM(broadcast_kinds), faults);
	broadcast_read(b, file, faults);
	optfile_free(file);
	free(path);
	if (faults->n + faults->more == before)
		return b;
	broadcast_free(b);
	return NULL;
}

static void
words_free(struct broadcast_words *w)
{
	while (w->n > 0)
		free(w->items[--w->n]);
	free(w->items);
}

void
broadcast_free(struct broadcast *b)
{
	if (b == NULL)
		return;
	words_free(&b->wording);
	words_free(&b->hotline_themes);
	words_free(&b->men);
	words_free(&b->pupils);
	while (b->nthemes > 0)
		free(b->themes[--b->nthemes].text);
	free(b->themes);
	free(b->label);
	free(b);
}

const char *
broadcast_theme(const struct broadcast *b, int year)
{
	size_t i;

	for (i = 0; i < b->nthemes; i++)
		if (b->themes[i].year == year)
			return b->themes[i].text;
	return NULL;
}

bool
broadcast_is_group(const struct broadcast_words *groups, const char *kind)
{
	struct fold f;
	size_t i;

	if (fold_text(kind, strlen(kind), &f) != 0)
		return false;
	for (i = 0; i < groups->n; i++)
		if (strcmp(groups->items[i], f.text) == 0)
			break;
	fold_clear(&f);
	return i < groups->n;
}

bool
broadcast_needs_hotline(const struct broadcast *b, const char *theme)
{
	size_t i;

	for (i = 0; i < b->hotline_themes.n; i++)
		if (strcasecmp(b->hotline_themes.items[i], theme) == 0)
			return true;
	return false;
}

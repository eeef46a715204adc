/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keyword table: filled once by content.c while a pack is loaded, read by
 * match.c for every message. Open addressing, so that one message costs a few
 * probes however many keywords there are; the few keywords that may be found
 * through lost letters are also kept in an array ordered by length.
 *
 * Owns the keywords and their forms; the intents belong to the content.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "match_index.h"

#define INDEX_SLOTS_MIN 256 /* a power of two */
#define WILD_LETTERS_MIN 3  /* letters that must have arrived */

struct match_index {
	struct match_entry *entries;
	size_t nentries;
	size_t *slots; /* index into entries plus 1; 0 is free */
	size_t nslots;
	struct match_keyword **keywords;
	size_t nkeywords;
	size_t *wild; /* entries, by length of the key */
	size_t nwild;
	size_t words;
};

struct match_index *
match_index_new(void)
{
	struct match_index *ix;

	ix = xcalloc(1, sizeof(*ix));
	ix->nslots = INDEX_SLOTS_MIN;
	ix->slots = xcalloc(ix->nslots, sizeof(*ix->slots));
	return ix;
}

static void
match_keyword_free(struct match_keyword *kw)
{
	free(kw->folded);
	free(kw->vni);
	free(kw->nospace);
	free(kw);
}

void
match_index_free(struct match_index *ix)
{
	size_t i;

	if (ix == NULL)
		return;
	for (i = 0; i < ix->nentries; i++)
		free(ix->entries[i].key);
	for (i = 0; i < ix->nkeywords; i++)
		match_keyword_free(ix->keywords[i]);
	free(ix->entries);
	free(ix->slots);
	free(ix->keywords);
	free(ix->wild);
	free(ix);
}

size_t
match_index_words(const struct match_index *ix)
{
	return ix->words;
}

const struct match_entry *
match_index_find(
    const struct match_index *ix, const char *key, size_t len, size_t *cursor)
{
	const struct match_entry *e;
	uint64_t hash;
	size_t i;

	hash = fnv64(FNV64_INIT, key, len);
	for (; *cursor < ix->nslots; (*cursor)++) {
		i = ix->slots[(hash + *cursor) & (ix->nslots - 1)];
		if (i == 0)
			return NULL;
		e = &ix->entries[i - 1];
		if (e->hash == hash && e->len == len &&
		    memcmp(e->key, key, len) == 0) {
			(*cursor)++;
			return e;
		}
	}
	return NULL;
}

static void
match_index_place(struct match_index *ix, size_t entry)
{
	size_t i;

	i = ix->entries[entry].hash & (ix->nslots - 1);
	while (ix->slots[i] != 0)
		i = (i + 1) & (ix->nslots - 1);
	ix->slots[i] = entry + 1;
}

/* At most half of the slots are used: a probe ends soon. */
static void
match_index_grow(struct match_index *ix)
{
	size_t i;

	if (ix->nentries * 2 < ix->nslots)
		return;
	ix->nslots *= 2;
	free(ix->slots);
	ix->slots = xcalloc(ix->nslots, sizeof(*ix->slots));
	for (i = 0; i < ix->nentries; i++)
		match_index_place(ix, i);
}

/* Keep the array of the wildcard look-up in order of length. */
static void
match_index_add_wild(struct match_index *ix, size_t entry)
{
	size_t i, len = ix->entries[entry].len;

	ix->wild = xreallocarray(ix->wild, ix->nwild + 1, sizeof(*ix->wild));
	for (i = ix->nwild; i > 0; i--) {
		if (ix->entries[ix->wild[i - 1]].len <= len)
			break;
		ix->wild[i] = ix->wild[i - 1];
	}
	ix->wild[i] = entry;
	ix->nwild++;
}

/* One form of a keyword. Another keyword of the same intent may have it too. */
static int
match_index_enter(struct match_index *ix, const char *key, enum match_rule rule,
    struct match_keyword *kw, const struct content_intent **other)
{
	const struct match_entry *e;
	struct match_entry *n;
	size_t cursor = 0, len = strlen(key);

	while ((e = match_index_find(ix, key, len, &cursor)) != NULL) {
		if (e->keyword->intent != kw->intent) {
			*other = e->keyword->intent;
			return TC_EEXIST;
		}
	}
	ix->entries =
	    xreallocarray(ix->entries, ix->nentries + 1, sizeof(*ix->entries));
	n = &ix->entries[ix->nentries];
	n->key = xstrdup(key);
	n->len = len;
	n->hash = fnv64(FNV64_INIT, key, len);
	n->rule = rule;
	n->keyword = kw;
	match_index_place(ix, ix->nentries++);
	if (rule == MATCH_FOLDED && kw->lost != 0)
		match_index_add_wild(ix, ix->nentries - 1);
	match_index_grow(ix);
	return 0;
}

/* Length of the UTF-8 sequence that begins with this byte. */
static size_t
utf8_step(const char *s)
{
	unsigned char c = (unsigned char)*s;

	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* Walk the accented and the folded form side by side: one letter here is one
 * letter there. 0 when they do not go together or are too long. */
static uint64_t
match_lost_letters(const char *exact, const char *folded)
{
	uint64_t lost = 0;
	size_t i;

	for (i = 0; folded[i] != '\0' && *exact != '\0'; i++) {
		if (i >= 64 || (unsigned char)folded[i] >= 0x80)
			return 0;
		if ((unsigned char)*exact >= 0x80)
			lost |= UINT64_C(1) << i;
		else if (*exact != folded[i])
			return 0;
		exact += utf8_step(exact);
	}
	return folded[i] == '\0' && *exact == '\0' ? lost : 0;
}

static char *
match_without_spaces(const char *s)
{
	char *out, *p;

	out = p = xmalloc(strlen(s) + 1);
	for (; *s != '\0'; s++) {
		if (*s != ' ')
			*p++ = *s;
	}
	*p = '\0';
	return out;
}

static struct match_keyword *
match_keyword_new(const struct fold *f, enum match_place place,
    const struct content_intent *intent)
{
	struct match_keyword *kw;
	bool is_help, is_foreign;

	kw = xcalloc(1, sizeof(*kw));
	kw->folded = xstrdup(f->text);
	kw->vni = fold_vni(f->exact);
	kw->nospace = match_without_spaces(f->exact);
	kw->nwords = f->ntokens;
	kw->is_marked = strcmp(f->text, f->exact) != 0;
	kw->place = place;
	kw->intent = intent;

	is_help = place == MATCH_PLACE_START && intent->action == CONTENT_CASE;
	/* SOS, HELP: letters that are no Vietnamese word. */
	is_foreign = !kw->is_marked && strlen(kw->folded) >= 3;
	kw->may_inside = is_help && (kw->nwords >= 2 || is_foreign);
	if (place == MATCH_PLACE_START && kw->is_marked)
		kw->lost = match_lost_letters(f->exact, f->text);
	return kw;
}

static int
match_index_enter_forms(struct match_index *ix, struct match_keyword *kw,
    const char *exact, const struct content_intent **other)
{
	char *telex, *joined;
	int rc;

	rc = match_index_enter(ix, kw->folded,
	    kw->place == MATCH_PLACE_ALIAS ? MATCH_ALIAS : MATCH_FOLDED, kw,
	    other);
	if (rc == 0 && kw->is_marked) {
		telex = fold_telex(exact);
		rc = match_index_enter(ix, telex, MATCH_TELEX, kw, other);
		free(telex);
		if (rc == 0)
			rc = match_index_enter(
			    ix, kw->vni, MATCH_VNI, kw, other);
	}
	if (rc == 0 && kw->nwords > 1) {
		joined = match_without_spaces(kw->folded);
		rc = match_index_enter(ix, joined, MATCH_NOSPACE, kw, other);
		free(joined);
	}
	return rc;
}

int
match_index_add(struct match_index *ix, const char *keyword,
    enum match_place place, const struct content_intent *intent,
    const struct content_intent **other)
{
	struct match_keyword *kw;
	struct fold f;
	int rc;

	rc = fold_text(keyword, strlen(keyword), &f);
	if (rc != 0)
		return rc;
	if (f.ntokens == 0 || f.ntokens > MATCH_WORDS_MAX) {
		fold_clear(&f);
		return TC_EINVAL;
	}
	kw = match_keyword_new(&f, place, intent);
	ix->keywords = xreallocarray(
	    ix->keywords, ix->nkeywords + 1, sizeof(*ix->keywords));
	ix->keywords[ix->nkeywords++] = kw;
	if (kw->nwords > ix->words)
		ix->words = kw->nwords;
	rc = match_index_enter_forms(ix, kw, f.exact, other);
	fold_clear(&f);
	return rc;
}

/* Does a key with "?" stand for this keyword? */
static bool
match_wild_fits(const struct match_entry *e, const char *key)
{
	size_t i, known = 0;

	for (i = 0; i < e->len; i++) {
		if (key[i] == '?') {
			if ((e->keyword->lost & UINT64_C(1) << i) == 0)
				return false;
		} else if (key[i] != e->key[i]) {
			return false;
		} else if (key[i] != ' ') {
			known++;
		}
	}
	return known >= WILD_LETTERS_MIN;
}

const struct match_entry *
match_index_find_wild(const struct match_index *ix, const char *key, size_t len)
{
	const struct match_entry *e, *found = NULL;
	size_t low = 0, high = ix->nwild, mid;

	while (low < high) { /* the first entry of this length */
		mid = low + (high - low) / 2;
		if (ix->entries[ix->wild[mid]].len < len)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < ix->nwild; low++) {
		e = &ix->entries[ix->wild[low]];
		if (e->len != len)
			break;
		if (!match_wild_fits(e, key))
			continue;
		if (found != NULL &&
		    found->keyword->intent != e->keyword->intent)
			return NULL;
		found = e;
	}
	return found;
}

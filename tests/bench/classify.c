/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many texts a second the matcher reads, over the corpus with the shipped
 * pack; and how long a large pack takes to load, as a reload would.
 *
 *   classify CORPUS CONTENT_DIR WORK_DIR [ROUNDS]
 *
 * WORK_DIR gets a pack with 5,000 keywords more than the shipped one. Prints
 * one JSON object.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "intake/match.h"
#include "log.h"

#define KEYWORDS 5000
#define PER_INTENT 500
#define LOADS 5

static const char *const onsets[] = {"b", "c", "ch", "đ", "gi", "h", "kh", "l",
    "m", "n", "ng", "nh", "ph", "qu", "r", "s", "t", "th", "tr", "v"};
static const char *const rimes[] = {"áo", "ầu", "ẹm", "ến", "ơi", "ưởng", "ộc",
    "úi", "ứt", "ỳnh", "iết", "uổi", "ươm", "ắp", "oạt", "uyên", "êu", "ĩa",
    "ục", "ôm"};

struct corpus {
	char *text;
	const char **lines;
	size_t n;
};

/* Of this process's own time on a core: others may be at work, too. */
static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
corpus_read(struct corpus *c, const char *path)
{
	char *at, *next;

	if (file_read(path, 1 << 20, &c->text, NULL) != 0)
		log_fatal("the corpus cannot be read");
	c->lines = xcalloc(strlen(c->text) + 1, sizeof(*c->lines));
	for (at = c->text; at != NULL && *at != '\0'; at = next) {
		next = strchr(at, '\n');
		if (next != NULL)
			*next++ = '\0';
		at[strcspn(at, "\t")] = '\0';
		if (*at != '\0' && *at != '#' && *at != '[')
			c->lines[c->n++] = at;
	}
}

/* Classify the corpus so many times; the texts that were no FALLBACK. */
static size_t
classify(const struct content *content, const struct corpus *c, unsigned rounds)
{
	struct match m;
	size_t i, found = 0;

	for (; rounds > 0; rounds--) {
		for (i = 0; i < c->n; i++) {
			match_text(
			    content, c->lines[i], strlen(c->lines[i]), &m);
			found += m.rule != MATCH_NONE;
		}
	}
	return found;
}

static struct content *
load(const char *dir)
{
	struct content *c;
	struct faults f;

	faults_init(&f);
	c = content_load(dir, &f);
	if (c == NULL)
		log_fatal("the pack cannot be loaded: %s line %d",
		    f.list[0].what, f.list[0].line);
	faults_clear(&f);
	return c;
}

static void
copy_into(FILE *out, const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name), *text;

	if (file_read(path, 1 << 20, &text, NULL) != 0)
		log_fatal("%s cannot be read", name);
	fputs(text, out);
	free(text);
	free(path);
}

static FILE *
create(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	if (f == NULL)
		log_fatal("%s cannot be written", name);
	free(path);
	return f;
}

/* The n-th made-up syllable. */
static void
write_syllable(FILE *f, size_t n)
{
	fputs(onsets[n % TC_NELEM(onsets)], f);
	fputs(rimes[n / TC_NELEM(onsets) % TC_NELEM(rimes)], f);
}

static void
write_pack(const char *from, const char *to)
{
	const size_t syllables = TC_NELEM(onsets) * TC_NELEM(rimes);
	FILE *f = create(to, "commune.conf");
	size_t i;

	copy_into(f, from, "commune.conf");
	fclose(f);
	f = create(to, "intents.conf");
	copy_into(f, from, "intents.conf");
	for (i = 0; i < KEYWORDS; i++) {
		if (i % PER_INTENT == 0)
			fprintf(f, "intent \"BENCH%zu\" {\n\tkeywords = {",
			    i / PER_INTENT);
		fputc('"', f);
		write_syllable(f, i % syllables);
		fputc(' ', f);
		write_syllable(f, i / syllables + 7 * i);
		fputs((i + 1) % PER_INTENT != 0 ? "\", " : "\"", f);
		if ((i + 1) % PER_INTENT == 0)
			fputs("}\n\taction = case\n\tagencies = {\"HPN\"}\n"
			      "\turgency = U3\n\treply = N1\n}\n",
			    f);
	}
	fclose(f);
}

int
main(int argc, char **argv)
{
	int64_t rounds = 200, start, us, large_us, load_us, best = INT64_MAX;
	struct corpus corpus = {0};
	struct content *content;
	size_t found;
	int i;

	if (argc < 4 ||
	    (argc > 4 && str_to_int64(argv[4], 1, 100000, &rounds) != 0)) {
		fputs("usage: classify CORPUS CONTENT_DIR WORK_DIR [ROUNDS]\n",
		    stderr);
		return 2;
	}
	corpus_read(&corpus, argv[1]);
	content = load(argv[2]);
	start = now_us();
	found = classify(content, &corpus, (unsigned)rounds);
	us = now_us() - start;
	content_free(content);

	write_pack(argv[2], argv[3]);
	for (i = 0; i < LOADS; i++) {
		start = now_us();
		content = load(argv[3]);
		load_us = now_us() - start;
		best = load_us < best ? load_us : best;
		if (i + 1 < LOADS)
			content_free(content);
	}
	start = now_us();
	(void)classify(content, &corpus, (unsigned)rounds);
	large_us = now_us() - start;
	content_free(content);
	printf("{\"texts\": %" PRId64 ", \"understood\": %zu, "
	       "\"per_s\": %" PRId64 ", \"per_s_large\": %" PRId64
	       ", \"keywords\": %d, \"load_us\": %" PRId64 "}\n",
	    rounds * (int64_t)corpus.n, found,
	    rounds * (int64_t)corpus.n * 1000000 / (us > 0 ? us : 1),
	    rounds * (int64_t)corpus.n * 1000000 /
		(large_us > 0 ? large_us : 1),
	    KEYWORDS, best);
	free(corpus.lines);
	free(corpus.text);
	return 0;
}

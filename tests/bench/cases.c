/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A desk with very many open cases: as many people write for help once, each of
 * their texts is sealed and filed by the desk itself, committed by turns as in
 * the daemon.
 *
 *   cases CONTENT_DIR STATE_DIR [CASES [KEY_FILE]]
 *
 * With KEY_FILE (32 bytes, or as hex) it goes into the database of a daemon that
 * has ended, whose agencies have keys; without, into a new one. Prints one JSON
 * object: cases and sealed envelopes a second, and how long the desk takes for
 * pages of a queue of all of them.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "desk/desk.h"
#include "intake/content.h"
#include "intake/sender.h"
#include "log.h"
#include "rig.h"
#include "turn.h"

#define LISTINGS 2000
#define PAGE 100

struct bench {
	struct core core;
	int64_t i;                /* the case that is filed */
	int64_t rank, id, change; /* the last one of a page */
	int64_t file_us, list_us[LISTINGS];
};

/* On a page this process's own time on a core counts: others may be at work. */
static int64_t
now_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
fail(const char *what, int rc)
{
	fprintf(stderr, "cases: %s: %s\n", what, tc_strerror(rc));
	exit(1);
}

/* One text of somebody who never wrote before: of all urgencies in turn. */
static int
op_file(void *arg)
{
	static const char *const intents[] = {"SUPPORT", "DV_SELF", "CALLBACK"};
	struct bench *b = arg;
	struct desk_text t = {.kind = "sms",
	    .text = "toi can nguoi giup, chieu nay co ai o xa khong",
	    .note = "",
	    .at = clock_now()};
	char number[MSISDN_MAX];
	struct contact contact;
	int64_t case_id;
	int rc;

	t.intent = content_intent_by_name(
	    b->core.content, intents[b->i % (int64_t)TC_NELEM(intents)]);
	if (t.intent == NULL)
		return TC_ENOENT;
	rc = str_printf(
	    number, sizeof(number), "+849%08" PRId64, 10000000 + b->i);
	if (rc == 0)
		rc = sender_contact(&b->core, number, "m1", &contact);
	t.number = number;
	t.contact_id = contact.id;
	return rc != 0 ? rc : desk_file_text(&b->core, &t, &case_id);
}

static void
file_all(struct bench *b, int64_t n)
{
	int64_t start = now_us(CLOCK_MONOTONIC);
	int rc;

	for (b->i = 0; b->i < n; b->i++)
		if ((rc = turn_run(b->core.turn, op_file, b)) != 0)
			fail("a text is not filed", rc);
	if ((rc = turn_commit(b->core.turn)) != 0)
		fail("commit", rc);
	b->file_us = now_us(CLOCK_MONOTONIC) - start;
}

static int
on_case(const struct desk_case *k, void *ctx)
{
	struct bench *b = ctx;

	b->rank = k->rank;
	b->id = k->id;
	b->change = k->change;
	return 0;
}

/* Pages by urgency from the top to the end, then by change, round and round. */
static void
list_all(struct bench *b)
{
	struct case_query q = {.agency = "HPN", .limit = PAGE};
	bool by_change = false;
	int64_t start;
	int i, n;

	for (i = 0; i < LISTINGS; i++) {
		q.after = by_change ? b->change : -1;
		q.rank = b->rank;
		q.id = b->id;
		start = now_us(CLOCK_PROCESS_CPUTIME_ID);
		n = desk_queue(&b->core, &q, on_case, b);
		b->list_us[i] = now_us(CLOCK_PROCESS_CPUTIME_ID) - start;
		if (n < 0)
			fail("the queue cannot be listed", n);
		if (n == PAGE)
			continue;
		by_change = !by_change;
		b->rank = b->id = b->change = 0;
	}
}

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int64_t
percentile(struct bench *b, int p)
{
	return b->list_us[(LISTINGS * p + 99) / 100 - 1];
}

int
main(int argc, char **argv)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	int64_t n = 100000, seals;
	int rc;

	if (argc < 3 ||
	    (argc > 3 && str_to_int64(argv[3], 1, 10000000, &n) != 0)) {
		fputs("usage: cases CONTENT_DIR STATE_DIR [CASES [KEY_FILE]]\n",
		    stderr);
		return 2;
	}
	log_set_level(LOG_LEVEL_ERR);
	rc = argc > 4 ? rig_open_with(&b->core, argv[1], argv[2], argv[4])
		      : rig_open(&b->core, argv[1], argv[2]);
	if (rc != 0)
		fail("the database cannot be opened", rc);
	file_all(b, n);
	list_all(b);
	qsort(b->list_us, LISTINGS, sizeof(b->list_us[0]), compare);
	seals = rig_count(argv[2], "SELECT count(*) FROM case_seal");
	printf("{\"cases\": %" PRId64 ", \"cases_per_s\": %" PRId64
	       ", \"envelopes\": %" PRId64 ", \"envelopes_per_s\": %" PRId64
	       ", \"list_p50_us\": %" PRId64 ", \"list_p99_us\": %" PRId64
	       "}\n",
	    n, n * 1000000 / b->file_us, seals, seals * 1000000 / b->file_us,
	    percentile(b, 50), percentile(b, 99));
	rig_close(&b->core);
	free(b);
	return 0;
}

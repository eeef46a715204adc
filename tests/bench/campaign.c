/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A campaign without modems: a sheet of people is read and imported part by
 * part, five overlapping lists are resolved to one recipient a person at
 * approval, and the texts go to a null transport with a window of 64, with the
 * same commits as in the daemon.
 *
 *   campaign CONTENT_DIR STATE_DIR [PEOPLE]
 *
 * Prints one JSON object.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <malloc.h>

#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "log.h"
#include "outbox/outbox.h"
#include "outreach/campaign.h"
#include "outreach/sheet.h"
#include "radio/radio.h"
#include "rig.h"
#include "store/user.h"
#include "turn.h"
#include "vault/vault.h"

#define WINDOW 64
#define STEP 250 /* rows, as in http/api_people.c */
#define LISTS 5

struct bench {
	struct core core;
	struct conf conf;
	struct user author, approver;
	struct people_import import;
	int64_t campaign;
	struct campaign_refusal why;
	struct radio_part part;
	uint64_t window[WINDOW];
	size_t in_window, next;
	int64_t read_ms, import_ms, longest_us, freeze_ms, send_ms;
	int64_t import_cpu, freeze_cpu, send_cpu;
	uint64_t segments, commits;
};

static void
bench_run(struct bench *b, turn_op_cb op, int want)
{
	int rc = turn_run(b->core.turn, op, b);

	if (rc != want || turn_commit(b->core.turn) != 0) {
		fprintf(stderr, "campaign: %s (%s)\n", tc_strerror(rc),
		    b->why.reason);
		exit(1);
	}
}

static int
op_users(void *arg)
{
	struct bench *b = arg;
	int rc;

	b->author = (struct user){.id = 1,
	    .name = "a",
	    .agency = "HPN",
	    .roles = ROLE_DRAFTER,
	    .password = "x"};
	b->approver = (struct user){.id = 2,
	    .name = "b",
	    .agency = "UBND",
	    .roles = ROLE_APPROVER,
	    .password = "x"};
	rc = store_user_add(b->core.store, &b->author);
	return rc != 0 ? rc : store_user_add(b->core.store, &b->approver);
}

/* Milliseconds of processor: a busy machine does not lengthen them. */
static int64_t
cpu_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- people --- */

static int
op_import(void *arg)
{
	struct bench *b = arg;

	return people_import_step(&b->core, &b->import, STEP);
}

static struct sheet *
bench_sheet(struct bench *b, int64_t people)
{
	int64_t start = clock_mono_ms(), i;
	struct sheet *s;
	struct buf csv;

	buf_init(&csv, 64u << 20);
	(void)buf_put_str(
	    &csv, "so_dien_thoai;nguon_dong_y;ngay_dong_y;nguoi_thu;thon\n");
	for (i = 0; i < people; i++)
		(void)buf_printf(&csv,
		    "+8490%07" PRId64 ";hop thon;2026-01-05;Lan;Thon %d\n", i,
		    (int)(i % 9));
	s = sheet_read(buf_str(&csv), csv.len, &(struct sheet_want){0});
	buf_clear(&csv);
	b->read_ms = clock_mono_ms() - start;
	return s;
}

static void
bench_import(struct bench *b, int64_t people)
{
	struct sheet *s = bench_sheet(b, people);
	int64_t start = clock_mono_ms(), cpu = cpu_ms(), t;
	int rc;

	b->import =
	    (struct people_import){.sheet = s, .list = "l0", .agency = "HPN"};
	do {
		t = clock_now_us();
		rc = turn_run(b->core.turn, op_import, b);
		if (rc < 0 || turn_commit(b->core.turn) != 0)
			abort();
		t = clock_now_us() - t;
		b->longest_us = t > b->longest_us ? t : b->longest_us;
	} while (rc == 1);
	b->import_ms = clock_mono_ms() - start;
	b->import_cpu = cpu_ms() - cpu;
	sheet_free(s);
}

/* Everybody on every list. */
static int
op_lists(void *arg)
{
	struct bench *b = arg;
	char name[8];
	int rc = 0, i;

	for (i = 1; i < LISTS && rc >= 0; i++) {
		if (str_printf(name, sizeof(name), "l%d", i) != 0)
			return TC_EFULL;
		rc = list_new(&b->core, name, "HPN", &(struct list_query){0});
		if (rc == 0)
			rc = list_add(&b->core, name, NULL, NULL);
	}
	return rc < 0 ? rc : 0;
}

/* --- the campaign --- */

static int
op_new(void *arg)
{
	static const char *const lists[LISTS] = {"l0", "l1", "l2", "l3", "l4"};
	struct campaign_draft d = campaign_draft_empty;
	struct bench *b = arg;

	d.name = "c";
	d.text = "Moi ba con den hop thon toi nay.";
	d.lists = lists;
	d.nlists = LISTS;
	return campaign_new(&b->core, &b->author, &d, &b->campaign, &b->why);
}

static int
op_check(void *arg)
{
	struct bench *b = arg;

	return campaign_do(
	    &b->core, &b->author, b->campaign, CAMPAIGN_CHECK, &b->why);
}

static int
op_approve(void *arg)
{
	struct bench *b = arg;

	return campaign_do(
	    &b->core, &b->approver, b->campaign, CAMPAIGN_APPROVE, &b->why);
}

static int
op_start(void *arg)
{
	struct bench *b = arg;

	return campaign_do(
	    &b->core, &b->approver, b->campaign, CAMPAIGN_START, &b->why);
}

static int
op_take(void *arg)
{
	struct bench *b = arg;

	return outbox_next_part(&b->core,
	    &(struct radio_offer){
		.modem = "null", .operator_name = "", .lanes = ~0U},
	    &b->part);
}

static int
op_result(void *arg)
{
	struct bench *b = arg;

	return outbox_on_result(
	    &b->core, &(struct radio_result){.modem = "null",
			  .part_id = (int64_t)b->window[b->next],
			  .outcome = ML_SENT,
			  .tp_mr = -1});
}

/* One iteration of the loop: results come, the window is filled, commit. */
static bool
bench_turn(struct bench *b)
{
	for (b->next = 0; b->next < b->in_window; b->next++)
		if (turn_run(b->core.turn, op_result, b) != 0)
			abort();
	b->segments += b->in_window;
	b->in_window = 0;
	while (b->in_window < WINDOW && turn_run(b->core.turn, op_take, b) == 1)
		b->window[b->in_window++] = (uint64_t)b->part.id;
	if (turn_commit(b->core.turn) != 0)
		abort();
	return b->in_window > 0;
}

static void
bench_send(struct bench *b)
{
	struct turn_stats before, after;
	int64_t start = clock_mono_ms(), cpu = cpu_ms();

	bench_run(b, op_start, 0);
	turn_get_stats(b->core.turn, &before);
	while (bench_turn(b))
		;
	turn_get_stats(b->core.turn, &after);
	b->send_ms = clock_mono_ms() - start;
	b->send_cpu = cpu_ms() - cpu;
	b->commits = after.commits - before.commits;
}

/* It is nine in the morning of the commune, whenever this runs. */
static void
bench_clock(const char *state_dir)
{
	char *path = xasprintf("%s/clock", state_dir);
	int64_t now = clock_now(), offset = now / 86400 * 86400 + 7200 - now;

	if (file_write(path, 0600, &offset, sizeof(offset)) != 0 ||
	    setenv("TINCAY_CLOCK", path, 1) != 0 || clock_init() != 0)
		log_fatal("campaign has no clock");
	free(path);
}

/* Memory of the process itself, KiB. */
static int64_t
rss_anon(void)
{
	char line[256];
	long kib = -1;
	FILE *f = fopen("/proc/self/status", "re");

	while (f != NULL && kib < 0 && fgets(line, sizeof(line), f) != NULL)
		(void)sscanf(line, "RssAnon: %ld kB", &kib);
	if (f != NULL)
		fclose(f);
	return kib;
}

static int64_t
per_second(uint64_t n, int64_t ms)
{
	return (int64_t)n * 1000 / (ms > 0 ? ms : 1);
}

static void
bench_print(const struct bench *b, int64_t people)
{
	printf("{\"people\": %" PRId64 ", \"read_ms\": %" PRId64
	       ", \"import_ms\": %" PRId64 ", \"longest_step_us\": %" PRId64
	       ", \"freeze_ms\": %" PRId64 ", \"segments\": %" PRIu64
	       ", \"segments_per_s\": %" PRId64 ", \"commits_per_s\": %" PRId64
	       ", \"import_cpu_ms\": %" PRId64 ", \"freeze_cpu_ms\": %" PRId64
	       ", \"send_cpu_ms\": %" PRId64 ", \"rss_anon_kib\": %" PRId64
	       "}\n",
	    people, b->read_ms, b->import_ms, b->longest_us, b->freeze_ms,
	    b->segments, per_second(b->segments, b->send_ms),
	    per_second(b->commits, b->send_ms), b->import_cpu, b->freeze_cpu,
	    b->send_cpu, rss_anon());
}

int
main(int argc, char **argv)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	int64_t people = 100000, start, cpu;

	if (argc < 3 ||
	    (argc > 3 && str_to_int64(argv[3], 1, 9999999, &people) != 0)) {
		fputs(
		    "usage: campaign CONTENT_DIR STATE_DIR [PEOPLE]\n", stderr);
		return 2;
	}
	log_set_level(LOG_LEVEL_ERR);
	bench_clock(argv[2]);
	b->core.conf = &b->conf;
	if (rig_open(&b->core, argv[1], argv[2]) != 0)
		log_fatal("campaign cannot be set up");
	bench_run(b, op_users, 0);
	bench_import(b, people);
	bench_run(b, op_lists, 0);
	bench_run(b, op_new, 0);
	bench_run(b, op_check, 0);
	start = clock_mono_ms();
	cpu = cpu_ms();
	bench_run(b, op_approve, 0);
	b->freeze_ms = clock_mono_ms() - start;
	b->freeze_cpu = cpu_ms() - cpu;
	bench_send(b);
	(void)malloc_trim(0); /* as the daemon does when it is idle */
	bench_print(b, people);
	if (b->segments != (uint64_t)people)
		log_fatal("campaign reached another number of people");
	rig_close(&b->core);
	free(b);
	return 0;
}

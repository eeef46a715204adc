/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The full pipeline without modems: inbound text, dedupe, intent, reply or
 * sealed case, commit with fsync, next part handed to a null transport with a
 * window of 64, its result, commit. The code is the daemon's own; only the
 * modems are missing.
 *
 *   pipeline CONTENT_DIR STATE_DIR [MESSAGES]
 *
 * Nine in ten texts are informational, one in ten is a sealed case. Prints one
 * JSON object.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "core.h"
#include "intake/budget.h"
#include "intake/intake.h"
#include "log.h"
#include "outbox/outbox.h"
#include "radio/radio_private.h"
#include "rig.h"
#include "turn.h"

#define WINDOW 64
#define BATCH 64 /* texts that one loop iteration finds waiting */
#define SENDERS 5000

struct bench {
	struct core core;
	struct radio radio;
	struct conf conf; /* no modem of its own */
	struct conf_modem null;
	struct modem modem;
	uint64_t window[WINDOW];
	size_t in_window;
	uint64_t replies;
};

static int
on_inbound(const struct inbound *in, void *ctx)
{
	return intake_receive(ctx, in);
}

static int
on_result(const struct radio_result *r, void *ctx)
{
	return outbox_on_result(ctx, r);
}

static int
bench_open(struct bench *b, const char *content_dir, const char *state_dir)
{
	int rc = rig_open(&b->core, content_dir, state_dir);

	if (rc != 0)
		return rc;
	b->core.conf = &b->conf;
	b->null.name = xstrdup("null");
	b->radio.core = &b->core;
	b->radio.ops = (struct radio_ops){
	    .on_inbound = on_inbound, .on_result = on_result, .ctx = &b->core};
	b->modem.radio = &b->radio;
	b->modem.conf = &b->null;
	return 0;
}

static void
bench_receive(struct bench *b, unsigned i)
{
	struct ml_sms_in in = {.kind = ML_SMS_TEXT, .smsc_time = clock_now()};

	if (i % BUDGET_ALL_REPLIES == 0) {
		/* Everybody is answered each time: that is what is measured. */
		budget_free(b->core.budget);
		b->core.budget = budget_new();
	}
	if (str_printf(
		in.number, sizeof(in.number), "+8490%07u", i % SENDERS) != 0 ||
	    str_printf(in.text, sizeof(in.text), "%s",
		i % 10 == 0 ? "Giúp tôi" : "Y tế") != 0)
		abort();
	in.place.slot = i; /* the text is told apart by its reference */
	in.ref = i;
	in.udh_present = 1;
	in.total = 1;
	in.seq = 1;
	receive_sms(&b->modem, &in);
}

struct take {
	struct bench *bench;
	struct radio_part part;
};

static int
op_take(void *arg)
{
	struct take *t = arg;

	return outbox_next_part(&t->bench->core,
	    &(struct radio_offer){
		.modem = "null", .operator_name = "", .lanes = ~0U},
	    &t->part);
}

/* Fill the window; false when the outbox has nothing more. */
static bool
bench_take(struct bench *b)
{
	struct take t = {.bench = b};

	while (b->in_window < WINDOW) {
		if (turn_run(b->core.turn, op_take, &t) != 1)
			return false;
		b->window[b->in_window++] = (uint64_t)t.part.id;
	}
	return true;
}

/* The transport says "sent" for everything that was handed over. */
static void
bench_results(struct bench *b)
{
	struct ml_result r = {.outcome = ML_SENT, .tp_mr = -1};
	size_t i;

	for (i = 0; i < b->in_window; i++)
		send_on_result(&b->modem, b->window[i], &r);
	b->replies += b->in_window;
	b->in_window = 0;
}

static int
bench_run(struct bench *b, unsigned messages)
{
	unsigned i = 0, n;
	bool is_more = true;

	while (i < messages || is_more || b->in_window > 0) {
		bench_results(b);
		for (n = 0; n < BATCH && i < messages; n++)
			bench_receive(b, i++);
		is_more = bench_take(b);
		if (turn_commit(b->core.turn) != 0)
			return TC_EIO;
	}
	return 0;
}

static int
on_message(const struct outbox_message *m, void *ctx)
{
	(void)ctx;
	return strcmp(m->state, "sent") == 0 ? 0 : TC_ESTATE;
}

/* Everything came in, everything was answered, every answer is settled. */
static bool
bench_is_whole(struct bench *b, uint64_t messages)
{
	int64_t lengths[LANE_NLANES];

	if (b->modem.received != messages || b->replies != messages ||
	    outbox_queue_lengths(&b->core, lengths) != 0)
		return false;
	return lengths[LANE_CRISIS] + lengths[LANE_REPLY] == 0 &&
	       outbox_each(&b->core, 0, 500, on_message, NULL) > 0;
}

int
main(int argc, char **argv)
{
	int64_t messages = 20000, start, ms;
	struct bench *b = xcalloc(1, sizeof(*b));
	struct turn_stats stats;

	if (argc < 3 ||
	    (argc > 3 && str_to_int64(argv[3], 1, 10000000, &messages) != 0)) {
		fputs("usage: pipeline CONTENT_DIR STATE_DIR [MESSAGES]\n",
		    stderr);
		return 2;
	}
	log_set_level(LOG_LEVEL_ERR);
	if (bench_open(b, argv[1], argv[2]) != 0)
		log_fatal("pipeline cannot be set up");
	start = clock_mono_ms();
	if (bench_run(b, (unsigned)messages) != 0)
		log_fatal("pipeline did not commit");
	ms = clock_mono_ms() - start;
	turn_get_stats(b->core.turn, &stats);
	if (!bench_is_whole(b, (uint64_t)messages))
		log_fatal("pipeline lost something");
	printf("{\"messages\": %" PRId64 ", \"received\": %" PRIu64
	       ", \"replies\": %" PRIu64 ", \"ms\": %" PRId64
	       ", \"messages_per_s\": %" PRId64 ", \"commits\": %" PRIu64 "}\n",
	    messages, b->modem.received, b->replies, ms,
	    messages * 1000 / (ms > 0 ? ms : 1), stats.commits);
	rig_close(&b->core);
	budget_free(b->core.budget);
	free(b->null.name);
	free(b);
	return 0;
}

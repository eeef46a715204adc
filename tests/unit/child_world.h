/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CHILD_WORLD_H
#define TINCAY_CHILD_WORLD_H

/*
 * A world for test_modem_child: a simulator in a folder of its own, and the
 * daemon's end of the link to one tincay-modem. Every function fails the
 * running test instead of returning an error. Programs are found through
 * TINCAY_SIM and TINCAY_MODEM. With TEST_VERBOSE set, the child's log is shown.
 */

#include <jansson.h>
#include <sys/types.h>

#include "modemlink.h"

#define WAIT_MS 15000
#define PHONE "+84900000001"
#define SENDER "+84900000777"
#define SLOTS "20"

struct world {
	char dir[64];
	pid_t sim, child;
	FILE *control;
	int fd; /* our end of the link */
	enum ml_phase phase;
	struct ml_config config;
	unsigned char in[65536];
	size_t len;
	uint64_t id;    /* of the frame that expect() returned */
	unsigned steps; /* ML_SKIP() bits of the STEPs that came */
	enum ml_step last_step;
	bool is_slow; /* it does not answer GONE with STOP by itself */
};

/* cmocka fixture: *state is the world; no child runs yet. */
int world_setup(void **state);
int world_teardown(void **state);

/* --- the simulator --- */

/* One request as JSON; the answer is ok, and the caller's to free. */
json_t *sim_ask(struct world *w, const char *fmt, ...) TC_PRINTF(2, 3);
#define sim_do(w, ...) json_decref(sim_ask(w, __VA_ARGS__))

/* A fault of modem1, once. */
void sim_fault(struct world *w, const char *kind, int ms, int code);

/* A text to modem1; text as inside a JSON string, more is "" or further fields
 * (",\"ucs2\":true"). */
void sim_text(
    struct world *w, const char *from, const char *text, const char *more);

/* Messages in both stores of modem1. */
int sim_used(struct world *w);

/* How many lines of a file have a string. */
int file_count(const char *path, const char *what);

/* How many lines of the journal have a string so far; wait until it is
 * count. */
int journal_count(struct world *w, const char *what);
void journal_wait(struct world *w, const char *what, int count);

/* Wait for the count-th message at a number: it is `last`, and the last. */
void expect_inbox(
    struct world *w, const char *number, size_t count, const char *last);

/* --- the child --- */

/* Start a child and say HELLO and CONFIG (w->config); its HELLO has come. */
void child_spawn(struct world *w);
/* Wait for READY; ready may be NULL. */
void child_ready(struct world *w, struct ml_ready *ready);
void child_start(struct world *w); /* both */
int child_wait(struct world *w);   /* its wait status */
void child_kill(struct world *w);  /* SIGKILL */
void child_stop(struct world *w);  /* STOP, GONE, exit 0 */

/* --- the link --- */

void link_put(
    struct world *w, enum ml_type type, uint64_t id, const void *body);

/* The next frame: its type and w->id; 0 at the end or at the deadline. */
unsigned link_next_frame(struct world *w, union ml_body *body, int64_t ms);

/* The next frame that is none of LOG, STATUS and STEP is of that type. */
void link_expect(struct world *w, unsigned type, union ml_body *body);

/* Nothing but LOG, STATUS and STEP comes before the answer to a PING. */
void link_expect_quiet(struct world *w);

void link_ack(struct world *w, uint64_t spool_id);

/* A part for PHONE without header; and the same, sent. */
void part_set(
    struct ml_send_part *part, enum gsm_coding coding, const char *text);
void send_text(
    struct world *w, uint64_t id, enum gsm_coding coding, const char *text);

/* The next frame is the RESULT of that part. */
struct ml_result result_of(struct world *w, uint64_t id);

#endif

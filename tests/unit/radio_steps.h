/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TEST_RADIO_STEPS_H
#define TINCAY_TEST_RADIO_STEPS_H

/*
 * A pool of two modems, "m1" and "m2", over a world: the real outbox asks and
 * answers, the children are played by the test at the other end of a socket.
 * The devices are files of the test's folder.
 */

#include <event2/event.h>

#include "conf.h"
#include "outbox_steps.h"
#include "radio/radio_private.h"

#define STEPS_MODEMS 2

struct pool {
	struct world world;
	struct conf conf;
	struct conf_modem modem_conf[STEPS_MODEMS];
	struct event_base *base;
	struct radio *radio;
	int children[STEPS_MODEMS]; /* the other end of the socket, or -1 */
	/* What was told of events, a line each: "m1 held on". */
	char told[1024];
	size_t told_len;
	int told_rc;           /* what on_event answers */
	enum ml_sms_kind kind; /* of the last text that was handed over */
	bool is_binary;
	int received;   /* texts that were handed over */
	char *pin_path; /* a name in the folder, for a test that has a PIN */
};

/* For cmocka: *state is a struct pool. */
int steps_open(void **state);
int steps_close(void **state);

/* Another pool over the same database, as after a restart. */
void steps_restart(struct pool *p);

/* A child of that modem that was started and has said HELLO; then READY too,
 * with identities of its own. */
struct modem *steps_starting(struct pool *p, size_t i);
struct modem *steps_up(struct pool *p, size_t i);
/* READY of the stick and the SIM with these numbers; those of a modem are its
 * own number. */
void steps_ready(struct pool *p, size_t i, size_t stick, size_t sim);
/* The CONFIG that the child has got; false when it got none. */
bool steps_config(struct pool *p, size_t i, struct ml_config *out);
/* What a child ends with: this wait status, and perhaps GONE before it. */
void steps_die(struct pool *p, size_t i, int status);
void steps_gone(struct pool *p, size_t i, enum ml_gone why, bool pin_tried);
void steps_step(struct pool *p, size_t i, enum ml_step step);
void steps_expect(
    struct pool *p, size_t i, enum modem_state state, const char *reason);
/* The timer has run out. */
void steps_fire(struct pool *p, struct event *timer);
/* The child ends as it was told to, or by itself. */
void steps_end(struct pool *p, size_t i);

/* The end of a loop iteration: pump and commit. */
void steps_turn(struct pool *p);

/* The child says something. */
void steps_say(
    struct pool *p, size_t i, enum ml_type type, uint64_t id, const void *body);

/* The types of the frames that the child has got since; 8 at most. */
size_t steps_frames(struct pool *p, size_t i, enum ml_type types[8]);

/* All that was told since it was asked last. */
void steps_told(struct pool *p, const char *lines);

#endif

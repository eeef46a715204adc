/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_RADIO_PRIVATE_H
#define TINCAY_RADIO_PRIVATE_H

/* What radio.c (the pool), child.c (the process and its frames) and receive.c
 * (what comes in) share. */

#include <event2/event.h>
#include <sys/types.h>

#include "radio/radio.h"

struct bufferevent;
struct conf_modem;

struct modem {
	struct radio *radio;
	const struct conf_modem *conf;
	enum modem_state state;
	char reason[ML_NAME_MAX]; /* why it is where it is, fixed words */

	/* The child; pid 0 and bev NULL when there is none. It is gone when
	 * both its socket has ended and it was reaped. */
	pid_t pid;
	struct bufferevent *bev;
	enum ml_phase phase;
	struct event *deadline; /* of what it is doing now */
	struct event *again;    /* backoff, or the pause after a refusal */
	unsigned failures;      /* in a row: how long the next backoff is */
	unsigned refusals;      /* in a row: how long the next pause is */
	bool is_paused;
	bool is_lost; /* its submitting parts are not settled yet */
	bool is_stopping;

	int64_t in_flight;         /* part id, 0 = none */
	uint64_t asked_generation; /* the outbox had nothing for it then */

	struct ml_ready info;
	struct ml_status status;
	unsigned events; /* bits of enum radio_event that were told */
	unsigned restarts;
	uint64_t sent, failed, uncertain, received;
};

struct radio {
	struct core *core;
	struct event_base *base;
	struct radio_ops ops;
	struct modem *modems;
	size_t nmodems;
	struct event *sigchld;
	struct event *stop_timer;
	void (*stopped)(void *ctx);
	void *stopped_ctx;
};

/* The one setter of a modem's state: logs the move. reason: fixed words, "" =
 * none. */
void modem_set_state(struct modem *m, enum modem_state to, const char *reason);

/* --- child.c --- */

/* Start the child; on failure the modem goes to backoff. */
void child_start(struct modem *m);
/* Queue a frame to the child; a frame that cannot be built kills the child. */
void child_send(
    struct modem *m, enum ml_type type, uint64_t id, const void *body);
/* Ask it to finish and end: nothing more is given to it or taken from it. */
void child_stop(struct modem *m, const char *reason);
/* SIGKILL; what it was doing becomes uncertain when it is reaped. */
void child_kill(struct modem *m, const char *reason);
/* The process ended (from SIGCHLD). */
void child_reaped(struct modem *m, int status);
/* Start the clock of what the child does now; 0 stops it. */
void child_set_deadline(struct modem *m, int64_t ms);
/* Forget the child's resources without waiting. */
void child_clear(struct modem *m);

/* --- radio.c, called by child.c --- */

/* Tell that an event is on or off; nothing when it was told already. */
void radio_event(struct modem *m, enum radio_event e, bool is_on);

/* READY: counts, and the pool may use it. */
void radio_on_ready(struct modem *m, const struct ml_ready *ready);
/* The child is gone for good: settle what it had, back off or hold. */
void radio_on_gone(struct modem *m);
/* One RESULT was committed or refused. */
void radio_on_result(
    struct modem *m, uint64_t part_id, const struct ml_result *r);

/* --- receive.c --- */

void receive_sms(struct modem *m, const struct ml_sms_in *in);
void receive_report(struct modem *m, const struct ml_report_in *in);
void receive_call(struct modem *m, const struct ml_call_in *in);
/* Tell the child that a spool entry may be forgotten, after the commit. Inside
 * a turn op. */
void receive_ack(struct modem *m, uint64_t spool_id);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_RADIO_PRIVATE_H
#define TINCAY_RADIO_PRIVATE_H

/* What the files of radio/ share. */

#include <event2/event.h>
#include <sys/types.h>

#include "radio/dial.h"
#include "radio/quota.h"
#include "radio/radio.h"
#include "store/modem.h"

struct bufferevent;
struct conf_modem;

/* Why a row is held (modem_row.held). */
#define RADIO_HELD_HAND "by_hand"
#define RADIO_HELD_SIM "sim_changed"

#define CHILD_GRACE_MS 10000
#define LIFE_ENDS 16 /* how many ends are remembered */

/* The bits of radio_offer.lanes that go before everything: crisis. */
#define RADIO_HELP_LANES 1U

struct modem {
	struct radio *radio;
	const struct conf_modem *conf;
	const char
	    *device; /* of its section, or of the one that has its stick */
	enum modem_state state;
	char reason[ML_NAME_MAX];     /* why it is where it is, fixed words */
	char last_error[ML_NAME_MAX]; /* the last reason that was a fault */
	int64_t last_error_at;
	struct modem_row row; /* as the database has it */

	/* The child; pid 0 and bev NULL when there is none. It is gone when
	 * both its socket has ended and it was reaped. */
	pid_t pid;
	struct bufferevent *bev;
	enum ml_phase phase;
	struct event *deadline; /* of what it is doing now */
	struct event *again;    /* backoff, or the pause after a refusal */
	unsigned starts;        /* of children */
	int wait_status;        /* of the last child */
	unsigned failures;      /* in a row: how long the next backoff is */
	unsigned refusals;      /* in a row: how long the next pause is */
	bool is_paused;
	bool is_lost;    /* its submitting parts are not settled yet */
	bool is_asked;   /* to end: its end is no fault of the modem */
	bool is_planned; /* it is to start again at once */
	bool is_stopping;
	bool is_deaf;    /* nothing that the child says counts any more */
	bool is_keyless; /* the child was started without its spool key */
	bool is_pin_refused;
	bool is_pin_used; /* the child has handed its PIN to the SIM */
	bool is_hung;     /* it gave up, or was killed, for want of an answer */
	int64_t heard_ms; /* monotonic; when the child said something last */
	int64_t seen_at;  /* the same, UTC; 0 = not since the start */

	enum ml_step step;     /* what the child asks the modem now */
	enum ml_step bad_step; /* in which the last one ended */
	struct event *step_timer;

	/* Ends by fault since it last did something well, the newest last;
	 * monotonic. */
	int64_t ends[LIFE_ENDS];
	size_t nends;
	bool is_failing;  /* held for them, or on trial after that */
	int64_t ready_ms; /* monotonic; since when it is ready */

	int64_t in_flight; /* part id, 0 = none */
	int in_flight_lane;
	struct quota quota;
	uint64_t asked_generation; /* the outbox had nothing for it then */

	/* Bits of enum radio_event: what is so, of which that is known, and
	 * what was told of it. */
	unsigned events, events_known, told, told_known;
	bool is_telling_refused; /* until the next upkeep */

	struct dial dial;
	int dial_form; /* of the child that runs, enum ml_ussd_form */

	unsigned ntombstones, delete_failures;
	int64_t delete_again_ms; /* monotonic */

	struct ml_ready info;
	struct ml_status status;
	uint64_t sent, failed, uncertain, received;
};

struct radio {
	struct core *core;
	struct event_base *base;
	struct radio_ops ops;
	struct modem *modems;
	size_t nmodems;
	bool is_started;
	bool is_locked; /* all is kept sealed, and nothing is sent */
	bool is_stuck;  /* taking in failed: not before the next upkeep */
	struct event *sigchld;
	struct event *stop_timer;
	int watch_fd; /* inotify, or -1: nothing is missing */
	struct event *watch;
	void (*stopped)(void *ctx);
	void *stopped_ctx;
};

/* --- radio.c --- */

/* NULL: no such modem. */
struct modem *radio_find(const struct radio *r, const char *name);

/* All children are gone: radio_stop() is done. */
void radio_check_stopped(struct radio *r);

/* --- row.c: what the database remembers of a modem --- */

/* Read the row again; an unknown modem gets an empty one. */
void row_load(struct modem *m);
/* Write it, inside a turn op; the mirror follows when the op stays. */
int row_put(struct modem *m, const struct modem_row *row) TC_MUSTCHECK;
/* The same in a turn op of its own. */
int row_save(struct modem *m, const struct modem_row *row) TC_MUSTCHECK;

/* --- events.c --- */

/* This is so, or not (any more). It is told by events_pump(). */
void events_set(struct modem *m, enum radio_event e, bool is_on);
/* Is there something that was not told? */
bool events_wait(const struct modem *m);
/* Tell it, in a turn op. */
void events_pump(struct modem *m);

/* --- life.c --- */

/* The one setter of a modem's state: logs the move. reason: fixed words, "" =
 * none. */
void modem_set_state(struct modem *m, enum modem_state to, const char *reason);

void life_init(struct modem *m);
void life_clear(struct modem *m);

/* A delay that doubles from first to max, with up to a quarter of jitter. */
int64_t life_delay(unsigned times, int64_t first, int64_t max);
/* Call it again in so many milliseconds: start it, or end its pause. */
void life_wait(struct modem *m, int64_t ms);

/* READY: counts, and the pool may use it. */
void life_on_ready(struct modem *m, const struct ml_ready *ready);
/* The child said why it goes. */
void life_on_goodbye(struct modem *m, const struct ml_gone_body *gone);
/* The child is gone for good: settle what it had, back off or hold. */
void life_on_gone(struct modem *m);
/* Its device is not there: it is waited for. */
void life_on_missing(struct modem *m);
/* STATUS: stores, signal, operator. */
void life_on_status(struct modem *m, const struct ml_status *status);
/* It did something well: earlier failures do not count any more. */
void life_on_success(struct modem *m);
/* A commit failed: nothing of the last turn is so. */
void life_reload(struct modem *m);
/* Retried by every pump until the database takes it. */
void life_settle_lost(struct modem *m);

/* --- identity.c, pin.c --- */

/* READY: is it the stick and SIM of this section? False: it is held or starts
 * again, perhaps at another device. */
bool identity_check(struct modem *m, const struct ml_ready *ready);

/* The PIN for the next child: 1 when there is one, which is then written down as
 * handed out, so that the child must not get it before the commit; 0 none; or a
 * negative error. */
int pin_choose(struct modem *m, char pin[ML_PIN_MAX]) TC_MUSTCHECK;
/* The child is gone without READY. is_refused: the SIM did not take it. */
void pin_on_gone(struct modem *m, bool is_refused);

/* --- step.c --- */

void step_init(struct modem *m);
void step_clear(struct modem *m);
void step_on(struct modem *m, enum ml_step step);
void step_on_gone(struct modem *m);

/* --- watch.c --- */

void watch_init(struct radio *r);
void watch_clear(struct radio *r);
/* Tell life.c when the device of this absent modem comes. */
void watch_for(struct modem *m);
/* True when it is not there; it is watched for then. */
bool watch_is_missing(struct modem *m);

/* --- tombstone.c --- */

/* Count them again: another SIM, or a commit that failed. */
void tombstone_load(struct modem *m);
void tombstone_on_deleted(struct modem *m, const struct ml_deleted *d);
/* Was this taken in, and could not be deleted? Inside a turn op. */
bool tombstone_has(const struct modem *m, const struct ml_place *place);
/* Try them again, when it is time. */
void tombstone_retry(struct modem *m);

/* --- child.c --- */

/* Start the child; on failure the modem goes to backoff. */
void child_start(struct modem *m);
/* The process is there, and our end of its socket: greet it. */
void child_adopt(struct modem *m, pid_t pid, int fd);
/* Queue a frame to the child; a frame that cannot be built kills the child. */
void child_send(
    struct modem *m, enum ml_type type, uint64_t id, const void *body);
/* Ask it to finish and end: nothing more is given to it or taken from it. */
void child_stop(struct modem *m, const char *reason);
/* SIGKILL; what it was doing becomes uncertain when it is reaped. */
void child_kill(struct modem *m, const char *reason);
/* The process ended (from SIGCHLD). */
void child_reaped(struct modem *m, int status);
/* How long it may take over a segment; after CHILD_GRACE_MS more it is killed. */
int64_t child_send_ms(const struct modem *m);
/* Start the clock of what the child does now; 0 stops it. */
void child_set_deadline(struct modem *m, int64_t ms);
/* Forget the child's resources without waiting. */
void child_clear(struct modem *m);

/* --- send.c --- */

/* Would send_pump() ask for a part? */
bool send_wants(const struct modem *m, uint64_t generation);
/* Give an idle modem its next part. */
void send_pump(struct modem *m);
/* One RESULT was committed or refused. */
void send_on_result(
    struct modem *m, uint64_t part_id, const struct ml_result *r);

/* --- receive.c --- */

void receive_sms(struct modem *m, const struct ml_sms_in *in);
/* 8-bit data, by enum ml_sms_kind? */
bool receive_is_binary(unsigned kind);
void receive_report(struct modem *m, const struct ml_report_in *in);
void receive_call(struct modem *m, const struct ml_call_in *in);
/* Tell the child that a spool entry may be forgotten, after the commit. Inside
 * a turn op. */
void receive_ack(struct modem *m, uint64_t spool_id);

/* --- locked.c --- */

/* One SMS_IN, REPORT_IN or CALL_IN: of which modem, when it came. */
struct locked_frame {
	const char *modem;
	int64_t at; /* UTC */
	enum ml_type type;
	const void *body;
};
/* Seal it and keep it; inside a turn op. 0, TC_ENOTREADY, TC_EIO. */
int locked_keep(struct radio *r, const struct locked_frame *f) TC_MUSTCHECK;
/* What was kept takes the road of what comes in (receive.c); inside a turn op.
 * The modem may be none of ours any more. */
int receive_kept(struct radio *r, const struct locked_frame *f) TC_MUSTCHECK;

#endif

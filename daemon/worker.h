/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_WORKER_H
#define TINCAY_WORKER_H

/*
 * The one helper thread of the daemon: slow work that must not hold the loop
 * (Argon2id takes 0.1 s and 64 MiB). Jobs run one at a time, in order; the
 * result comes back to the loop through an eventfd.
 */

#include "util.h"

struct event_base;
struct worker;

/* Jobs that wait; one more is refused. */
#define WORKER_QUEUE_MAX 16

typedef void (*worker_cb)(void *arg);

/* Starts the thread (all signals blocked in it). NULL when the system gives
 * neither thread nor eventfd: only while the daemon starts. */
struct worker *worker_new(struct event_base *base);

/* Wait for the job that runs, hand every other one to its drop function, end
 * the thread. On the loop's thread; NULL is allowed. */
void worker_free(struct worker *w);

/*
 * Run work(arg) on the thread, then done(arg) on the loop. Exactly one of done
 * and drop is called, and it owns arg; drop(arg) comes from worker_free() for a
 * job whose work may or may not have run. work must touch nothing but arg.
 * 0, or TC_EFULL (nothing is called).
 */
int worker_submit(struct worker *w, worker_cb work, worker_cb done,
    worker_cb drop, void *arg) TC_MUSTCHECK;

#endif

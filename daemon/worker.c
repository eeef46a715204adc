/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The helper thread. http hands it password hashes; nobody else may block for
 * so long. It owns two lists under one lock: jobs that wait and jobs that ran.
 * libevent is never touched from the thread: it writes to an eventfd, whose
 * event runs the done functions on the loop. At run time only a full queue
 * fails.
 */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <unistd.h>

#include <event2/event.h>

#include "log.h"
#include "worker.h"

struct job {
	TAILQ_ENTRY(job) link;
	worker_cb work, done, drop;
	void *arg;
};
TAILQ_HEAD(job_list, job);

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct job_list waiting; /* under lock */
	struct job_list ready;   /* under lock */
	size_t nwaiting;         /* under lock */
	bool stop;               /* under lock */
	int fd;
	struct event *ev;
};

static void *
worker_main(void *arg)
{
	struct worker *w = arg;
	struct job *j;
	uint64_t one = 1;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (!w->stop && TAILQ_EMPTY(&w->waiting))
			pthread_cond_wait(&w->wake, &w->lock);
		if (w->stop)
			break;
		j = TAILQ_FIRST(&w->waiting);
		TAILQ_REMOVE(&w->waiting, j, link);
		w->nwaiting--;
		pthread_mutex_unlock(&w->lock);
		j->work(j->arg);
		pthread_mutex_lock(&w->lock);
		TAILQ_INSERT_TAIL(&w->ready, j, link);
		/* Fails only when the counter is full: the loop is then awake
		 * anyway. */
		(void)!write(w->fd, &one, sizeof(one));
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* The loop's side: the thread has finished jobs. */
static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct worker *w = arg;
	struct job *j;
	uint64_t n;

	(void)what;
	(void)!read(fd, &n, sizeof(n));
	for (;;) {
		pthread_mutex_lock(&w->lock);
		j = TAILQ_FIRST(&w->ready);
		if (j != NULL)
			TAILQ_REMOVE(&w->ready, j, link);
		pthread_mutex_unlock(&w->lock);
		if (j == NULL)
			break;
		j->done(j->arg);
		free(j);
	}
}

static int
worker_start_thread(struct worker *w)
{
	sigset_t all, old;
	int rc;

	/* Signals are the loop's business. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&w->thread, NULL, worker_main, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc == 0 ? 0 : TC_EIO;
}

struct worker *
worker_new(struct event_base *base)
{
	struct worker *w = xcalloc(1, sizeof(*w));

	TAILQ_INIT(&w->waiting);
	TAILQ_INIT(&w->ready);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->fd < 0)
		goto fail;
	w->ev = event_new(base, w->fd, EV_READ | EV_PERSIST, on_ready, w);
	if (w->ev == NULL || event_add(w->ev, NULL) != 0)
		goto fail;
	if (worker_start_thread(w) != 0)
		goto fail;
	return w;
fail:
	log_err("worker: cannot start the helper thread");
	if (w->ev != NULL)
		event_free(w->ev);
	if (w->fd >= 0)
		close(w->fd);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
	return NULL;
}

static void
worker_drop_list(struct job_list *list)
{
	struct job *j;

	while ((j = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, j, link);
		j->drop(j->arg);
		free(j);
	}
}

void
worker_free(struct worker *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	event_free(w->ev);
	close(w->fd);
	worker_drop_list(&w->ready);
	worker_drop_list(&w->waiting);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

int
worker_submit(
    struct worker *w, worker_cb work, worker_cb done, worker_cb drop, void *arg)
{
	struct job *j;
	int rc = TC_EFULL;

	pthread_mutex_lock(&w->lock);
	if (w->nwaiting < WORKER_QUEUE_MAX) {
		j = xcalloc(1, sizeof(*j));
		j->work = work;
		j->done = done;
		j->drop = drop;
		j->arg = arg;
		TAILQ_INSERT_TAIL(&w->waiting, j, link);
		w->nwaiting++;
		pthread_cond_signal(&w->wake);
		rc = 0;
	}
	pthread_mutex_unlock(&w->lock);
	return rc;
}

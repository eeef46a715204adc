/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The helper thread: order, the cap, what happens to jobs at the end; and the
 * waits after failed logins. */
#include "config.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <event2/event.h>

#include "clock.h"
#include "http/api.h"
#include "worker.h"

struct job {
	struct world *w;
	int n;
	bool worked;
	pthread_t thread;
};

struct world {
	struct event_base *base;
	struct worker *worker;
	pthread_mutex_t gate; /* held: the thread waits in its first job */
	struct job jobs[WORKER_QUEUE_MAX + 2];
	int ended[WORKER_QUEUE_MAX + 2]; /* in the order of done */
	int ndone, ndropped;
};

static int
setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));

	w->base = event_base_new();
	w->worker = worker_new(w->base);
	assert_non_null(w->worker);
	pthread_mutex_init(&w->gate, NULL);
	for (size_t i = 0; i < TC_NELEM(w->jobs); i++)
		w->jobs[i] = (struct job){.w = w, .n = (int)i};
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	worker_free(w->worker);
	event_base_free(w->base);
	pthread_mutex_destroy(&w->gate);
	free(w);
	return 0;
}

static void
work(void *arg)
{
	struct job *j = arg;

	pthread_mutex_lock(&j->w->gate);
	j->thread = pthread_self();
	j->worked = true;
	pthread_mutex_unlock(&j->w->gate);
}

static void
done(void *arg)
{
	struct job *j = arg;

	j->w->ended[j->w->ndone++] = j->n;
}

static void
drop(void *arg)
{
	struct job *j = arg;

	j->w->ndropped++;
}

static int
submit(struct world *w, int n)
{
	return worker_submit(w->worker, work, done, drop, &w->jobs[n]);
}

static void
wait_done(struct world *w, int n)
{
	int64_t deadline = clock_mono_ms() + 10000;

	while (w->ndone < n) {
		assert_true(clock_mono_ms() < deadline);
		event_base_loop(w->base, EVLOOP_NONBLOCK);
	}
}

static void
test_order(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 3; i++)
		assert_int_equal(submit(w, i), 0);
	wait_done(w, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(w->ended[i], i);
		assert_true(w->jobs[i].worked);
		assert_false(pthread_equal(w->jobs[i].thread, pthread_self()));
	}
	assert_int_equal(submit(w, 3), 0);
	wait_done(w, 4);
	assert_int_equal(w->ndropped, 0);
}

/* done comes from the loop alone, never while another callback runs. */
static void
test_done_waits_for_loop(void **state)
{
	struct world *w = *state;
	int64_t deadline = clock_mono_ms() + 10000;
	bool worked = false;

	assert_int_equal(submit(w, 0), 0);
	while (!worked) {
		assert_true(clock_mono_ms() < deadline);
		pthread_mutex_lock(&w->gate);
		worked = w->jobs[0].worked;
		pthread_mutex_unlock(&w->gate);
	}
	assert_int_equal(w->ndone, 0);
	wait_done(w, 1);
}

static void
test_cap(void **state)
{
	struct world *w = *state;
	int n = 0;

	pthread_mutex_lock(&w->gate);
	while (submit(w, n) == 0)
		n++;
	/* One may already have left the queue for the thread. */
	assert_in_range(n, WORKER_QUEUE_MAX, WORKER_QUEUE_MAX + 1);
	pthread_mutex_unlock(&w->gate);
	wait_done(w, n);
	assert_int_equal(w->ndone, n);
}

/* Each job ends in done or in drop, never in both. */
static void
test_free_drops(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 5; i++)
		assert_int_equal(submit(w, i), 0);
	worker_free(w->worker);
	w->worker = NULL;
	assert_int_equal(w->ndone, 0);
	assert_int_equal(w->ndropped, 5);
}

/* --- failed logins --- */

static void
test_backoff_grows(void **state)
{
	static const int waits[] = {0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60};
	struct auth *a = auth_new();
	int64_t now = 1000000;
	int wait;

	(void)state;
	for (size_t i = 0; i < TC_NELEM(waits); i++) {
		wait = auth_try(a, "an", now);
		assert_int_equal(wait, waits[i]);
		/* Asking again does not make it longer. */
		if (wait > 0)
			assert_int_equal(auth_try(a, "an", now), wait);
		now += wait * 1000;
		if (wait > 0)
			assert_int_equal(auth_try(a, "an", now), 0);
	}
	/* Another name is not concerned. */
	assert_int_equal(auth_try(a, "binh", now), 0);
	auth_succeeded(a, "an");
	assert_int_equal(auth_try(a, "an", now), 0);
	auth_free(a);
}

static void
test_backoff_is_forgotten(void **state)
{
	struct auth *a = auth_new();

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(auth_try(a, "an", 1000), 0);
	assert_true(auth_try(a, "an", 1000) > 0);
	assert_int_equal(auth_try(a, "an", 1000 + 121 * 1000), 0);
	auth_free(a);
}

/* Many names together are held back too, for less long. */
static void
test_backoff_of_all(void **state)
{
	struct auth *a = auth_new();
	char name[16];
	int wait = 0, n = 0;

	(void)state;
	while (wait == 0 && n < 1000) {
		assert_int_equal(str_printf(name, sizeof(name), "n%d", n++), 0);
		wait = auth_try(a, name, 1000);
	}
	assert_int_equal(n, 21);
	assert_int_equal(wait, 1);
	for (int64_t now = 1000; n < 400; n++) {
		assert_int_equal(str_printf(name, sizeof(name), "n%d", n), 0);
		wait = auth_try(a, name, now);
		assert_in_range(wait, 0, 8);
		now += wait * 1000;
	}
	auth_free(a);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_order),
	    T(test_done_waits_for_loop),
	    T(test_cap),
	    T(test_free_drops),
	    cmocka_unit_test(test_backoff_grows),
	    cmocka_unit_test(test_backoff_is_forgotten),
	    cmocka_unit_test(test_backoff_of_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The turn: one transaction for all that one loop iteration writes, effects
 * after the commit (turn.h). Owned by server.c, used by every handler.
 *
 * What may fail: the database. Then the op or the whole turn is taken back, the
 * effects are dropped, the mirrors are loaded again; nothing ends the daemon.
 */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "clock.h"
#include "log.h"
#include "store/store.h"
#include "turn.h"

#define TURN_MAX_RELOADS 8

struct effect {
	STAILQ_ENTRY(effect) entry;
	turn_effect_cb let_out;
	turn_effect_cb drop;
	void *arg;
};
STAILQ_HEAD(effect_list, effect);

struct turn {
	struct store *store;
	bool is_open;
	bool in_op;
	unsigned ops;
	int64_t opened_ms;
	struct effect_list
	    committed[EFFECT_NCLASSES]; /* of ops that ended well */
	struct effect_list pending[EFFECT_NCLASSES]; /* of the op that runs */
	struct {
		turn_effect_cb cb;
		void *arg;
	} reload[TURN_MAX_RELOADS];
	size_t nreload;
	struct turn_stats stats;
};

struct turn *
turn_new(struct store *store)
{
	struct turn *t = xcalloc(1, sizeof(*t));
	int i;

	t->store = store;
	for (i = 0; i < EFFECT_NCLASSES; i++) {
		STAILQ_INIT(&t->committed[i]);
		STAILQ_INIT(&t->pending[i]);
	}
	return t;
}

/* Empty the lists of all classes in order, calling one of the two functions of
 * each effect. An effect may defer new ones: they go to the lists, not here. */
static void
turn_empty(struct effect_list *lists, bool is_let_out)
{
	struct effect_list todo;
	struct effect *e;
	int i;

	for (i = 0; i < EFFECT_NCLASSES; i++) {
		STAILQ_INIT(&todo);
		STAILQ_CONCAT(&todo, &lists[i]);
		while ((e = STAILQ_FIRST(&todo)) != NULL) {
			STAILQ_REMOVE_HEAD(&todo, entry);
			if (is_let_out)
				e->let_out(e->arg);
			else if (e->drop != NULL)
				e->drop(e->arg);
			free(e);
		}
	}
}

void
turn_free(struct turn *t)
{
	if (t == NULL)
		return;
	if (t->is_open)
		store_rollback(t->store);
	turn_empty(t->pending, false);
	turn_empty(t->committed, false);
	free(t);
}

/* Everything since the last commit is gone: so are its effects and whatever
 * memory was derived from it. */
static void
turn_abandon(struct turn *t)
{
	size_t i;

	t->stats.failed_commits++;
	log_err("turn not committed, everything of it is taken back ops=%u",
	    t->ops);
	store_rollback(t->store);
	t->is_open = false;
	turn_empty(t->committed, false);
	for (i = 0; i < t->nreload; i++)
		t->reload[i].cb(t->reload[i].arg);
}

static int
turn_open(struct turn *t)
{
	if (t->is_open && (t->ops >= TURN_MAX_OPS ||
			      clock_mono_ms() - t->opened_ms >= TURN_MAX_MS))
		(void)turn_commit(t); /* its failure is told to its own ops */
	if (t->is_open)
		return 0;
	if (store_begin(t->store) != 0)
		return TC_EIO;
	t->is_open = true;
	t->ops = 0;
	t->opened_ms = clock_mono_ms();
	return 0;
}

/* The op failed: take back its half. If even that fails, nothing of the turn
 * can be trusted. */
static void
turn_take_back(struct turn *t)
{
	int rc;

	t->stats.failed_ops++;
	rc = store_rollback_to(t->store);
	turn_empty(t->pending, false); /* they find the database as it was */
	if (rc != 0)
		turn_abandon(t);
}

int
turn_run(struct turn *t, turn_op_cb op, void *arg)
{
	int rc, i;

	assert(!t->in_op);
	if (turn_open(t) != 0 || store_savepoint(t->store) != 0) {
		t->stats.failed_ops++;
		return TC_EIO;
	}
	t->ops++;
	t->stats.ops++;
	t->in_op = true;
	rc = op(arg);
	t->in_op = false;
	if (rc >= 0 && store_release(t->store) != 0)
		rc = TC_EIO;
	if (rc < 0) {
		turn_take_back(t);
		return rc;
	}
	for (i = 0; i < EFFECT_NCLASSES; i++)
		STAILQ_CONCAT(&t->committed[i], &t->pending[i]);
	return rc;
}

void
turn_defer(struct turn *t, enum effect_class class, turn_effect_cb let_out,
    turn_effect_cb drop, void *arg)
{
	struct effect *e = xcalloc(1, sizeof(*e));

	e->let_out = let_out;
	e->drop = drop;
	e->arg = arg;
	STAILQ_INSERT_TAIL(
	    t->in_op ? &t->pending[class] : &t->committed[class], e, entry);
}

int
turn_commit(struct turn *t)
{
	assert(!t->in_op);
	if (t->is_open) {
		if (store_commit(t->store) != 0) {
			turn_abandon(t);
			return TC_EIO;
		}
		t->is_open = false;
		t->stats.commits++;
	}
	turn_empty(t->committed, true);
	return 0;
}

void
turn_on_reload(struct turn *t, turn_effect_cb cb, void *arg)
{
	assert(t->nreload < TURN_MAX_RELOADS);
	t->reload[t->nreload].cb = cb;
	t->reload[t->nreload].arg = arg;
	t->nreload++;
}

void
turn_get_stats(const struct turn *t, struct turn_stats *out)
{
	*out = t->stats;
}

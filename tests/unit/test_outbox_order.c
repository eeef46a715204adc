/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who goes first: random operations on the outbox against a simple model. */
#include "config.h"

#include <stdlib.h>

#include "unit.h"
#include "clock.h"
#include "outbox_steps.h"

#define MODEL_MAX 400
#define MODEL_STEPS 1500

struct model_part {
	int64_t id;
	int lane;
	int modem; /* index; -1 = none yet */
	bool pinned;
	int attempts;
	enum {
		MODEL_QUEUED,
		MODEL_SUBMITTING,
		MODEL_SETTLED
	} state;
};

struct model {
	struct world *world;
	struct model_part parts[MODEL_MAX]; /* oldest first */
	size_t n;
	int64_t contact;
};

static const char *const modems[] = {"m1", "m2", "m3"};

static void
model_add(struct model *m, uint64_t *seed)
{
	struct model_part *p = &m->parts[m->n++];
	struct steps_reply r = {.world = m->world,
	    .reply = {.contact_id = m->contact,
		.template_id = "N1",
		.expires_at = clock_now() + 300}};
	int64_t message;

	p->lane = (int)world_draw(seed, LANE_NLANES);
	p->modem = (int)world_draw(seed, 4) - 1;
	p->pinned = p->modem >= 0;
	r.reply.lane = p->lane;
	r.reply.modem = p->modem < 0 ? "" : modems[p->modem];
	assert_int_equal(turn_run(m->world->core.turn, steps_op_reply, &r), 0);
	message = r.message_id;
	assert_int_equal(turn_commit(m->world->core.turn), 0);
	p->id = steps_part(m->world, message, 1);
}

static struct model_part *
model_next(struct model *m, int modem)
{
	struct model_part *best = NULL, *p;
	size_t i;

	for (i = 0; i < m->n; i++) {
		p = &m->parts[i];
		if (p->state == MODEL_QUEUED &&
		    (p->modem < 0 || p->modem == modem) &&
		    (best == NULL || p->lane < best->lane))
			best = p;
	}
	return best;
}

static void
model_ask(struct model *m, uint64_t *seed)
{
	int modem = (int)world_draw(seed, TC_NELEM(modems));
	struct model_part *want = model_next(m, modem);
	struct radio_part got;
	int rc = steps_next(m->world, modems[modem], &got);

	assert_int_equal(rc, want != NULL);
	if (want == NULL)
		return;
	assert_int_equal(got.id, want->id);
	assert_int_equal(got.lane, want->lane);
	want->state = MODEL_SUBMITTING;
	want->modem = modem;
	want->attempts++;
}

static void
model_settle(struct model *m, uint64_t *seed)
{
	static const int attempts[LANE_NLANES] = {8, 8, 6, 5};
	struct model_part *p = &m->parts[world_draw(seed, (unsigned)m->n)];
	bool is_sent = world_draw(seed, 2) == 0;
	bool is_again = !is_sent && p->attempts < attempts[p->lane];
	int rc;

	if (p->state != MODEL_SUBMITTING)
		return;
	rc = steps_result(m->world, p->id, is_sent ? ML_SENT : ML_NOT_SENT, 0);
	assert_int_equal(rc, !is_sent);
	p->state = is_again ? MODEL_QUEUED : MODEL_SETTLED;
	if (is_again && !p->pinned)
		p->modem = -1; /* nothing of it is on the air: any may */
	/* the pause between two tries is over */
	assert_int_equal(world_sql(m->world, "UPDATE part SET not_before = 0"
					     " WHERE not_before > 0"),
	    0);
}

/* Crisis before case before reply before campaign, older first inside a lane,
 * whatever happens in between (promise 3). */
static void
test_order_against_a_model(void **state)
{
	struct model *m = xcalloc(1, sizeof(*m));
	uint64_t seed = world_seed();
	int i;

	m->world = *state;
	m->contact = steps_contact(m->world, "+84900000001");
	for (i = 0; i < MODEL_STEPS; i++) {
		switch (world_draw(&seed, 4)) {
		case 0:
			if (m->n < MODEL_MAX)
				model_add(m, &seed);
			break;
		case 1:
			model_ask(m, &seed);
			break;
		default:
			if (m->n > 0)
				model_settle(m, &seed);
		}
	}
	assert_true(m->n > 100);
	free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_order_against_a_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* R26: who reports is kept apart from what is reported. Opened as a handler's
 * side does it. */
#include "config.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "ctl/keyfile.h"
#include "desk/desk.h"
#include "desk/witness.h"
#include "desk_steps.h"

#define HIM "+84900000001"
#define SUBJECT "0900000777"

struct look {
	struct world *world;
	const struct user *user;
	const char *code, *reason;
	char got[1024]; /* opened */
};

/* Opens with the key of CAX. */
static void
opened(struct world *w, const unsigned char sealed_key[80], const void *sealed,
    size_t len, struct buf *out)
{
	const struct case_key *k = world_key(w, "CAX");
	unsigned char sk[32];

	assert_int_equal(
	    crypto_box_seal_open(sk, sealed_key, 80, k->pk, k->sk), 0);
	assert_int_equal(keyfile_open_item(sk, sealed, len, out), 0);
}

static int
op_look(void *arg)
{
	struct look *l = arg;
	struct buf sealed, plain;
	struct witness_look look = {
	    .code = l->code, .reason = l->reason, .sealed = &sealed};
	int rc;

	buf_init(&sealed, 1024);
	buf_init(&plain, 1024);
	rc = witness_view(&l->world->core, l->user, &look);
	if (rc == 0)
		opened(
		    l->world, look.sealed_key, sealed.data, sealed.len, &plain);
	assert_int_equal(
	    str_printf(l->got, sizeof(l->got), "%s", buf_str(&plain)), 0);
	buf_clear(&sealed);
	buf_clear(&plain);
	return rc;
}

struct view {
	struct world *world;
	struct desk_viewer viewer;
	const char *code;
	struct buf all; /* every item, opened */
};

static int
on_item(const struct desk_item *i, void *ctx)
{
	struct view *v = ctx;

	opened(v->world, v->viewer.envelope.sealed_key, i->sealed, i->len,
	    &v->all);
	return 0;
}

static int
on_event(const struct desk_event *e, void *ctx)
{
	(void)e;
	(void)ctx;
	return 0;
}

static int
op_view(void *arg)
{
	struct view *v = arg;

	return desk_view(&v->world->core, &steps_police, v->code, &v->viewer);
}

/* What a handler of CAX reads when he opens the case; the caller clears it. */
static struct buf
read_case(struct world *w, const char *code)
{
	struct view v = {.world = w,
	    .viewer = {.on_item = on_item, .on_event = on_event},
	    .code = code};

	v.viewer.ctx = &v;
	buf_init(&v.all, 8192);
	world_expect(w, 0, op_view, &v);
	return v.all;
}

static void
test_r26_reporter_is_apart(void **state)
{
	struct world *w = *state;
	struct look l = {.world = w, .user = &steps_police, .reason = "call"};
	struct buf all;

	world_receive(w, HIM, "to giac anh ba " SUBJECT " danh vo");
	l.code = steps_latest(w);
	world_receive(w, HIM, "GOI 9"); /* joins what he has open */
	all = read_case(w, l.code);
	assert_non_null(strstr(buf_str(&all), "danh vo"));
	assert_non_null(strstr(buf_str(&all), "GOI 9"));
	assert_null(strstr(buf_str(&all), "900000001"));
	buf_clear(&all);
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""), 1);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM case_reporter"), 1);

	world_expect(w, TC_ESTATE, op_look, &l); /* nobody has claimed it */
	steps_claim(w, &steps_police, l.code, 0);
	l.reason = "curious";
	world_expect(w, TC_EINVAL, op_look, &l);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event"
					" WHERE act = 'reporter'"),
	    0);
	l.reason = "call";
	world_expect(w, 0, op_look, &l);
	assert_non_null(strstr(l.got, HIM));
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event WHERE"
					" act = 'reporter' AND detail = 'call'"
					" AND user_id = 78"),
	    1);
	l.user = &w->lan; /* HPN is not on this ladder */
	world_expect(w, TC_ENOENT, op_look, &l);
}

/* Nobody whom a text names becomes somebody that the system can write to. */
static void
test_r26_subject_is_never_contacted(void **state)
{
	struct world *w = *state;

	world_receive(w, HIM, "bao tin " SUBJECT " danh vo, goi so do di");
	assert_int_equal(world_count(w, "SELECT count(*) FROM contact"), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM person"), 0);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM message m WHERE"
			   " m.contact_id <> (SELECT id FROM contact)"),
	    0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM message"), 1);
}

/* With a child in it the case is a child's, and still a report. */
static void
test_r26_report_of_a_child(void **state)
{
	struct world *w = *state;

	world_receive(w, HIM, "bao tin chau be 10 tuoi bi danh");
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_reporter r"
					" JOIN \"case\" c ON c.id = r.case_id"
					" WHERE c.urgency = 0"),
	    1);
}

/* Who tells of himself has his number with the case. */
static void
test_own_case_has_the_number(void **state)
{
	struct world *w = *state;
	struct look l = {.world = w, .user = &steps_police, .reason = "call"};
	struct buf all;

	world_receive(w, HIM, "cuu toi");
	l.code = steps_latest(w);
	all = read_case(w, l.code);
	assert_non_null(strstr(buf_str(&all), HIM));
	buf_clear(&all);
	steps_claim(w, &steps_police, l.code, 0);
	world_expect(w, TC_ENOENT, op_look, &l);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM case_reporter"), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    STEPS_TEST(test_r26_reporter_is_apart),
	    STEPS_TEST(test_r26_subject_is_never_contacted),
	    STEPS_TEST(test_r26_report_of_a_child),
	    STEPS_TEST(test_own_case_has_the_number),
	};

	return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}

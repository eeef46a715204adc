/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See duty_steps.h. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "desk/due.h"
#include "duty_steps.h"
#include "turn.h"

static const struct duty_person people[] = {
    {"lan", "HPN", "+84900000101"},
    {"mai", "HPN", "+84900000102"},
    {"linh", "VHXH", "+84900000103"},
    {"ba", "TRIAGE", "+84900000104"},
    {"an", "CAX", "+84900000105"},
    {"chu", "UBND", "+84900000106"},
    {"yen", "HPN", "+84900000107"},
};

int
steps_op_duty(void *arg)
{
	struct duty_op *op = arg;

	return duty_set(&op->world->core, &op->wish);
}

int
steps_op_take(void *arg)
{
	struct duty_op *op = arg;

	return duty_take(&op->world->core, &op->user);
}

int
steps_op_phone(void *arg)
{
	struct duty_op *op = arg;
	struct user u;
	int rc;

	rc = store_user_by_name(op->world->core.store, op->person->name, &u);
	return rc != 0
		   ? rc
		   : duty_set_phone(&op->world->core, u.id, op->person->number);
}

void
steps_duty(
    struct world *w, const char *agency, const char *user, const char *deputy)
{
	struct duty_op op = {.world = w,
	    .wish = {agency, user, deputy, clock_now() - 60,
		clock_now() + 60 * 24 * HOUR}};

	world_expect(w, 0, steps_op_duty, &op);
	assert_int_equal(store_user_by_name(w->core.store, user, &op.user), 0);
	world_expect(w, 1, steps_op_take, &op);
}

int
steps_duty_setup(void **state)
{
	struct duty_op op;
	struct world *w;
	size_t i;

	(void)steps_setup(state);
	w = *state;
	assert_int_equal(
	    world_sql(w,
		"INSERT INTO user VALUES(80, 'linh', 'VHXH', 8, 'x', 0, NULL),"
		" (81, 'chu', 'UBND', 8, 'x', 0, NULL),"
		" (82, 'yen', 'HPN', 8, 'x', 0, NULL)"),
	    SQLITE_OK);
	for (i = 0; i < TC_NELEM(people); i++) {
		op = (struct duty_op){.world = w, .person = &people[i]};
		world_expect(w, 0, steps_op_phone, &op);
	}
	/* long ago, so that nobody watches any more */
	world_advance(w, 3 * HOUR);
	return 0;
}

/* --- who was texted --- */

static const char *
name_of(const char *number)
{
	size_t i;

	for (i = 0; i < TC_NELEM(people); i++)
		if (strcmp(people[i].number, number) == 0)
			return people[i].name;
	return "?";
}

/* The names of those who were texted since the last call, in the order of their
 * messages; forgets them. Everything that is said is queue, urgency and code. */
const char *
steps_told(struct world *w, const char *template)
{
	static char names[256];
	char *path = xasprintf("%s/tincay.db", w->dir);
	sqlite3_stmt *st;
	struct buf number;
	sqlite3 *db;

	names[0] = '\0';
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT staff_box FROM message WHERE"
			     " staff_box IS NOT NULL AND template = ?1"
			     " ORDER BY id",
			     -1, &st, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_bind_text(st, 1, template, -1, SQLITE_STATIC), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		buf_init(&number, 256);
		assert_int_equal(
		    vault_unbox(w->core.vault, VAULT_BOX_STAFF,
			sqlite3_column_blob(st, 0),
			(size_t)sqlite3_column_bytes(st, 0), &number),
		    0);
		assert_int_equal(
		    str_printf(names + strlen(names),
			sizeof(names) - strlen(names), "%s%s",
			names[0] != '\0' ? "," : "", name_of(buf_str(&number))),
		    0);
		buf_clear(&number);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	assert_int_equal(
	    world_sql(w, "DELETE FROM message WHERE staff_box IS NOT NULL"),
	    SQLITE_OK);
	free(path);
	return names;
}

/* Let time run in steps of a minute, as the daemon would. */
void
steps_run(struct world *w, int minutes)
{
	for (; minutes > 0; minutes--) {
		world_advance(w, 60);
		(void)due_run(&w->core);
		assert_int_equal(turn_commit(w->core.turn), 0);
	}
}

void
steps_roster(struct world *w)
{
	steps_duty(w, "HPN", "lan", "mai");
	steps_duty(w, "VHXH", "linh", "");
	steps_duty(w, "TRIAGE", "ba", "");
	steps_duty(w, "CAX", "an", "");
}

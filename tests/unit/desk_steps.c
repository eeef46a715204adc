/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See desk_steps.h. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "desk_steps.h"

int
steps_op_claim(void *arg)
{
	struct steps_act *a = arg;

	return desk_claim(&a->world->core, a->user, a->code);
}

int
steps_op_close(void *arg)
{
	struct steps_act *a = arg;

	return desk_close(&a->world->core, a->user, a->code, a->outcome);
}

void
steps_claim(struct world *w, const struct user *u, const char *code, int rc)
{
	struct steps_act a = {w, u, code, NULL};

	world_expect(w, rc, steps_op_claim, &a);
}

void
steps_close(struct world *w, const struct user *u, const char *code, int rc)
{
	struct steps_act a = {w, u, code, "helped"};

	world_expect(w, rc, steps_op_close, &a);
}

const struct user steps_other = {.id = 77, .name = "mai", .agency = "HPN"};
const struct user steps_police = {.id = 78, .name = "an", .agency = "CAX"};
const struct user steps_triage = {.id = 79, .name = "ba", .agency = "TRIAGE"};

void
steps_open(struct world *w)
{
	world_open(w);
	assert_int_equal(
	    world_sql(w,
		"INSERT INTO user VALUES(77, 'mai', 'HPN', 8, 'x', 0, NULL),"
		" (78, 'an', 'CAX', 8, 'x', 0, NULL),"
		" (79, 'ba', 'TRIAGE', 8, 'x', 0, NULL)"),
	    SQLITE_OK);
}

int
steps_setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));

	steps_open(w);
	*state = w;
	return 0;
}

/* The code of the latest case. */
const char *
steps_latest(struct world *w)
{
	static char code[CASE_CODE_MAX];
	char *text =
	    world_text(w, "SELECT code FROM \"case\" ORDER BY rowid IN (SELECT"
			  " case_id FROM case_event WHERE act = 'opened' ORDER"
			  " BY seq DESC LIMIT 1) DESC LIMIT 1");

	assert_int_equal(str_printf(code, sizeof(code), "%s", text), 0);
	free(text);
	return code;
}

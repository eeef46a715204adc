/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See address_steps.h. */
#include "config.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "address_steps.h"
#include "buf.h"
#include "http/jval.h"

const struct user steps_dao = {
    .id = 80, .name = "dao", .agency = "DCTC", .roles = ROLE_HANDLER};

int
steps_address_setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));

	steps_open(w);
	assert_int_equal(
	    world_sql(w,
		"INSERT INTO user VALUES(80, 'dao', 'DCTC', 8, 'x', 0, NULL)"),
	    SQLITE_OK);
	*state = w;
	return 0;
}

int64_t
steps_lines(struct world *w, const char *act)
{
	char *sql =
	    xasprintf("SELECT count(*) FROM case_event WHERE act = '%s'", act);
	int64_t n = world_count(w, sql);

	free(sql);
	return n;
}

void
steps_on_phrase(const char *phrase, void *ctx)
{
	assert_int_equal(wordrun_public_add(ctx, phrase), 0);
}

/* What tincayctl makes of it. */
void
steps_make_runs(struct steps_add *op)
{
	struct wordrun_public *p = wordrun_public_new();
	unsigned char key[WORDRUN_KEY];
	json_t *list, *item;
	size_t i;

	address_public(&op->world->core, steps_on_phrase, p);
	vault_address_key(op->world->core.vault, key);
	assert_int_equal(address_fingerprints(&op->address, key, p, &list), 0);
	json_array_foreach(list, i, item)
	    assert_int_equal(jval_parse_base64(json_string_value(item),
				 op->runs[i], ADDRESS_MAC),
		0);
	op->a.nruns = i;
	op->a.runs = (const unsigned char(*)[ADDRESS_MAC])op->runs;
	json_decref(list);
	wordrun_public_free(p);
}

int
steps_op_add(void *arg)
{
	struct steps_add *op = arg;
	struct buf sealed;
	int rc;

	buf_init(&sealed, ADDRESS_SEALED_MAX);
	assert_int_equal(address_seal(&op->address,
			     world_key(op->world, "DCTC")->pk, &sealed),
	    0);
	op->a.sealed = &sealed;
	op->a.places = op->places;
	rc = address_add(&op->world->core, op->user, &op->a, op->label);
	buf_clear(&sealed);
	return rc;
}

const char *
steps_address(struct world *w, const char *place, int places, int rc)
{
	static struct steps_add op;
	char text[512];
	const char *why;

	memset(&op, 0, sizeof(op));
	op.world = w;
	op.user = &steps_dao;
	op.places = places;
	assert_int_equal(str_printf(text, sizeof(text),
			     "name: Nhà sàn\nplace: %s\nkeeper: " KEEPER
			     "\nphone: 0900 000 077\ntransport: " ROUTE "\n",
			     place),
	    0);
	assert_int_equal(address_parse(text, &op.address, &why), 0);
	assert_string_equal(op.address.fields[ADDRESS_PHONE], PHONE);
	steps_make_runs(&op);
	world_expect(w, rc, steps_op_add, &op);
	return rc == TC_EEXIST ? op.a.text : op.label;
}

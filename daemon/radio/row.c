/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the database remembers of a modem (store/modem.h), and its mirror in
 * memory. Used by life.c and whoever learns something that must outlast the
 * daemon. */
#include "config.h"

#include <stdlib.h>

#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "turn.h"

void
row_load(struct modem *m)
{
	int rc;

	rc = store_modem_get(m->radio->core->store, m->conf->name, &m->row);
	if (rc != 0 && rc != TC_ENOENT)
		log_err("modem row cannot be read name=%s why=\"%s\"",
		    m->conf->name, tc_strerror(rc));
}

static void
row_kept(void *arg)
{
	(void)arg;
}

/* The op around it failed, or its commit. */
static void
row_drop(void *arg)
{
	row_load(arg);
}

int
row_put(struct modem *m, const struct modem_row *row)
{
	int rc;

	rc = store_modem_put(m->radio->core->store, row);
	if (rc != 0)
		return rc;
	m->row = *row;
	turn_defer(m->radio->core->turn, EFFECT_HOUSE, row_kept, row_drop, m);
	return 0;
}

struct row_op {
	struct modem *modem;
	const struct modem_row *row;
};

static int
op_row(void *arg)
{
	struct row_op *op = arg;

	return row_put(op->modem, op->row);
}

int
row_save(struct modem *m, const struct modem_row *row)
{
	struct row_op op = {m, row};
	int rc;

	rc = turn_run(m->radio->core->turn, op_row, &op);
	if (rc != 0)
		log_err("modem row not kept name=%s why=\"%s\"", m->conf->name,
		    tc_strerror(rc));
	return rc;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that arrive: intake_steps.h. */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "intake/intake.h"
#include "intake_steps.h"

int
steps_op_receive(void *arg)
{
	struct arrival *a = arg;

	return intake_receive(&a->world->core, &a->in);
}

struct arrival
steps_arrival(struct world *w, const char *number, const char *text)
{
	return (struct arrival){w, {.modem = "m1",
				       .number = number,
				       .text = text,
				       .len = strlen(text),
				       .smsc_time = clock_now(),
				       .received_at = clock_now(),
				       .inbound_id = vault_random_id()}};
}

char *
steps_queued(struct world *w)
{
	if (world_count(w, "SELECT count(*) FROM message"
			   " WHERE state = 'queued'") == 0)
		return NULL;
	return world_text(w, "SELECT group_concat(template, ' ') FROM"
			     " (SELECT template FROM message m JOIN part p"
			     " ON p.message_id = m.id WHERE m.state = 'queued'"
			     " ORDER BY queue_seq)");
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated world as a whole: makes and frees its parts in order. Called by
 * main.c and the tests; owns struct sim. Starting can fail (folder, ptys,
 * socket taken by another simulator); that is logged here and nothing is left
 * behind.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "control.h"
#include "log.h"
#include "modem.h"
#include "persona.h"
#include "radio.h"
#include "sim.h"

#define REPORT_MS_DEFAULT 100

static struct event_base *
base_new(void)
{
	struct event_config *conf = event_config_new();
	struct event_base *base;

	/* microseconds instead of the epoll milliseconds, counted from now and
	 * not from the start of the loop's turn: an air time is exact */
	(void)event_config_set_flag(conf,
	    EVENT_BASE_FLAG_PRECISE_TIMER | EVENT_BASE_FLAG_NO_CACHE_TIME);
	base = event_base_new_with_config(conf);
	event_config_free(conf);
	return base;
}

static int
sim_open_journal(struct sim *sim)
{
	char *path = xasprintf("%s/journal", sim->opt.dir);
	int rc;

	rc = journal_open(&sim->journal, path);
	if (rc != 0)
		log_err("sim: cannot open the journal: %s", strerror(errno));
	free(path);
	return rc;
}

static int
sim_open_modems(struct sim *sim)
{
	unsigned i;

	for (i = 0; i < sim->opt.nmodems; i++) {
		if (persona_pick(sim->opt.personalities, i + 1) == NULL) {
			log_err("sim: modem%u has no known personality", i + 1);
			return TC_EINVAL;
		}
		sim->modems[i] = modem_new(sim, i + 1);
		if (modem_open(sim->modems[i]) != 0) {
			log_err("sim: cannot make modem%u: %s", i + 1,
			    strerror(errno));
			return TC_EIO;
		}
	}
	return 0;
}

int
sim_new(const struct sim_options *opt, struct sim **out)
{
	struct sim *sim = xcalloc(1, sizeof(*sim));

	*out = NULL;
	sim->opt = *opt;
	sim->journal.fd = -1;
	sim->random = opt->seed;
	sim->report_ms = REPORT_MS_DEFAULT;
	sim->base = base_new();
	ussd_menu_init(sim);
	if (sim->base == NULL)
		goto fail;
	if (mkdir(opt->dir, 0700) != 0 && errno != EEXIST) {
		log_err("sim: cannot make the folder: %s", strerror(errno));
		goto fail;
	}
	/* the socket first: it tells whether another simulator is here */
	if (control_new(sim, &sim->control) != 0 ||
	    sim_open_journal(sim) != 0 || sim_open_modems(sim) != 0)
		goto fail;
	*out = sim;
	return 0;
fail:
	sim_free(sim);
	return TC_EIO;
}

void
sim_free(struct sim *sim)
{
	unsigned i;

	if (sim == NULL)
		return;
	control_free(sim->control);
	radio_clear_reports(sim);
	for (i = 0; i < sim->opt.nmodems; i++)
		modem_free(sim->modems[i]);
	phones_clear(&sim->phones, NULL);
	ussd_menu_clear(sim);
	journal_close(&sim->journal);
	if (sim->base != NULL)
		event_base_free(sim->base);
	free(sim);
}

void
sim_stop(struct sim *sim)
{
	(void)event_base_loopbreak(sim->base);
}

struct modem *
sim_modem_by_number(struct sim *sim, const char *number)
{
	unsigned i;

	for (i = 0; i < sim->opt.nmodems; i++)
		if (strcmp(sim->modems[i]->number, number) == 0)
			return sim->modems[i];
	return NULL;
}

struct modem *
sim_modem_find(struct sim *sim, const char *name)
{
	const char *digits = strncmp(name, "modem", 5) == 0 ? name + 5 : name;
	char number[PHONE_NUMBER_MAX];
	int64_t index;

	if (str_to_int64(digits, 1, sim->opt.nmodems, &index) == 0)
		return sim->modems[index - 1];
	if (phone_number(name, number) != 0)
		return NULL;
	return sim_modem_by_number(sim, number);
}

/* splitmix64 */
uint64_t
sim_random(struct sim *sim)
{
	uint64_t z = (sim->random += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void
sim_timer(struct event *ev, unsigned ms)
{
	struct timeval tv = {
	    .tv_sec = ms / 1000, .tv_usec = (long)(ms % 1000) * 1000};

	(void)event_add(ev, &tv);
}

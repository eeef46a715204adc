/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tincay-sim: GSM modems on ptys and the phones around them. Without a verb, or
 * with "run", it is the simulator; with any other verb it is a client of a
 * running one. Exit codes: 0 done, 1 failed or refused, 2 usage.
 */

#include "config.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "clock.h"
#include "log.h"
#include "sim.h"

#define AIR_MS 300
#define AT_DELAY_MS 5
#define SLOTS 20
#define MS_MAX 600000

static int
usage(void)
{
	fprintf(stderr,
	    "usage: tincay-sim [run] --dir DIR [--modems N] [--air MS] "
	    "[--at-delay MS]\n"
	    "                  [--slots N] [--seed S] [--spill]\n"
	    "                  [--personality NAME[,NAME...]]\n"
	    "       tincay-sim VERB --dir DIR ...\n"
	    "verbs:\n");
	client_usage();
	return CLIENT_USAGE;
}

static const struct option options[] = {
    {"dir", required_argument, NULL, 'd'},
    {"modems", required_argument, NULL, 'm'},
    {"air", required_argument, NULL, 'a'},
    {"at-delay", required_argument, NULL, 'l'},
    {"slots", required_argument, NULL, 'n'},
    {"seed", required_argument, NULL, 's'},
    {"personality", required_argument, NULL, 'y'},
    {"spill", no_argument, NULL, 'p'},
    {NULL, 0, NULL, 0},
};

/* Take one option; 0 or TC_EINVAL. */
static int
option_set(struct sim_options *opt, int c, const char *arg)
{
	static const struct {
		int c;
		int64_t min, max;
	} ranges[] = {
	    {'m', 1, SIM_MODEMS_MAX},
	    {'a', 0, MS_MAX},
	    {'l', 0, MS_MAX},
	    {'n', 1, SIM_SLOTS_MAX},
	    {'s', 0, INT64_MAX},
	};
	int64_t v = 0;
	size_t i;

	for (i = 0; i < TC_NELEM(ranges); i++)
		if (ranges[i].c == c &&
		    str_to_int64(arg, ranges[i].min, ranges[i].max, &v) != 0)
			return TC_EINVAL;
	switch (c) {
	case 'd':
		opt->dir = arg;
		return 0;
	case 'm':
		opt->nmodems = (unsigned)v;
		return 0;
	case 'a':
		opt->air_ms = (unsigned)v;
		return 0;
	case 'l':
		opt->at_delay_ms = (unsigned)v;
		return 0;
	case 'n':
		opt->nslots = (unsigned)v;
		return 0;
	case 's':
		opt->seed = (uint64_t)v;
		return 0;
	case 'y':
		opt->personalities = arg;
		return 0;
	case 'p':
		opt->spill = true;
		return 0;
	default:
		return TC_EINVAL;
	}
}

static void
on_signal(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	sim_stop(arg);
}

static int
run(const struct sim_options *opt)
{
	struct event *ev_int, *ev_term;
	struct sim *sim;

	if (clock_init() != 0)
		log_fatal("sim: cannot map the file of TINCAY_CLOCK");
	if (sim_new(opt, &sim) != 0)
		return CLIENT_REFUSED;
	(void)signal(SIGPIPE, SIG_IGN);
	ev_int = evsignal_new(sim->base, SIGINT, on_signal, sim);
	ev_term = evsignal_new(sim->base, SIGTERM, on_signal, sim);
	event_add(ev_int, NULL);
	event_add(ev_term, NULL);
	printf("ready\n");
	(void)fflush(stdout);
	(void)event_base_dispatch(sim->base);
	event_free(ev_int);
	event_free(ev_term);
	sim_free(sim);
	libevent_global_shutdown();
	return CLIENT_DONE;
}

int
main(int argc, char **argv)
{
	struct sim_options opt = {.nmodems = 1,
	    .nslots = SLOTS,
	    .air_ms = AIR_MS,
	    .at_delay_ms = AT_DELAY_MS,
	    .seed = 1};
	int c;

	if (argc > 1 && argv[1][0] != '-' && strcmp(argv[1], "run") != 0)
		return client_main(argc - 1, argv + 1);
	if (argc > 1 && argv[1][0] != '-') {
		argc--;
		argv++;
	}
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (option_set(&opt, c, optarg) != 0)
			return usage();
	if (opt.dir == NULL || optind != argc)
		return usage();
	return run(&opt);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tincayd: command line, configuration, start. Everything else is libtincayd.
 * Exit status: 0 stopped by a signal or check passed, 1 cannot start, 2 usage.
 */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "conf.h"
#include "http/http.h"
#include "intake/content.h"
#include "log.h"
#include "outreach/calendar.h"
#include "server.h"
#include "vault/vault.h"

#define DEFAULT_CONF "/etc/tincay/tincay.conf"

enum {
	OPT_HELP = 256,
	OPT_VERSION,
	OPT_OPTIONS,
	OPT_ROUTES,
	OPT_NEW_KEY
};

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"test", no_argument, NULL, 't'},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {"print-options", no_argument, NULL, OPT_OPTIONS},
    {"print-routes", no_argument, NULL, OPT_ROUTES},
    {"new-key", required_argument, NULL, OPT_NEW_KEY},
    {NULL, 0, NULL, 0},
};

static void
usage(FILE *out)
{
	fputs(
	    "usage: tincayd [-c FILE] [-t]\n"
	    "  -c, --config FILE   configuration (" DEFAULT_CONF ")\n"
	    "  -t, --test          check configuration and content, then end\n"
	    "      --new-key FILE  make a data key, never over an old one\n"
	    "      --print-options every option of tincay.conf\n"
	    "      --print-routes  every route of the HTTP API\n"
	    "      --help, --version\n",
	    out);
}

static void
print_faults(const struct faults *faults)
{
	char *text;
	size_t i;

	for (i = 0; i < faults->n; i++) {
		text = faults_text(faults, i);
		fprintf(stderr, "%s\n", text);
		free(text);
	}
}

static void
check_tls(const struct conf *conf, struct faults *faults)
{
	const char *why;

	if (conf->tls_cert[0] == '\0')
		return;
	why = http_check_tls(conf->tls_cert, conf->tls_key);
	if (why != NULL)
		faults_add(
		    faults, conf->file, conf->tls_line, "tls_cert: %s", why);
}

/* Both, or neither and every fault printed. */
static bool
load(const char *path, struct conf **conf, struct content **content)
{
	struct faults faults;

	faults_init(&faults);
	*content = NULL;
	*conf = conf_load(path, &faults);
	if (*conf != NULL) {
		check_tls(*conf, &faults);
		*content = content_load((*conf)->content_dir, &faults);
	}
	if (*content != NULL &&
	    (calendar_check((*conf)->content_dir, &faults) != 0 ||
		faults.n > 0)) {
		content_free(*content);
		*content = NULL;
	}
	print_faults(&faults);
	faults_clear(&faults);
	if (*content == NULL)
		conf_free(*conf);
	return *content != NULL;
}

static int
new_key(const char *path)
{
	int rc;

	if ((rc = vault_init()) == 0)
		rc = vault_new_key(path);
	if (rc != 0)
		fprintf(stderr, "tincayd: %s: %s\n", path, tc_strerror(rc));
	return rc == 0 ? 0 : 1;
}

static void
print_stale(const struct content_hotline *h, void *ctx)
{
	(void)ctx;
	fprintf(stderr,
	    "tincayd: hotline %s: the last test call was on %s; call it again\n",
	    h->number, h->verified);
}

static int
run(const char *path, bool only_test)
{
	struct content *content;
	struct server *server;
	struct conf *conf;
	int rc;

	if (!load(path, &conf, &content))
		return 1;
	if (only_test) {
		rc = content_stale_hotlines(
		    content, clock_now(), print_stale, NULL);
		if (rc == 0)
			printf("%s: ok\n", path);
		content_free(content);
		conf_free(conf);
		return rc == 0 ? 0 : 1;
	}
	log_set_level(conf->log_level);
	if (clock_init() != 0)
		log_fatal("the clock file of TINCAY_CLOCK cannot be used");
	if (server_new(conf, content, &server) != 0)
		return 1;
	server_run(server);
	server_free(server);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *path = DEFAULT_CONF;
	bool only_test = false;
	int c;

	while ((c = getopt_long(argc, argv, "c:t", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			path = optarg;
			break;
		case 't':
			only_test = true;
			break;
		case OPT_HELP:
			usage(stdout);
			return 0;
		case OPT_VERSION:
			puts("tincayd " PACKAGE_VERSION);
			return 0;
		case OPT_OPTIONS:
			conf_print_options(stdout);
			return 0;
		case OPT_ROUTES:
			http_print_routes(stdout);
			return 0;
		case OPT_NEW_KEY:
			return new_key(optarg);
		default:
			usage(stderr);
			return 2;
		}
	}
	if (optind != argc) {
		usage(stderr);
		return 2;
	}
	return run(path, only_test);
}

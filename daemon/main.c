/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tincayd: command line, configuration, start; makes data keys. Everything else
 * is libtincayd.
 * Exit status: 0 stopped by a signal or check passed, 1 cannot start, 2 usage.
 */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "http/http.h"
#include "intake/content.h"
#include "log.h"
#include "outreach/calendar.h"
#include "passphrase.h"
#include "server.h"
#include "vault/vault.h"

#define DEFAULT_CONF "/etc/tincay/tincay.conf"

enum {
	OPT_HELP = 256,
	OPT_VERSION,
	OPT_OPTIONS,
	OPT_ROUTES,
	OPT_NEW_KEY,
	OPT_WRAP_KEY,
	OPT_FROM,
	OPT_PASSPHRASE_FILE
};

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"test", no_argument, NULL, 't'},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {"print-options", no_argument, NULL, OPT_OPTIONS},
    {"print-routes", no_argument, NULL, OPT_ROUTES},
    {"new-key", required_argument, NULL, OPT_NEW_KEY},
    {"wrap-key", required_argument, NULL, OPT_WRAP_KEY},
    {"from", required_argument, NULL, OPT_FROM},
    {"passphrase-file", required_argument, NULL, OPT_PASSPHRASE_FILE},
    {NULL, 0, NULL, 0},
};

static void
usage(FILE *out)
{
	fputs(
	    "usage: tincayd [-c FILE] [-t]\n"
	    "       tincayd --wrap-key FILE [--from SOURCE] "
	    "[--passphrase-file FILE]\n"
	    "  -c, --config FILE   configuration (" DEFAULT_CONF ")\n"
	    "  -t, --test          check configuration and content, then end\n"
	    "      --new-key FILE  make a data key, never over an old one\n"
	    "      --wrap-key FILE make one that takes a passphrase\n"
	    "      --from SOURCE   wrap this key (as key_source), not a new one\n"
	    "      --passphrase-file FILE  the new passphrase, else it is asked\n"
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

/* Both, or neither and every fault printed. */
static bool
load(const char *path, struct conf **conf, struct content **content)
{
	struct faults faults;

	faults_init(&faults);
	*content = NULL;
	*conf = conf_load(path, &faults);
	if (*conf != NULL)
		*content = content_load((*conf)->content_dir, &faults);
	if (*content != NULL &&
	    calendar_check((*conf)->content_dir, &faults) != 0) {
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

/* --- a key that takes a passphrase --- */

struct wrap {
	const char *path, *from,
	    *passphrase_file; /* the last two may be NULL */
};

/* The key of an older file with a passphrase. */
static int
wrap_from_wrapped(const char *path, unsigned char key[VAULT_KEY])
{
	char passphrase[PASSPHRASE_SIZE];
	int rc;

	rc = passphrase_ask("Mật khẩu cũ của khóa: ", false, passphrase);
	if (rc == 0)
		rc = vault_unwrap_key(path, passphrase, key);
	vault_wipe(passphrase, sizeof(passphrase));
	return rc;
}

static int
wrap_source(const struct wrap *w, unsigned char key[VAULT_KEY])
{
	int rc;

	vault_random(key, VAULT_KEY);
	if (w->from == NULL)
		return 0;
	rc = vault_read_key(w->from, key);
	if (rc == TC_ENOTREADY)
		rc = wrap_from_wrapped(strchr(w->from, ':') + 1, key);
	if (rc != 0)
		fprintf(stderr, "tincayd: %s: %s\n", w->from, tc_strerror(rc));
	return rc;
}

static int
wrap_key(const struct wrap *w)
{
	char passphrase[PASSPHRASE_SIZE] = "";
	unsigned char key[VAULT_KEY];
	int rc;

	if (vault_init() != 0 || wrap_source(w, key) != 0)
		return 1;
	rc = w->passphrase_file != NULL
		 ? passphrase_read(w->passphrase_file, passphrase)
		 : passphrase_ask(
		       "Mật khẩu mới (ít nhất 12 ký tự): ", true, passphrase);
	if (rc == 0)
		rc = vault_wrap_key(w->path, passphrase, key);
	vault_wipe(passphrase, sizeof(passphrase));
	vault_wipe(key, sizeof(key));
	if (rc != 0)
		fprintf(stderr, "tincayd: %s: %s\n", w->path, tc_strerror(rc));
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

/* The number of faults. */
static int
test(const struct conf *conf, const struct content *content)
{
	const char *name;
	int n, rc;

	n = content_stale_hotlines(content, clock_now(), print_stale, NULL);
	rc = server_test_content(conf, content, &name);
	if (rc == TC_ENOTREADY) {
		fprintf(stderr,
		    "tincayd: data key or database cannot be read: "
		    "texts are not compared with trusted addresses\n");
		return n;
	}
	if (rc != 0)
		fprintf(stderr,
		    "tincayd: text %s: holds words of a trusted "
		    "address (M19)\n",
		    name);
	return n + (rc != 0);
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
		rc = test(conf, content);
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
	struct wrap wrap = {NULL, NULL, NULL};
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
		case OPT_WRAP_KEY:
			wrap.path = optarg;
			break;
		case OPT_FROM:
			wrap.from = optarg;
			break;
		case OPT_PASSPHRASE_FILE:
			wrap.passphrase_file = optarg;
			break;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (optind != argc ||
	    (wrap.path == NULL &&
		(wrap.from != NULL || wrap.passphrase_file != NULL))) {
		usage(stderr);
		return 2;
	}
	if (wrap.path != NULL)
		return wrap_key(&wrap);
	return run(path, only_test);
}

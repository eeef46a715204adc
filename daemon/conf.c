/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tincay.conf. Called by the daemon at start, by its -t check and on SIGHUP.
 * Owns nothing but the struct it returns; fails with entries in the caller's
 * list of faults.
 *
 * Every option is a row of one of the two tables below: parser, man page check
 * and --print-options follow from the row. What a row cannot say (an address is
 * a loopback address, two modems share a device) is checked by hand behind it.
 */
#include "config.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"

static const char *const conf_log_levels[] = {
    [LOG_LEVEL_DEBUG] = "debug",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_WARN] = "warn",
    [LOG_LEVEL_ERR] = "err",
    [LOG_NLEVELS] = NULL,
};

/* What optsec_fill() stores; conf_load() makes the public structs of it. */
struct conf_raw {
	char *listen;
	struct conf conf;
};
struct modem_raw {
	char *number;
	struct conf_modem modem;
};

#define TOP(field) offsetof(struct conf_raw, field)
#define MODEM(field) offsetof(struct modem_raw, field)

static const struct opt conf_options[] = {
    {.key = "state_dir",
	.type = OPT_PATH,
	.def = "/var/lib/tincay",
	.help = "folder of the database and of what else must survive",
	.offset = TOP(conf.state_dir)},
    {.key = "content_dir",
	.type = OPT_PATH,
	.def = "/etc/tincay",
	.reloadable = true,
	.help = "folder of the content pack (commune.conf, intents.conf)",
	.offset = TOP(conf.content_dir)},
    {.key = "listen",
	.type = OPT_TEXT,
	.min = 1,
	.max = 64,
	.def = "127.0.0.1:8080",
	.help = "loopback address and port of the HTTP interface",
	.offset = TOP(listen)},
    {.key = "control",
	.type = OPT_PATH,
	.def = "/run/tincay/control.sock",
	.help = "path of the Unix socket that tincayctl talks to",
	.offset = TOP(conf.control)},
    {.key = "key_source",
	.type = OPT_TEXT,
	.min = 1,
	.max = 512,
	.def = "file:/etc/tincay/data.key",
	.help = "where the data key is: file:PATH or credential:NAME",
	.offset = TOP(conf.key_source)},
    {.key = "log_level",
	.type = OPT_WORD,
	.words = conf_log_levels,
	.def = "info",
	.reloadable = true,
	.help = "least important lines that are logged: debug, info, warn, err",
	.offset = TOP(conf.log_level)},
    {.key = "modem_program",
	.type = OPT_PATH,
	.def = TC_LIBEXECDIR "/tincay-modem",
	.help = "program that serves one modem",
	.offset = TOP(conf.modem_program)},
};

static const struct opt conf_modem_options[] = {
    {.key = "device",
	.type = OPT_PATH,
	.def = NULL,
	.help = "serial device of the modem; /dev/serial/by-id names last",
	.offset = MODEM(modem.device)},
    {.key = "connection",
	.type = OPT_TEXT,
	.min = 2,
	.max = 16,
	.def = "at",
	.help = "how to talk to it: at, or at and a speed such as at115200",
	.offset = MODEM(modem.connection)},
    {.key = "number",
	.type = OPT_TEXT,
	.min = 0,
	.max = 32,
	.def = "",
	.help = "telephone number of the SIM",
	.offset = MODEM(number)},
    {.key = "operator",
	.type = OPT_TEXT,
	.min = 0,
	.max = 32,
	.def = "",
	.help = "whose SIM it is, for people to read",
	.offset = MODEM(modem.operator_name)},
    {.key = "full_naps",
	.type = OPT_BOOL,
	.def = "false",
	.help = "keep the pauses of libgammu, for a modem that needs them",
	.offset = MODEM(modem.full_naps)},
};

enum conf_kind {
	KIND_TOP,
	KIND_MODEM,
	NKINDS
};
static const struct opt_section conf_kinds[NKINDS] = {
    [KIND_TOP] = {NULL, conf_options, TC_NELEM(conf_options)},
    [KIND_MODEM] = {"modem", conf_modem_options, TC_NELEM(conf_modem_options)},
};

struct conf_reading {
	struct conf *conf;
	const struct optsec *section; /* the one being checked */
	struct faults *faults;
};

static void
conf_fault(struct conf_reading *r, const char *key, const char *what)
{
	faults_add(r->faults, r->conf->file, optsec_line(r->section, key),
	    "%s %s", key, what);
}

/* "127.0.0.1:8080" or "[::1]:8080" into host and port. */
static bool
conf_split_address(const char *listen, char **host, uint16_t *port)
{
	const char *colon, *from = listen;
	size_t len;
	int64_t n;

	colon = strrchr(listen, ':');
	if (colon == NULL || str_to_int64(colon + 1, 1, 65535, &n) != 0)
		return false;
	len = (size_t)(colon - listen);
	if (listen[0] == '[') {
		if (len < 3 || listen[len - 1] != ']')
			return false;
		from++;
		len -= 2;
	} else if (memchr(listen, ':', len) != NULL) {
		return false;
	}
	*port = (uint16_t)n;
	*host = xstrndup(from, len);
	return true;
}

static bool
conf_is_loopback(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &six) == 1 &&
	       IN6_IS_ADDR_LOOPBACK(&six);
}

static void
conf_check_listen(struct conf_reading *r, const char *listen)
{
	struct conf *c = r->conf;

	if (!conf_split_address(listen, &c->listen_host, &c->listen_port))
		conf_fault(r, "listen",
		    "must be ADDRESS:PORT, such as 127.0.0.1:8080");
	else if (!conf_is_loopback(c->listen_host))
		conf_fault(r, "listen",
		    "must be a loopback address in digits: without TLS, which "
		    "is not there yet, nobody else may connect");
}

static void
conf_check_key_source(struct conf_reading *r)
{
	const char *s = r->conf->key_source;

	if (strncmp(s, "file:/", 6) == 0 && s[6] != '\0')
		return;
	if (strncmp(s, "credential:", 11) == 0 && s[11] != '\0' &&
	    s[11] != '.' && strchr(s + 11, '/') == NULL)
		return;
	conf_fault(r, "key_source",
	    "must be file: and an absolute path, or credential: and a name");
}

static bool
conf_is_name(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= CONF_NAME_MAX &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

static void
conf_check_modem(
    struct conf_reading *r, struct conf_modem *m, const char *number)
{
	const char *speed = m->connection + 2;

	if (!conf_is_name(m->name))
		faults_add(r->faults, r->conf->file, m->line,
		    "the name of a modem is 1 to %d of a-z 0-9 _ -",
		    CONF_NAME_MAX);
	if (strncmp(m->connection, "at", 2) != 0 ||
	    strspn(speed, "0123456789") != strlen(speed))
		conf_fault(
		    r, "connection", "must be at, or at and a speed in digits");
	if (number[0] != '\0' &&
	    msisdn_parse(number, m->number) != MSISDN_MOBILE)
		conf_fault(r, "number", "is not a Vietnamese mobile number");
}

/* Two modems on one device would steal each other's answers. */
static void
conf_check_clash(struct conf_reading *r, const struct conf_modem *m)
{
	const struct conf_modem *o;

	for (o = r->conf->modems; o < m; o++) {
		if (strcmp(o->device, m->device) == 0 && m->device[0] != '\0')
			conf_fault(r, "device", "is that of another modem");
		if (strcmp(o->number, m->number) == 0 && m->number[0] != '\0')
			conf_fault(r, "number", "is that of another modem");
	}
}

static void
conf_add_modem(struct conf_reading *r)
{
	struct conf *c = r->conf;
	struct conf_modem *m;
	struct modem_raw raw;

	if (c->nmodems == CONF_MODEMS_MAX) {
		faults_add(r->faults, c->file, optsec_line(r->section, ""),
		    "more than %d modems", CONF_MODEMS_MAX);
		return;
	}
	memset(&raw, 0, sizeof(raw));
	optsec_fill(r->section, &raw, r->faults);
	c->modems =
	    xreallocarray(c->modems, c->nmodems + 1, sizeof(*c->modems));
	m = &c->modems[c->nmodems++];
	*m = raw.modem;
	m->name = xstrdup(optsec_title(r->section));
	m->line = optsec_line(r->section, "");
	conf_check_modem(r, m, raw.number);
	conf_check_clash(r, m);
	free(raw.number);
}

static struct conf *
conf_from_file(
    const char *path, const struct optfile *file, struct faults *faults)
{
	struct conf_reading r = {.faults = faults};
	struct conf_raw raw;
	size_t i;

	memset(&raw, 0, sizeof(raw));
	r.section = optfile_section(file, KIND_TOP, 0);
	optsec_fill(r.section, &raw, faults);
	r.conf = xcalloc(1, sizeof(*r.conf));
	*r.conf = raw.conf;
	r.conf->file = xstrdup(path);
	conf_check_listen(&r, raw.listen);
	conf_check_key_source(&r);
	free(raw.listen);

	for (i = 0;; i++) {
		r.section = optfile_section(file, KIND_MODEM, i);
		if (r.section == NULL)
			return r.conf;
		conf_add_modem(&r);
	}
}

struct conf *
conf_load(const char *path, struct faults *faults)
{
	size_t before = faults->n + faults->more;
	struct optfile *file;
	struct conf *c;

	file = optfile_read(path, conf_kinds, NKINDS, faults);
	if (file == NULL)
		return NULL;
	c = conf_from_file(path, file, faults);
	optfile_free(file);
	if (faults->n + faults->more == before)
		return c;
	faults_sort(faults);
	conf_free(c);
	return NULL;
}

void
conf_free(struct conf *c)
{
	struct conf_raw raw = {0};
	struct modem_raw modem = {0};
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->nmodems; i++) {
		free(c->modems[i].name);
		modem.modem = c->modems[i];
		opts_clear(
		    conf_modem_options, TC_NELEM(conf_modem_options), &modem);
	}
	free(c->modems);
	free(c->listen_host);
	free(c->file);
	raw.conf = *c;
	opts_clear(conf_options, TC_NELEM(conf_options), &raw);
	free(c);
}

static bool
conf_is_same_modem(const struct conf_modem *a, const struct conf_modem *b)
{
	return strcmp(a->name, b->name) == 0 &&
	       strcmp(a->device, b->device) == 0 &&
	       strcmp(a->connection, b->connection) == 0 &&
	       strcmp(a->number, b->number) == 0 &&
	       strcmp(a->operator_name, b->operator_name) == 0 &&
	       a->full_naps == b->full_naps;
}

/* Of the options that are not reloadable in the table. */
const char *
conf_needs_restart(const struct conf *a, const struct conf *b)
{
	size_t i;

	if (strcmp(a->state_dir, b->state_dir) != 0)
		return "state_dir";
	if (strcmp(a->listen_host, b->listen_host) != 0 ||
	    a->listen_port != b->listen_port)
		return "listen";
	if (strcmp(a->control, b->control) != 0)
		return "control";
	if (strcmp(a->key_source, b->key_source) != 0)
		return "key_source";
	if (strcmp(a->modem_program, b->modem_program) != 0)
		return "modem_program";
	if (a->nmodems != b->nmodems)
		return "modem";
	for (i = 0; i < a->nmodems; i++) {
		if (!conf_is_same_modem(&a->modems[i], &b->modems[i]))
			return "modem";
	}
	return NULL;
}

void
conf_print_options(FILE *out)
{
	opts_print(out, "", conf_options, TC_NELEM(conf_options));
	opts_print(
	    out, "modem.", conf_modem_options, TC_NELEM(conf_modem_options));
}

const struct conf_modem *
conf_modem_by_name(const struct conf *conf, const char *name)
{
	size_t i;

	for (i = 0; i < conf->nmodems; i++)
		if (strcmp(conf->modems[i].name, name) == 0)
			return &conf->modems[i];
	return NULL;
}

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
#include <regex.h>
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
	char *technician;
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
	.help = "where the data key is: file:PATH, credential:NAME or "
		"passphrase:PATH",
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
    {.key = "ussd_secret_file",
	.type = OPT_TEXT,
	.min = 0,
	.max = 512,
	.def = "",
	.help = "file with the secret of the USSD gateway; none: no /ussd",
	.offset = TOP(conf.ussd_secret_file)},
    {.key = "ussd_from",
	.type = OPT_LIST,
	.min = 2,
	.max = 45,
	.def = "127.0.0.1",
	.help = "addresses from which the USSD gateway may come",
	.offset = TOP(conf.ussd_from)},
    {.key = "technician",
	.type = OPT_TEXT,
	.min = 0,
	.max = 32,
	.def = "",
	.help = "mobile number that gets alarms by SMS; none when empty",
	.offset = TOP(technician)},
    {.key = "alarm_after",
	.type = OPT_INT,
	.min = 1,
	.max = 1440,
	.def = "10",
	.help = "minutes that a modem is down before an alarm",
	.offset = TOP(conf.alarm_after)},
    {.key = "alarm_undelivered",
	.type = OPT_INT,
	.min = 0,
	.max = 1000,
	.def = "20",
	.help = "reports in a row without a delivery before an alarm; 0 = none",
	.offset = TOP(conf.alarm_undelivered)},
    {.key = "alarms_per_day",
	.type = OPT_INT,
	.min = 1,
	.max = 100,
	.def = "10",
	.help = "most alarm texts in 24 hours",
	.offset = TOP(conf.alarms_per_day)},
    {.key = "segment_price",
	.type = OPT_INT,
	.min = 0,
	.max = 100000,
	.def = "350",
	.help = "dong for one segment of a text, for estimates and budgets",
	.offset = TOP(conf.segment_price)},
    {.key = "webhook_private",
	.type = OPT_LIST,
	.min = 1,
	.max = 39,
	.def = "",
	.help = "names of webhooks that may go to private addresses",
	.offset = TOP(conf.webhook_private)},
    {.key = "webhook_ca",
	.type = OPT_TEXT,
	.min = 0,
	.max = 512,
	.def = "",
	.help = "file of certificates that webhooks trust; none: the system's",
	.offset = TOP(conf.webhook_ca)},
    {.key = "webhook_timeout",
	.type = OPT_INT,
	.min = 1,
	.max = 120,
	.def = "20",
	.help = "seconds that the receiver of a webhook may take",
	.offset = TOP(conf.webhook_timeout)},
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
	.help = "whose SIM it is: viettel, mobifone, vinaphone ...",
	.offset = MODEM(modem.operator_name)},
    {.key = "full_naps",
	.type = OPT_BOOL,
	.def = "false",
	.help = "keep the pauses of libgammu, for a modem that needs them",
	.offset = MODEM(modem.full_naps)},
    {.key = "send_deadline",
	.type = OPT_INT,
	.min = 5,
	.max = 600,
	.def = "120",
	.help = "seconds for a segment, then the modem starts again",
	.offset = MODEM(modem.send_deadline_s)},
    {.key = "poll_interval",
	.type = OPT_INT,
	.min = 5,
	.max = 3600,
	.def = "30",
	.help = "seconds between looks for texts that were not announced",
	.offset = MODEM(modem.poll_s)},
    {.key = "poll_interval_mute",
	.type = OPT_INT,
	.min = 1,
	.max = 600,
	.def = "2",
	.help = "the same, of a modem that announces none",
	.offset = MODEM(modem.poll_mute_s)},
    {.key = "pin_file",
	.type = OPT_TEXT,
	.min = 0,
	.max = 512,
	.def = "",
	.help = "file with the PIN of the SIM, mode 0600; tried once",
	.offset = MODEM(modem.pin_file)},
    {.key = "smsc",
	.type = OPT_TEXT,
	.min = 0,
	.max = 32,
	.def = "",
	.help = "number of the SMSC, when that of the SIM is wrong",
	.offset = MODEM(modem.smsc)},
    {.key = "per_minute",
	.type = OPT_INT,
	.min = 0,
	.max = 1000,
	.def = "6",
	.help = "most segments in a minute but for crisis; 0 = no limit",
	.offset = MODEM(modem.per_minute)},
    {.key = "per_hour",
	.type = OPT_INT,
	.min = 0,
	.max = 20000,
	.def = "60",
	.help = "most segments in an hour but for crisis; 0 = no limit",
	.offset = MODEM(modem.per_hour)},
    {.key = "per_day",
	.type = OPT_INT,
	.min = 0,
	.max = 200000,
	.def = "200",
	.help = "most segments in 24 hours but for crisis; 0 = no limit",
	.offset = MODEM(modem.per_day)},
    {.key = "campaign_share",
	.type = OPT_INT,
	.min = 0,
	.max = 100,
	.def = "80",
	.help = "percent of each limit that campaigns may use",
	.offset = MODEM(modem.campaign_share)},
    {.key = "ussd_codes",
	.type = OPT_LIST,
	.min = 2,
	.max = 32,
	.def = "",
	.help = "USSD codes that people may dial, beside that of the balance",
	.offset = MODEM(modem.ussd_codes)},
    {.key = "ussd_balance",
	.type = OPT_TEXT,
	.min = 0,
	.max = 32,
	.def = "",
	.help = "USSD code that tells the credit, such as *101#",
	.offset = MODEM(modem.ussd_balance)},
    {.key = "balance_pattern",
	.type = OPT_TEXT,
	.min = 1,
	.max = 200,
	.def = "([0-9][0-9.,]*) ?(d|đ|dong|đồng|VND)",
	.help = "regular expression; its first group is the credit in dong",
	.offset = MODEM(modem.balance_pattern)},
    {.key = "balance_hours",
	.type = OPT_INT,
	.min = 1,
	.max = 168,
	.def = "12",
	.help = "hours between two looks at the credit",
	.offset = MODEM(modem.balance_hours)},
    {.key = "credit_reserve",
	.type = OPT_INT,
	.min = 0,
	.max = 10000000,
	.def = "0",
	.help = "dong kept for help: below it campaigns wait; 0 = none",
	.offset = MODEM(modem.credit_reserve)},
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
	if (strncmp(s, "passphrase:/", 12) == 0 && s[12] != '\0')
		return;
	if (strncmp(s, "credential:", 11) == 0 && s[11] != '\0' &&
	    s[11] != '.' && strchr(s + 11, '/') == NULL)
		return;
	conf_fault(r, "key_source",
	    "must be file: or passphrase: and an absolute path, or credential: "
	    "and a name");
}

/* The secret is read once, at start; the addresses are those that a socket
 * shows, never those of a header. */
static void
conf_check_ussd_gateway(struct conf_reading *r)
{
	struct conf *c = r->conf;
	unsigned char address[sizeof(struct in6_addr)];
	size_t i;

	if (c->ussd_secret_file[0] != '\0' && c->ussd_secret_file[0] != '/')
		conf_fault(r, "ussd_secret_file", "must be an absolute path");
	for (i = 0; i < c->ussd_from.n; i++)
		if (inet_pton(AF_INET, c->ussd_from.items[i].text, address) !=
			1 &&
		    inet_pton(AF_INET6, c->ussd_from.items[i].text, address) !=
			1)
			conf_fault(r, "ussd_from",
			    "has what is not an address in digits");
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
	if (m->operator_name[0] != '\0' &&
	    !msisdn_is_operator(m->operator_name))
		conf_fault(r, "operator",
		    "must be viettel, mobifone, vinaphone, vietnamobile, "
		    "gmobile, itel or wintel");
}

/* A path, not a place in the folder that the daemon happens to stand in; an
 * SMSC in digits; an expression that compiles and has a group. */
static void
conf_check_sim(struct conf_reading *r, const struct conf_modem *m)
{
	const char *digits = m->smsc[0] == '+' ? m->smsc + 1 : m->smsc;
	regex_t re;

	if (m->pin_file[0] != '\0' && m->pin_file[0] != '/')
		conf_fault(r, "pin_file", "must be an absolute path");
	if (m->smsc[0] != '\0' &&
	    (strspn(digits, "0123456789") != strlen(digits) ||
		strlen(digits) < 3))
		conf_fault(r, "smsc", "must be a number in digits");
	if (regcomp(&re, m->balance_pattern, REG_EXTENDED) != 0) {
		conf_fault(r, "balance_pattern",
		    "is not a regular expression of POSIX");
		return;
	}
	if (re.re_nsub < 1)
		conf_fault(r, "balance_pattern", "has no group in brackets");
	regfree(&re);
}

/* Codes that may be dialled without harm: no call forwarding, no PIN, no IMEI;
 * those end with # after a service code of the network's own supplementary
 * services (3GPP 22.030 6.5.2). */
static bool
conf_is_ussd(const char *s)
{
	size_t n = strlen(s);

	return n >= 3 && s[0] == '*' && s[1] != '*' && s[n - 1] == '#' &&
	       strspn(s, "0123456789*#") == n && strchr(s, '#') == s + n - 1;
}

static void
conf_check_ussd(struct conf_reading *r, const struct conf_modem *m)
{
	size_t i;

	if (m->ussd_balance[0] != '\0' && !conf_is_ussd(m->ussd_balance))
		conf_fault(r, "ussd_balance", "is not a code such as *101#");
	for (i = 0; i < m->ussd_codes.n; i++)
		if (!conf_is_ussd(m->ussd_codes.items[i].text))
			conf_fault(r, "ussd_codes",
			    "has what is not a code such as *101#");
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
	conf_check_sim(r, m);
	conf_check_ussd(r, m);
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
	conf_check_ussd_gateway(&r);
	if (r.conf->webhook_ca[0] != '\0' && r.conf->webhook_ca[0] != '/')
		conf_fault(&r, "webhook_ca", "must be an absolute path");
	if (raw.technician[0] != '\0' &&
	    msisdn_parse(raw.technician, r.conf->technician) != MSISDN_MOBILE)
		conf_fault(
		    &r, "technician", "is not a Vietnamese mobile number");
	free(raw.technician);
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
conf_is_same_list(const struct opt_list *a, const struct opt_list *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (strcmp(a->items[i].text, b->items[i].text) != 0)
			return false;
	return true;
}

static bool
conf_is_same_modem(const struct conf_modem *a, const struct conf_modem *b)
{
	return strcmp(a->name, b->name) == 0 &&
	       strcmp(a->device, b->device) == 0 &&
	       strcmp(a->connection, b->connection) == 0 &&
	       strcmp(a->number, b->number) == 0 &&
	       strcmp(a->operator_name, b->operator_name) == 0 &&
	       a->full_naps == b->full_naps &&
	       a->send_deadline_s == b->send_deadline_s &&
	       a->poll_s == b->poll_s && a->poll_mute_s == b->poll_mute_s &&
	       strcmp(a->pin_file, b->pin_file) == 0 &&
	       strcmp(a->smsc, b->smsc) == 0 &&
	       a->per_minute == b->per_minute && a->per_hour == b->per_hour &&
	       a->per_day == b->per_day &&
	       a->campaign_share == b->campaign_share &&
	       conf_is_same_list(&a->ussd_codes, &b->ussd_codes) &&
	       strcmp(a->ussd_balance, b->ussd_balance) == 0 &&
	       strcmp(a->balance_pattern, b->balance_pattern) == 0 &&
	       a->balance_hours == b->balance_hours &&
	       a->credit_reserve == b->credit_reserve;
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
	if (strcmp(a->ussd_secret_file, b->ussd_secret_file) != 0)
		return "ussd_secret_file";
	if (!conf_is_same_list(&a->ussd_from, &b->ussd_from))
		return "ussd_from";
	if (strcmp(a->technician, b->technician) != 0)
		return "technician";
	if (a->alarm_after != b->alarm_after)
		return "alarm_after";
	if (a->alarm_undelivered != b->alarm_undelivered)
		return "alarm_undelivered";
	if (a->alarms_per_day != b->alarms_per_day)
		return "alarms_per_day";
	if (a->segment_price != b->segment_price)
		return "segment_price";
	if (!conf_is_same_list(&a->webhook_private, &b->webhook_private))
		return "webhook_private";
	if (strcmp(a->webhook_ca, b->webhook_ca) != 0)
		return "webhook_ca";
	if (a->webhook_timeout != b->webhook_timeout)
		return "webhook_timeout";
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

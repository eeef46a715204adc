/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tincay.conf: defaults, values, every kind of fault with its line, several at
 * once, and the traps of the parser underneath. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "conf.h"
#include "tempdir.h"

#define MODEM "modem \"a\" { device = \"/dev/a\" }\n"

struct fault_case {
	const char *text;
	const char *faults; /* "line what" of each, one per line; what is only
			       a beginning */
};

static const struct fault_case fault_cases[] = {
    {"listen = \"0.0.0.0:8080\"\n", "1 listen must be a loopback address"},
    {"listen = \"192.168.1.2:80\"", "1 listen must be a loopback address"},
    {"listen = \"[::]:8080\"", "1 listen must be a loopback address"},
    {"listen = \"localhost:8080\"", "1 listen must be a loopback address"},
    {"\n\nlisten = \"127.0.0.1\"\n", "3 listen must be ADDRESS:PORT"},
    {"listen = \"127.0.0.1:0\"\n", "1 listen must be ADDRESS:PORT"},
    {"listen = \"127.0.0.1:65536\"\n", "1 listen must be ADDRESS:PORT"},
    {"listen = \"::1:80\"\n", "1 listen must be ADDRESS:PORT"},
    {"listen = \"\"\n", "1 listen must be a text of 1 to 64 bytes"},
    {"state_dir = \"var\"\n", "1 state_dir must be an absolute path"},
    {"state_dir = \"/\"\n", "1 state_dir must be an absolute path"},
    {"control = \"\"\n", "1 control must be an absolute path"},
    {"key_source = \"file:data.key\"\n", "1 key_source must be file:"},
    {"key_source = \"passphrase:data.key\"\n", "1 key_source must be file:"},
    {"key_source = \"env:KEY\"\n", "1 key_source must be file:"},
    {"key_source = \"credential:../x\"\n", "1 key_source must be file:"},
    {"key_source = \"credential:..\"\n", "1 key_source must be file:"},
    {"log_level = loud\n", "1 log_level must be one of debug|info|warn|err"},
    {"modem \"a\" { }\n", "1 device is missing"},
    {"# x\nmodem \"a\" {\n\tnumber = \"0900000001\"\n}\n",
	"2 device is missing"},
    {"modem \"A b\" { device = \"/dev/a\" }\n", "1 the name of a modem is"},
    {"modem \"a\" { device = \"/dev/a\"\nconnection = \"fbus\" }\n",
	"2 connection must be at"},
    {"modem \"a\" { device = \"/dev/a\"\nnumber = \"12345\" }\n",
	"2 number is not a Vietnamese mobile number"},
    {"modem \"a\" { device = \"/dev/a\"\nfull_naps = maybe }\n",
	"2 full_naps must be true or false"},
    {"modem \"a\" { device = \"/dev/a\"\npin_file = \"pin\" }\n",
	"2 pin_file must be an absolute path"},
    {"modem \"a\" { device = \"/dev/a\"\nsmsc = \"+84x\" }\n",
	"2 smsc must be a number in digits"},
    {"modem \"a\" { device = \"/dev/a\"\nbalance_pattern = \"([0-9]\" }\n",
	"2 balance_pattern is not a regular expression"},
    {"modem \"a\" { device = \"/dev/a\"\nbalance_pattern = \"[0-9]\" }\n",
	"2 balance_pattern has no group"},
    {"modem \"a\" { device = \"/dev/a\"\nussd_balance = \"101\" }\n",
	"2 ussd_balance is not a code"},
    {"modem \"a\" { device = \"/dev/a\"\nussd_codes = {\"**21*1#\"} }\n",
	"2 ussd_codes has what is not a code"},
    {"modem \"a\" { device = \"/dev/a\"\nussd_codes = {\"*#06#\"} }\n",
	"2 ussd_codes has what is not a code"},
    {"modem \"a\" { device = \"/dev/a\"\noperator = \"Viettel\" }\n",
	"2 operator must be viettel, mobifone"},
    {"modem \"a\" { device = \"/dev/a\"\npoll_interval = 4 }\n",
	"2 poll_interval"},
    {"ussd_from = {\"127.0.0.1\",\"localhost\"}\n",
	"1 ussd_from has what is not an address"},
    {"ussd_secret_file = \"secret\"\n",
	"1 ussd_secret_file must be an absolute path"},
    {"technician = \"113\"\n", "1 technician is not a Vietnamese mobile"},
    {MODEM "modem \"b\" {\ndevice = \"/dev/a\"\n}\n",
	"3 device is that of another modem"},
    {"modem \"a\" { device = \"/dev/a\" number = \"0900000001\" }\n"
     "modem \"b\" { device = \"/dev/b\" number = \"+84900000001\" }\n",
	"2 number is that of another modem"},
    {MODEM MODEM, "2 found duplicate title 'a'"},
    {"log_level = info\n\nlog_level = warn\n", "3 log_level is given twice"},
    {"modem \"a\" { device = \"/dev/a\"\ndevice = \"/dev/b\" }\n",
	"2 device is given twice"},

    /* All faults of meaning in one run. */
    {"listen = \"0.0.0.0:1\"\n"
     "log_level = loud\n"
     "state_dir = \"x\"\n"
     "modem \"a\" {\n"
     "number = \"1\"\n"
     "}\n",
	"1 listen\n2 log_level\n3 state_dir\n4 device is missing\n5 number"},

    /* Faults of syntax. */
    {"log_level = info\nlog_levle = info\n", "2 no such option 'log_levle'"},
    {"log_level info\n", "1 missing equal sign"},
    {"modem \"a\" {\n", "1 the { of this line is not closed"},
    {MODEM "modem \"b\" {\nmodem \"c\" {\n}\n",
	"2 the { of this line is not closed"},
    {"log_level = \n", "2 premature end of file"},
    {"log_level = {\"info\"}\n", "1 unexpected token"},
    {"\n\"\"\n", "2 syntax error"},
    {"\"log_level|x\" = info\n", "1 no sub-section"},
    {"}\n", "1 unexpected closing brace"},
    {"modem { }\n", "1 missing title"},

    /* What the lexer underneath would take for something else. */
    {"state_dir = \"${HOME}/x\"\n", "1 \"${\" is not allowed"},
    {"\nstate_dir = ${HOME}\n", "2 unexpected character"},
    {"state_dir = \"/a\nlog_level = info\nlisten = \"127.0.0.1:1\"\n",
	"1 the text is not closed"},
    {"state_dir = \"/a\\0b\"\n", "1 only \\\" and \\\\ may follow"},
    {"state_dir = '/a'\n", "1 unexpected character"},
    {"modem \"a\" { device = \"/dev/a\" operator = *101# }\n",
	"1 unexpected character"},
    {"/* x */ log_level = info\n",
	"1 unexpected character\n1 unexpected character"},
    {"//x\n", "1 a comment begins with #"},
    {"log_level += info\n", "1 unexpected character"},
    {"include(\"/etc/passwd\")\n", "1 unexpected character"},
    {"# ok\n\xff\n# \xc3\n", "2 this is not UTF-8\n3 this is not UTF-8"},
};

static struct conf *
load(const char *text, struct faults *faults)
{
	struct conf *c;
	char *dir, *path;

	dir = tempdir_new();
	tempdir_write(dir, "t.conf", text);
	path = xasprintf("%s/t.conf", dir);
	faults_init(faults);
	c = conf_load(path, faults);
	free(path);
	tempdir_remove(dir);
	return c;
}

/* The next line of a list of expected faults; advances it. */
static char *
next_line(const char **s)
{
	size_t n = strcspn(*s, "\n");
	char *line = xstrndup(*s, n);

	*s += n + ((*s)[n] == '\n');
	return line;
}

static void
check_faults(const struct fault_case *c)
{
	const char *want = c->faults;
	struct faults f;
	struct conf *conf;
	char *line, *got;
	size_t i;

	conf = load(c->text, &f);
	if (conf != NULL)
		fail_msg("accepted: %s", c->text);
	for (i = 0; *want != '\0'; i++) {
		line = next_line(&want);
		if (i >= f.n)
			fail_msg("'%s' is not reported: %s", line, c->text);
		got = xasprintf("%d %s", f.list[i].line, f.list[i].what);
		if (strncmp(got, line, strlen(line)) != 0)
			fail_msg("'%s' instead of '%s'", got, line);
		free(got);
		free(line);
	}
	if (f.n != i)
		fail_msg("one more: '%s': %s", f.list[i].what, c->text);
	faults_clear(&f);
}

static void
test_faults(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(fault_cases); i++)
		check_faults(&fault_cases[i]);
}

static void
test_defaults(void **state)
{
	struct faults f;
	struct conf *c;

	(void)state;
	c = load("", &f);
	assert_non_null(c);
	assert_string_equal(c->state_dir, "/var/lib/tincay");
	assert_string_equal(c->content_dir, "/etc/tincay");
	assert_string_equal(c->listen_host, "127.0.0.1");
	assert_int_equal(c->listen_port, 8080);
	assert_string_equal(c->control, "/run/tincay/control.sock");
	assert_string_equal(c->key_source, "file:/etc/tincay/data.key");
	assert_int_equal(c->log_level, LOG_LEVEL_INFO);
	assert_string_equal(c->modem_program, TC_LIBEXECDIR "/tincay-modem");
	assert_int_equal(c->nmodems, 0);
	conf_free(c);
	faults_clear(&f);
}

static void
test_values(void **state)
{
	static const char text[] =
	    "# a \"comment\" with ${HOME} { } in it\n"
	    "state_dir = \"/srv/t\" # behind\n"
	    "listen = \"[::1]:81\"\r\n"
	    "log_level = debug\n"
	    "modem \"viettel1\" {\n"
	    "\tdevice = \"/dev/serial/by-id/usb-a\\\"b\"\n"
	    "\tconnection = \"at115200\"\n"
	    "\tnumber = \"0900 000 001\"\n"
	    "\toperator = \"viettel\"\n"
	    "\tfull_naps = yes\n"
	    "\tsend_deadline = 30\n"
	    "\tpoll_interval = 60\n"
	    "\tpoll_interval_mute = 5\n"
	    "}\n"
	    "modem b { device = /dev/ttyUSB1 }";
	const struct conf_modem *m;
	struct faults f;
	struct conf *c;

	(void)state;
	c = load(text, &f);
	assert_non_null(c);
	assert_string_equal(c->state_dir, "/srv/t");
	assert_string_equal(c->listen_host, "::1");
	assert_int_equal(c->listen_port, 81);
	assert_int_equal(c->log_level, LOG_LEVEL_DEBUG);
	assert_int_equal(c->nmodems, 2);
	m = &c->modems[0];
	assert_string_equal(m->name, "viettel1");
	assert_string_equal(m->device, "/dev/serial/by-id/usb-a\"b");
	assert_string_equal(m->connection, "at115200");
	assert_string_equal(m->number, "+84900000001");
	assert_string_equal(m->operator_name, "viettel");
	assert_true(m->full_naps);
	assert_int_equal(m->send_deadline_s, 30);
	assert_int_equal(m->poll_s, 60);
	assert_int_equal(m->poll_mute_s, 5);
	assert_int_equal(m->line, 5);
	m = &c->modems[1];
	assert_string_equal(m->name, "b");
	assert_string_equal(m->device, "/dev/ttyUSB1");
	assert_string_equal(m->connection, "at");
	assert_string_equal(m->number, "");
	assert_false(m->full_naps);
	assert_int_equal(m->send_deadline_s, 120);
	assert_int_equal(m->poll_s, 30);
	assert_int_equal(m->poll_mute_s, 2);
	assert_int_equal(m->line, 15);
	conf_free(c);
	faults_clear(&f);
}

/* A fault of syntax must not leave the parser in a state that the next file
 * inherits. */
static void
test_again_after_fault(void **state)
{
	struct faults f;
	struct conf *c;

	(void)state;
	assert_null(load("modem \"a\" { device = \n", &f));
	faults_clear(&f);
	c = load("listen = \"127.0.0.2:9\"\n", &f);
	assert_non_null(c);
	assert_string_equal(c->listen_host, "127.0.0.2");
	conf_free(c);
	faults_clear(&f);
}

static void
test_unreadable(void **state)
{
	struct faults f;
	char *text;

	(void)state;
	faults_init(&f);
	assert_null(conf_load("/nonexistent/t.conf", &f));
	assert_int_equal(f.n, 1);
	text = faults_text(&f, 0);
	assert_string_equal(
	    text, "/nonexistent/t.conf: cannot be read: not found");
	free(text);
	faults_clear(&f);
}

static void
test_restart(void **state)
{
	static const struct {
		const char *change;
		const char *want;
	} cases[] = {
	    {MODEM, NULL},
	    {MODEM "log_level = debug\n", NULL},
	    {MODEM "content_dir = \"/x\"\n", NULL},
	    {MODEM "state_dir = \"/x\"\n", "state_dir"},
	    {MODEM "listen = \"127.0.0.1:1\"\n", "listen"},
	    {MODEM "listen = \"127.0.0.2:8080\"\n", "listen"},
	    {MODEM "control = \"/x\"\n", "control"},
	    {MODEM "key_source = \"file:/x\"\n", "key_source"},
	    {MODEM "modem_program = \"/x\"\n", "modem_program"},
	    {"", "modem"},
	    {"modem \"b\" { device = \"/dev/a\" }\n", "modem"},
	    {"modem \"a\" { device = \"/dev/b\" }\n", "modem"},
	    {"modem \"a\" { device = \"/dev/a\" full_naps = on }\n", "modem"},
	    {"modem \"a\" { device = \"/dev/a\" per_day = 1 }\n", "modem"},
	    {"modem \"a\" { device = \"/dev/a\" poll_interval = 5 }\n",
		"modem"},
	    {"modem \"a\" { device = \"/dev/a\" ussd_codes = {\"*98#\"} }\n",
		"modem"},
	};
	struct conf *running, *wanted;
	struct faults f, g;
	const char *got;
	size_t i;

	(void)state;
	running = load(MODEM, &f);
	assert_non_null(running);
	for (i = 0; i < TC_NELEM(cases); i++) {
		wanted = load(cases[i].change, &g);
		assert_non_null(wanted);
		got = conf_needs_restart(running, wanted);
		if (cases[i].want == NULL)
			assert_null(got);
		else if (got == NULL || strcmp(got, cases[i].want) != 0)
			fail_msg("%s: %s", cases[i].change, got ? got : "-");
		conf_free(wanted);
		faults_clear(&g);
	}
	conf_free(running);
	faults_clear(&f);
}

static void
test_print_options(void **state)
{
	char *text = NULL;
	size_t len = 0, lines = 0, i;
	FILE *out;

	(void)state;
	out = open_memstream(&text, &len);
	assert_non_null(out);
	conf_print_options(out);
	fclose(out);
	for (i = 0; i < len; i++)
		lines += text[i] == '\n';
	assert_int_equal(lines, 36);
	assert_non_null(strstr(
	    text, "listen\ttext\t127.0.0.1:8080\trestart\tloopback address"));
	assert_non_null(strstr(text, "log_level\tword\tinfo\treload\t"));
	assert_non_null(strstr(text, "\nmodem.device\tpath\t-\trestart\t"));
	assert_non_null(strstr(text, "\nmodem.number\ttext\t\"\"\trestart\t"));
	free(text);
}

/* The example is valid, and so is every default that it shows. */
static void
test_example(void **state)
{
	struct faults f;
	struct conf *c;
	char *text, *p;

	(void)state;
	assert_int_equal(
	    file_read(TEST_ETC "/tincay.conf", 65536, &text, NULL), 0);
	c = load(text, &f);
	assert_non_null(c);
	conf_free(c);
	faults_clear(&f);

	/* "#option" is an option that is switched off, "# word" a comment. */
	for (p = text; p != NULL && *p != '\0'; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (p[0] == '#' && p[1] != ' ')
			p[0] = ' ';
	}
	c = load(text, &f);
	if (c == NULL)
		fail_msg("%d: %s", f.list[0].line, f.list[0].what);
	assert_int_equal(c->nmodems, 1);
	assert_string_equal(c->modems[0].number, "+84900000001");
	conf_free(c);
	faults_clear(&f);
	free(text);
}

static void
test_faults_list(void **state)
{
	struct faults f;
	char *text;
	int i;

	(void)state;
	faults_init(&f);
	faults_add(&f, "b", 2, "%s", "second");
	faults_add(&f, "b", 1, "first");
	faults_add(&f, "a", 0, "whole");
	faults_add(&f, "b", 2, "third");
	faults_sort(&f);
	text = faults_text(&f, 0);
	assert_string_equal(text, "a: whole");
	free(text);
	text = faults_text(&f, 1);
	assert_string_equal(text, "b:1: first");
	free(text);
	assert_string_equal(f.list[2].what, "second");
	assert_string_equal(f.list[3].what, "third");
	for (i = 0; i < FAULTS_MAX; i++)
		faults_add(&f, "c", i, "x");
	assert_int_equal(f.n, FAULTS_MAX);
	assert_int_equal(f.more, 4);
	faults_clear(&f);
	assert_int_equal(f.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_faults_list),
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_again_after_fault),
	    cmocka_unit_test(test_unreadable),
	    cmocka_unit_test(test_restart),
	    cmocka_unit_test(test_print_options),
	    cmocka_unit_test(test_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

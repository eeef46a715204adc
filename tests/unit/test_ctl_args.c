/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: what is taken, what is refused, and the checks of values.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/ctl.h"

#define ARGV_MAX 12

static int
verb_nothing(struct ctl *c, const struct args *a)
{
	(void)c;
	(void)a;
	return 0;
}

static const struct operand operands[] = {
    {"ID", &check_id, false},
    {"NOTE", NULL, true},
    {0},
};
static const struct option_row options[] = {
    {"role", "R", .help = "r", .check = &check_roles, .required = true},
    {"follow", NULL, .help = "f"},
    {0},
};
static const struct verb verb = {
    "show", "summary", NULL, operands, options, verb_nothing};

/* Parse "words separated by spaces" as main() does: globals, verb, the rest. */
static int
parse(struct args *a, char *line)
{
	char *argv[ARGV_MAX] = {NULL}, *save = NULL, *word;
	int argc = 0, at = 1, rc;

	memset(a, 0, sizeof(*a));
	for (word = strtok_r(line, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	rc = args_parse(a, NULL, argc, argv, &at);
	if (rc == 0 && at < argc) {
		at++;
		rc = args_parse(a, &verb, argc, argv, &at);
		if (rc == 0)
			rc = args_complete(a);
	}
	return rc;
}

#define ID "00000000000000a1"

static const struct {
	const char *line;
	int rc;
	const char *error; /* part of it */
	const char *operand0, *operand1, *role;
	bool json, follow;
} cases[] = {
    {"ctl show " ID " --role admin", 0, NULL, ID, NULL, "admin", false, false},
    {"ctl --json show --role=admin " ID, 0, NULL, ID, NULL, "admin", true,
	false},
    {"ctl show " ID " note --follow --json --role admin", 0, NULL, ID, "note",
	"admin", true, true},
    {"ctl show --role admin -- " ID " --note", 0, NULL, ID, "--note", "admin",
	false, false},
    {"ctl show " ID, TC_EINVAL, "thiếu --role", NULL, NULL, NULL, false, false},
    {"ctl show --role admin", TC_EINVAL, "thiếu ID", NULL, NULL, NULL, false,
	false},
    {"ctl show x --role admin", TC_EINVAL, "16", NULL, NULL, NULL, false,
	false},
    {"ctl show " ID " --role boss", TC_EINVAL, "boss", NULL, NULL, NULL, false,
	false},
    {"ctl show " ID " --role admin --role admin", TC_EINVAL, "hai lần", NULL,
	NULL, NULL, false, false},
    {"ctl show " ID " a b --role admin", TC_EINVAL, "thừa", NULL, NULL, NULL,
	false, false},
    {"ctl show " ID " --fly", TC_EINVAL, "--fly", NULL, NULL, NULL, false,
	false},
    {"ctl show " ID " --role", TC_EINVAL, "cần một giá trị", NULL, NULL, NULL,
	false, false},
    {"ctl --role admin show " ID, TC_EINVAL, "--role", NULL, NULL, NULL, false,
	false},
    {"ctl show \033[2J --role admin", TC_EINVAL, "\\x1b[2J", NULL, NULL, NULL,
	false, false},
};

static void
same(const char *got, const char *want)
{
	if (want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, want);
}

static void
test_parse(void **state)
{
	struct args a;
	char *line;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		line = xstrdup(cases[i].line);
		assert_int_equal(parse(&a, line), cases[i].rc);
		if (cases[i].rc != 0) {
			assert_non_null(strstr(a.error, cases[i].error));
			assert_null(strchr(a.error, '\033'));
		} else {
			same(args_operand(&a, 0), cases[i].operand0);
			same(args_operand(&a, 1), cases[i].operand1);
			same(args_get(&a, "role"), cases[i].role);
			assert_int_equal(
			    args_get(&a, "json") != NULL, cases[i].json);
			assert_int_equal(
			    args_get(&a, "follow") != NULL, cases[i].follow);
		}
		free(line);
	}
}

static const struct {
	const struct check *check;
	const char *value;
	bool ok;
} values[] = {
    {&check_user, "hoa.2_x-y", true},
    {&check_user, "", false},
    {&check_user, "Hoa", false},
    {&check_user, "..", false},
    {&check_user, "a/b", false},
    {&check_user, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true},
    {&check_user, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
    {&check_agency, "hpn", true},
    {&check_agency, "HPN-1", false},
    {&check_agency, "ABCDEFGHIJKLMNOP", false},
    {&check_roles, "admin,handler", true},
    {&check_roles, "admin,", false},
    {&check_roles, ",", false},
    {&check_roles, "setup", false},
    {&check_roles, "administrator-of-all", false},
    {&check_id, ID, true},
    {&check_id, "00000000000000A1", false},
    {&check_list, "Làng A & B", true},
    {&check_list, "..", false},
    {&check_list, "a\nb", false},
    {&check_list, "\xff", false},
    {&check_number, "0900 000 001", true},
    {&check_number, "+84900000001", true},
    {&check_number, "113", false},
    {&check_number, "19001234", false},
    {&check_number, "0900", false},
    {&check_year, "2026", true},
    {&check_year, "1999", false},
    {&check_year, "2026x", false},
    {&check_wait, "60", true},
    {&check_wait, "61", false},
    {&check_wait, "-1", false},
    {&check_cursor, "1a:2", true},
    {&check_cursor, "a&b=c", false},
    {&check_outcome, "helped", true},
    {&check_outcome, "Helped", false},
};

static void
test_checks(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(values); i++)
		if (values[i].check->ok(values[i].value) != values[i].ok)
			fail_msg("row %zu: \"%s\"", i, values[i].value);
}

static void
test_text(void **state)
{
	char longest[CHECK_TEXT_MAX + 2];

	(void)state;
	assert_null(check_text("a\nb", 3));
	assert_non_null(check_text("", 0));
	assert_non_null(check_text("a\0b", 3));
	assert_non_null(check_text("a\xff", 2));
	memset(longest, 'a', sizeof(longest));
	/* 6 segments of 153 septets and no more. */
	assert_null(check_text(longest, 6 * 153));
	assert_non_null(check_text(longest, 6 * 153 + 1));
	assert_non_null(check_text(longest, CHECK_TEXT_MAX + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_checks),
	    cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

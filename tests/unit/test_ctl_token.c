/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The token file: where it is, its mode, what is refused.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ctl/token.h"

#define SERVER "unix:/run/tincay/control.sock"
#define OTHER "https://gateway.example"

static char folder[] = "/tmp/tincay-token-XXXXXX";
static char *path;

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	path = xasprintf("%s/a/b/token", folder);
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const names[] = {"a/b/token", "a/b", "a", ""};
	size_t i;
	char *name;

	(void)state;
	for (i = 0; i < TC_NELEM(names); i++) {
		name = xasprintf("%s/%s", folder, names[i]);
		(void)remove(name);
		free(name);
	}
	free(path);
	return 0;
}

static unsigned
mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(name, &st), 0);
	return st.st_mode & 07777;
}

static void
test_round_trip(void **state)
{
	char *token = NULL, *up = xasprintf("%s/a/b", folder);

	(void)state;
	assert_int_equal(token_load(path, SERVER, &token), TC_ENOENT);
	assert_int_equal(token_save(path, SERVER, "one"), 0);
	assert_int_equal(token_save(path, OTHER, "two"), 0);
	assert_int_equal(token_save(path, SERVER, "three"), 0);
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(mode_of(up), 0700);
	assert_int_equal(token_load(path, SERVER, &token), 0);
	assert_string_equal(token, "three");
	free(token);
	assert_int_equal(token_forget(path, SERVER), 0);
	assert_int_equal(token_forget(path, SERVER), 0);
	assert_int_equal(token_load(path, SERVER, &token), TC_ENOENT);
	assert_int_equal(token_load(path, OTHER, &token), 0);
	assert_string_equal(token, "two");
	free(token);
	free(up);
}

static void
test_open_to_others(void **state)
{
	static const unsigned modes[] = {0640, 0604, 0660, 0666};
	char *token = NULL;
	size_t i;

	(void)state;
	assert_int_equal(token_save(path, SERVER, "one"), 0);
	for (i = 0; i < TC_NELEM(modes); i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		assert_int_equal(token_load(path, SERVER, &token), TC_EDENIED);
		assert_int_equal(token_save(path, SERVER, "x"), TC_EDENIED);
		assert_int_equal(mode_of(path), modes[i]);
	}
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(token_load(path, SERVER, &token), 0);
	free(token);
}

static const char *const broken[] = {
    "",
    "{",
    "[]",
    "{\"tincay_tokens\": 2, \"servers\": {}}",
    "{\"tincay_tokens\": 1}",
    "{\"tincay_tokens\": 1, \"servers\": []}",
    "{\"tincay_tokens\": 1, \"servers\": {\"" SERVER "\": \"a\\r\\nb\"}}",
    "{\"tincay_tokens\": 1, \"servers\": {\"" SERVER "\": \"\"}}",
};

static void
test_broken(void **state)
{
	char *token = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(broken); i++) {
		assert_int_equal(
		    file_write(path, 0600, broken[i], strlen(broken[i])), 0);
		assert_int_equal(token_load(path, SERVER, &token), TC_EINVAL);
		assert_null(token);
	}
	assert_int_equal(unlink(path), 0);
}

static const struct {
	const char *given, *env, *xdg, *home, *want;
} places[] = {
    {"/g", "/e", "/x", "/h", "/g"},
    {NULL, "/e", "/x", "/h", "/e"},
    {NULL, "", "/x", "/h", "/x/tincay/token"},
    {NULL, NULL, "relative", "/h", "/h/.config/tincay/token"},
    {NULL, NULL, NULL, "/h", "/h/.config/tincay/token"},
    {NULL, NULL, NULL, NULL, NULL},
};

static void
set_env(const char *name, const char *value)
{
	if (value != NULL)
		assert_int_equal(setenv(name, value, 1), 0);
	else
		assert_int_equal(unsetenv(name), 0);
}

static void
test_place(void **state)
{
	char *found;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(places); i++) {
		set_env("TINCAY_TOKEN_FILE", places[i].env);
		set_env("XDG_CONFIG_HOME", places[i].xdg);
		set_env("HOME", places[i].home);
		found = token_path(places[i].given);
		if (places[i].want == NULL)
			assert_null(found);
		else
			assert_string_equal(found, places[i].want);
		free(found);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_open_to_others),
	    cmocka_unit_test(test_broken),
	    cmocka_unit_test(test_place),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzzer once over every file of its corpus and says so as TAP. The
 * folder is $srcdir/tests/fuzz/corpus/<name>, <name> being what stands behind
 * "fuzz_" in the name of the program; an argument names another one. A finding
 * aborts, which the harness sees as an error.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "util.h"

#define INPUT_MAX (1 << 20)

static char *
corpus_folder(const char *program)
{
	const char *srcdir = getenv("srcdir");
	const char *name = strrchr(program, '/');

	name = name != NULL ? name + 1 : program;
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	return xasprintf(
	    "%s/tests/fuzz/corpus/%s", srcdir != NULL ? srcdir : ".", name);
}

/* Copied to its exact size, so that the sanitizer sees a read beyond it. */
static void
run_exact(const char *data, size_t len)
{
	uint8_t *copy = xmalloc(len);

	memcpy(copy, data, len);
	(void)LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static int
run_file(const char *folder, const char *name, unsigned number)
{
	char *path = xasprintf("%s/%s", folder, name), *data;
	size_t len;
	int rc = file_read(path, INPUT_MAX, &data, &len);

	free(path);
	if (rc != 0) {
		(void)printf(
		    "not ok %u - %s: %s\n", number, name, tc_strerror(rc));
		return 1;
	}
	run_exact(data, len);
	free(data);
	(void)printf("ok %u - %s\n", number, name);
	return 0;
}

int
main(int argc, char **argv)
{
	char *folder = argc > 1 ? xstrdup(argv[1]) : corpus_folder(argv[0]);
	struct dirent **names;
	int n = scandir(folder, &names, NULL, alphasort), i, failed = 0;
	unsigned number = 0;

	for (i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			failed += run_file(folder, names[i]->d_name, ++number);
		free(names[i]);
		(void)fflush(stdout);
	}
	if (n >= 0)
		free(names);
	if (number == 0) {
		(void)printf("Bail out! no corpus in %s\n", folder);
		failed = 1;
	}
	(void)printf("1..%u\n", number);
	free(folder);
	return failed != 0;
}

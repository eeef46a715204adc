/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An option file: a configuration is accepted whole, or refused with a reason
 * on a line that the file has; and a bad file leaves nothing behind that a good
 * one would suffer from.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conf.h"
#include "fuzz.h"

static struct conf *
load(const void *data, size_t size, struct faults *f)
{
	struct conf *c;
	char path[64];
	int fd;

	fd = memfd_create("fuzz", MFD_CLOEXEC);
	FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	FUZZ_CHECK(str_printf(path, sizeof(path), "/proc/self/fd/%d", fd) == 0);
	faults_init(f);
	c = conf_load(path, f);
	(void)close(fd);
	return c;
}

static void
check_conf(const struct conf *c)
{
	size_t i;

	FUZZ_CHECK(c->state_dir[0] == '/' && c->control[0] == '/');
	FUZZ_CHECK(c->listen_port > 0);
	FUZZ_CHECK((unsigned)c->log_level < LOG_NLEVELS);
	for (i = 0; i < c->nmodems; i++) {
		FUZZ_CHECK(c->modems[i].name[0] != '\0');
		FUZZ_CHECK(c->modems[i].device[0] == '/');
	}
	FUZZ_CHECK(conf_needs_restart(c, c) == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char good[] = "log_level = err\nmodem \"a\" { device = "
				   "\"/dev/a\" }\n";
	struct faults f;
	struct conf *c;
	size_t i, lines = 1;

	for (i = 0; i < size; i++)
		lines += data[i] == '\n';
	c = load(data, size, &f);
	FUZZ_CHECK((c == NULL) == (f.n > 0));
	for (i = 0; i < f.n; i++)
		FUZZ_CHECK(
		    f.list[i].line >= 0 && (size_t)f.list[i].line <= lines);
	if (c != NULL)
		check_conf(c);
	conf_free(c);
	faults_clear(&f);

	c = load(good, sizeof(good) - 1, &f);
	FUZZ_CHECK(c != NULL && c->log_level == LOG_LEVEL_ERR);
	FUZZ_CHECK(c->nmodems == 1 && c->modems[0].line == 2);
	conf_free(c);
	faults_clear(&f);
	return 0;
}

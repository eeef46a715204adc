/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * modem/nap: libgammu really gets our usleep(), a nap ends when the modem
 * speaks, and the link is looked at meanwhile.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>
#include <gammu.h>

#include "clock.h"
#include "modem/nap.h"

struct fixture {
	int master;
	char tty[64];
	char folder[32];
	char link[64]; /* a by-id path is a symbolic link */
	int pipe[2];   /* what stands for the link to tincayd */
	unsigned asked;
	GSM_StateMachine *sm;
};

static int
setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));

	f->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(f->master >= 0);
	assert_int_equal(grantpt(f->master), 0);
	assert_int_equal(unlockpt(f->master), 0);
	assert_int_equal(ptsname_r(f->master, f->tty, sizeof(f->tty)), 0);
	memcpy(f->folder, "/tmp/tc-nap-XXXXXX", 19);
	assert_non_null(mkdtemp(f->folder));
	assert_int_equal(
	    str_printf(f->link, sizeof(f->link), "%s/modem", f->folder), 0);
	assert_int_equal(symlink(f->tty, f->link), 0);
	assert_int_equal(pipe2(f->pipe, O_CLOEXEC), 0);
	nap_init(f->link, false);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	nap_watch_link(-1, NULL, NULL);
	(void)unlink(f->link);
	(void)rmdir(f->folder);
	(void)close(f->master);
	(void)close(f->pipe[0]);
	(void)close(f->pipe[1]);
	free(f);
	return 0;
}

static int
tty_open(const struct fixture *f)
{
	struct termios t;
	int fd = open(f->tty, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(tcgetattr(fd, &t), 0);
	cfmakeraw(&t);
	assert_int_equal(tcsetattr(fd, TCSANOW, &t), 0);
	return fd;
}

static int64_t
nap_ms(unsigned us)
{
	int64_t start = clock_mono_ms();

	assert_int_equal(usleep(us), 0);
	return clock_mono_ms() - start;
}

static void
test_tty_is_found(void **state)
{
	struct fixture *f = *state;
	int fd;

	assert_int_equal(nap_find_tty(), -1);
	fd = tty_open(f);
	assert_int_equal(nap_find_tty(), fd);
	(void)close(fd);
	assert_int_equal(nap_find_tty(), -1);
}

static void
test_nap_is_cut(void **state)
{
	struct fixture *f = *state;
	int fd = tty_open(f);

	assert_in_range(nap_ms(2000000), 0, 1000);
	assert_int_equal(write(f->master, "x", 1), 1);
	assert_in_range(nap_ms(2000000), 0, 1000);
	(void)close(fd);
	/* and without a tty it still sleeps, if only for a moment */
	assert_in_range(nap_ms(2000000), 1, 1000);
}

static void
test_full_naps(void **state)
{
	struct fixture *f = *state;
	int fd = tty_open(f);

	nap_init(f->link, true);
	assert_int_equal(write(f->master, "x", 1), 1);
	assert_in_range(nap_ms(60000), 60, 5000);
	(void)close(fd);
}

/* A loop over a device that hung up must not spin. */
static void
test_hung_up_tty(void **state)
{
	struct fixture *f = *state;
	int fd = tty_open(f), i;
	int64_t start = clock_mono_ms();

	(void)close(f->master);
	for (i = 0; i < 20; i++)
		(void)usleep(5000);
	assert_in_range(clock_mono_ms() - start, 20, 5000);
	(void)close(fd);
}

static bool
on_link(void *ctx)
{
	struct fixture *f = ctx;

	f->asked++;
	(void)GSM_AbortOperation(f->sm);
	return false;
}

/* libgammu talks to a modem that never answers: the only way to the abort is
 * through its own naps. */
static void
test_libgammu_takes_it(void **state)
{
	struct fixture *f = *state;
	int64_t start = clock_mono_ms();
	GSM_Config *config;

	assert_true(nap_is_taken());
	f->sm = GSM_AllocStateMachine();
	assert_non_null(f->sm);
	config = GSM_GetConfig(f->sm, 0);
	config->Device = xstrdup(f->link);
	config->Connection = xstrdup("at");
	config->DebugFile = xstrdup("");
	memcpy(config->Model, "at", sizeof("at"));
	GSM_SetConfigNum(f->sm, 1);
	assert_int_equal(write(f->pipe[1], "x", 1), 1);
	nap_watch_link(f->pipe[0], on_link, f);
	assert_int_not_equal(GSM_InitConnection(f->sm, 1), ERR_NONE);
	assert_int_equal(f->asked, 1);
	assert_in_range(clock_mono_ms() - start, 0, 10000);
	GSM_FreeStateMachine(f->sm);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_tty_is_found),
	    TEST(test_nap_is_cut),
	    TEST(test_full_naps),
	    TEST(test_hung_up_tty),
	    TEST(test_libgammu_takes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

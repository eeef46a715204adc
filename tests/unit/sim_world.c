/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulator as a fixture. Used by the test_sim_* programs; owns the folder
 * under the temporary directory and removes it.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#include "clock.h"
#include "sim/control.h"
#include "sim_world.h"

static int
tty_open(struct world *w, int n)
{
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/modem%d", w->dir, n);
	fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

int
world_setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	struct sim_options opt = {.nmodems = WORLD_MODEMS,
	    .nslots = WORLD_SLOTS,
	    .air_ms = WORLD_AIR_MS,
	    .at_delay_ms = 0,
	    .seed = 1};
	const char *tmp = getenv("TMPDIR");
	int n;

	(void)snprintf(w->dir, sizeof(w->dir), "%s/simtest.XXXXXX",
	    tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
	assert_non_null(mkdtemp(w->dir));
	opt.dir = w->dir;
	assert_int_equal(sim_new(&opt, &w->sim), 0);
	for (n = 1; n <= WORLD_MODEMS; n++)
		w->tty[n - 1] = tty_open(w, n);
	*state = w;
	return 0;
}

int
world_teardown(void **state)
{
	struct world *w = *state;
	char path[128];
	int n;

	for (n = 0; n < WORLD_MODEMS; n++)
		(void)close(w->tty[n]);
	sim_free(w->sim);
	(void)snprintf(path, sizeof(path), "%s/journal", w->dir);
	(void)unlink(path);
	/* links and socket must be gone, or the folder is not empty */
	assert_int_equal(rmdir(w->dir), 0);
	free(w);
	return 0;
}

static void
world_read(struct world *w, int n)
{
	size_t *len = &w->out_len[n];
	ssize_t got;

	got = read(w->tty[n], w->out[n] + *len, WORLD_OUTPUT - 1 - *len);
	if (got <= 0)
		return;
	*len += (size_t)got;
	w->out[n][*len] = '\0';
}

/* One turn of the loop, at most a few milliseconds. */
static void
world_turn(struct world *w)
{
	struct timeval tv = {0, 2000};
	int n;

	(void)event_base_loopexit(w->sim->base, &tv);
	(void)event_base_loop(w->sim->base, EVLOOP_ONCE);
	for (n = 0; n < WORLD_MODEMS; n++)
		world_read(w, n);
}

void
world_write(struct world *w, int n, const void *data, size_t len)
{
	const char *p = data;
	ssize_t done;

	w->out_len[n - 1] = 0;
	w->out[n - 1][0] = '\0';
	while (len > 0) {
		done = write(w->tty[n - 1], p, len);
		if (done < 0 && errno != EAGAIN)
			fail();
		if (done > 0) {
			p += done;
			len -= (size_t)done;
		}
		if (len > 0)
			world_turn(w);
	}
}

void
world_say(struct world *w, int n, const char *text)
{
	world_write(w, n, text, strlen(text));
}

bool
world_sees_within(struct world *w, int n, const char *needle, int ms)
{
	int64_t end = clock_mono_ms() + ms;

	while (strstr(w->out[n - 1], needle) == NULL) {
		if (clock_mono_ms() > end)
			return false;
		world_turn(w);
	}
	return true;
}

bool
world_expect(struct world *w, int n, const char *needle)
{
	if (world_sees_within(w, n, needle, WORLD_WAIT_MS))
		return true;
	print_message("expected '%s', got '%s'\n", needle, w->out[n - 1]);
	return false;
}

bool
world_ask(struct world *w, int n, const char *text, const char *needle)
{
	world_say(w, n, text);
	return world_expect(w, n, needle);
}

void
world_reopen(struct world *w, int n)
{
	(void)close(w->tty[n - 1]);
	w->tty[n - 1] = tty_open(w, n);
}

void
world_fault(struct world *w, int n, const char *kind)
{
	struct fault_request r = {kind, -1, -1, -1};

	assert_int_equal(fault_set(w->sim->modems[n - 1], &r), 0);
}

unsigned
world_text(struct world *w, int n, const char *text)
{
	char to[16];
	struct radio_text t = {.from = "0900000001",
	    .to = to,
	    .text = text,
	    .msg_class = -1,
	    .ref_bits = 8,
	    .ref = -1};
	unsigned parts;

	(void)snprintf(to, sizeof(to), "modem%d", n);
	assert_int_equal(radio_text(w->sim, &t, &parts), 0);
	return parts;
}

bool
world_inbox_has(struct world *w, const char *number, size_t count)
{
	int64_t end = clock_mono_ms() + WORLD_WAIT_MS;

	while (phones_count(&w->sim->phones, number) < count) {
		if (clock_mono_ms() > end)
			return false;
		world_turn(w);
	}
	return phones_count(&w->sim->phones, number) == count;
}

static bool
is_event(const json_t *line, const char *ev, const char *key, const char *value)
{
	const char *name = json_string_value(json_object_get(line, "ev"));
	const char *text;

	if (name == NULL || strcmp(name, ev) != 0)
		return false;
	if (key == NULL)
		return true;
	text = json_string_value(json_object_get(line, key));
	return text != NULL && strcmp(text, value) == 0;
}

size_t
world_journal_count(
    struct world *w, const char *ev, const char *key, const char *value)
{
	char path[128], *line = NULL;
	size_t size = 0, n = 0;
	json_t *o;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/journal", w->dir);
	f = fopen(path, "re");
	assert_non_null(f);
	while (getline(&line, &size, f) > 0) {
		o = json_loads(line, 0, NULL);
		assert_non_null(o); /* each line is whole */
		assert_true(json_is_integer(json_object_get(o, "t")) &&
			    json_is_integer(json_object_get(o, "modem")));
		n += is_event(o, ev, key, value);
		json_decref(o);
	}
	free(line);
	(void)fclose(f);
	return n;
}

json_t *
world_control(struct world *w, const char *line)
{
	int64_t end = clock_mono_ms() + WORLD_WAIT_MS;
	struct sockaddr_un sun;
	static char answer[WORLD_OUTPUT];
	size_t len = 0;
	ssize_t n;
	int fd;

	assert_int_equal(control_address(w->dir, &sun), 0);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	assert_int_equal(send(fd, line, strlen(line), 0), strlen(line));
	assert_int_equal(send(fd, "\n", 1, 0), 1);
	answer[0] = '\0';
	while (strchr(answer, '\n') == NULL && clock_mono_ms() < end) {
		world_turn(w);
		n = recv(fd, answer + len, sizeof(answer) - 1 - len, 0);
		if (n > 0)
			len += (size_t)n;
		answer[len] = '\0';
	}
	(void)close(fd);
	return json_loads(answer, 0, NULL);
}

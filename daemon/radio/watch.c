/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that are not there: inotify on the nearest folder that is (the whole
 * /dev/serial goes when the last stick is pulled). Used by child.c. Without
 * inotify the backoff of life.c finds them, too, within a minute.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "log.h"
#include "radio/radio_private.h"

#define SETTLE_MS 200 /* udev sets owner and mode, too */
#define FLAPS_MAX 4   /* failures after which the backoff decides alone */
#define WATCHED (IN_CREATE | IN_MOVED_TO | IN_ATTRIB)

static bool
watch_is_there(const struct modem *m)
{
	return access(m->device, F_OK) == 0;
}

/* The nearest folder above the device that exists. */
static void
watch_folder(struct radio *r, const char *device)
{
	char *path = xstrdup(device), *end;

	while ((end = strrchr(path, '/')) != NULL) {
		end[end == path] = '\0';
		if (inotify_add_watch(
			r->watch_fd, path, WATCHED | IN_ONLYDIR) >= 0 ||
		    end == path)
			break;
	}
	free(path);
}

static void
watch_stop(struct radio *r)
{
	if (r->watch != NULL)
		event_free(r->watch);
	if (r->watch_fd >= 0)
		close(r->watch_fd);
	r->watch = NULL;
	r->watch_fd = -1;
}

static void
watch_cb(evutil_socket_t fd, short what, void *arg)
{
	struct radio *r = arg;
	struct modem *m;
	bool is_needed = false;
	char events[4096];
	size_t i;

	(void)what;
	while (read(fd, events, sizeof(events)) > 0)
		;
	for (i = 0; i < r->nmodems; i++) {
		m = &r->modems[i];
		if (m->state != MODEM_ABSENT || m->pid != 0)
			continue;
		is_needed = true;
		watch_folder(r, m->device);
		if (watch_is_there(m) && m->failures < FLAPS_MAX)
			life_wait(m, SETTLE_MS);
	}
	if (!is_needed)
		watch_stop(r);
}

static int
watch_start(struct radio *r)
{
	if (r->watch_fd >= 0)
		return 0;
	r->watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (r->watch_fd < 0)
		return TC_EIO;
	r->watch =
	    event_new(r->base, r->watch_fd, EV_READ | EV_PERSIST, watch_cb, r);
	if (r->watch != NULL && event_add(r->watch, NULL) == 0)
		return 0;
	watch_stop(r);
	return TC_EIO;
}

void
watch_init(struct radio *r)
{
	r->watch_fd = -1;
}

void
watch_clear(struct radio *r)
{
	watch_stop(r);
}

void
watch_for(struct modem *m)
{
	if (watch_start(m->radio) == 0)
		watch_folder(m->radio, m->device);
	else
		log_warn("radio cannot watch for devices");
}

bool
watch_is_missing(struct modem *m)
{
	if (watch_is_there(m))
		return false;
	watch_for(m);
	return !watch_is_there(m); /* it came just now? */
}

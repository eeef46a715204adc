/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of a running simulator: turns arguments into one request by
 * a table, sends it, prints the answer. Called by main.c; owns nothing for
 * longer than a request. Exit codes: 0 done, 1 refused (with the reason on
 * standard error), 2 usage.
 */

#include "config.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.h"
#include "control.h"

#define PLACES_MAX 4
#define OPTIONS_MAX 4
#define CLIENT_CHUNK 65536

static void print_ok(const json_t *answer);
static void print_text(const json_t *answer);
static void print_inbox(const json_t *answer);
static void print_status(const json_t *answer);

struct verb {
	const char *name;
	const char *request;            /* the verb of the control socket */
	const char *places[PLACES_MAX]; /* keys of the positional arguments */
	int needed;
	const char *numbers[OPTIONS_MAX]; /* --KEY N */
	const char *flags[OPTIONS_MAX];   /* --KEY */
	void (*print)(const json_t *answer);
};

/* A place whose key is in this list is a number in the request. */
static const char *const number_places[] = {"ms", "code"};

static const struct verb verbs[] = {
    {"text", "text", {"from", "to", "text"}, 3, {"class", "ref_bits", "ref"},
	{"ucs2", "me"}, print_text},
    {"odd", "text", {"form", "from", "to", "text"}, 3, {NULL}, {NULL},
	print_text},
    {"pdu", "text", {"from", "to", "pdu"}, 3, {NULL}, {NULL}, print_text},
    {"call", "call", {"from", "to"}, 2, {"seconds", "ring_ms"}, {NULL},
	print_ok},
    {"ussd", "ussd", {"modem", "text"}, 2, {NULL}, {"more"}, print_ok},
    {"menu", "menu", {"path", "text"}, 2, {NULL}, {"more"}, print_ok},
    {"inbox", "inbox", {"number"}, 1, {NULL}, {NULL}, print_inbox},
    {"wait", "wait", {"number"}, 1, {"count", "timeout_ms"}, {NULL}, print_ok},
    {"clear", "clear", {"number"}, 0, {NULL}, {NULL}, print_ok},
    {"status", "status", {NULL}, 0, {NULL}, {NULL}, print_status},
    {"fault", "fault", {"modem", "kind", "code"}, 2, {"count", "ms", "code"},
	{NULL}, print_ok},
    {"swap", "swap", {"modem", "with"}, 2, {NULL}, {NULL}, print_ok},
    {"air", "air", {"ms"}, 1, {NULL}, {NULL}, print_ok},
    {"report", "report", {"mode"}, 1, {"ms"}, {NULL}, print_ok},
    {"quit", "quit", {NULL}, 0, {NULL}, {NULL}, print_ok},
};

/* Answers for people */

static void
print_ok(const json_t *answer)
{
	(void)answer;
}

static void
print_text(const json_t *answer)
{
	printf("%lld part(s)\n",
	    (long long)json_integer_value(json_object_get(answer, "parts")));
}

static const char *
string_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

static int
int_of(const json_t *o, const char *key)
{
	return (int)json_integer_value(json_object_get(o, key));
}

static void
print_inbox(const json_t *answer)
{
	const json_t *m;
	size_t i;

	json_array_foreach(json_object_get(answer, "messages"), i, m)
	{
		printf("%s", string_of(m, "from"));
		if (!json_is_true(json_object_get(m, "complete")))
			printf(" (%d of %d parts)", int_of(m, "parts"),
			    int_of(m, "total"));
		printf(": %s\n", string_of(m, "text"));
	}
}

static void
print_status(const json_t *answer)
{
	const json_t *m;
	char *faults;
	size_t i;

	json_array_foreach(json_object_get(answer, "modems"), i, m)
	{
		faults = json_dumps(json_object_get(m, "faults"), JSON_COMPACT);
		printf("modem%d %s %s sm=%d/%d me=%d/%d waiting=%d sent=%d "
		       "received=%d%s faults=%s\n",
		    int_of(m, "modem"), string_of(m, "number"),
		    json_is_true(json_object_get(m, "present")) ? "present"
								: "absent",
		    int_of(m, "sm_used"), int_of(m, "slots"),
		    int_of(m, "me_used"), int_of(m, "slots"),
		    int_of(m, "waiting"), int_of(m, "sent"),
		    int_of(m, "received"),
		    json_is_true(json_object_get(m, "on_air")) ? " on-air" : "",
		    faults != NULL ? faults : "{}");
		free(faults);
	}
}

/* Arguments */

void
client_usage(void)
{
	const struct verb *v;
	size_t i;
	int n;

	for (i = 0; i < TC_NELEM(verbs); i++) {
		v = &verbs[i];
		fprintf(stderr, "  %s --dir DIR", v->name);
		for (n = 0; n < PLACES_MAX && v->places[n] != NULL; n++)
			fprintf(stderr, n < v->needed ? " %s" : " [%s]",
			    v->places[n]);
		for (n = 0; n < OPTIONS_MAX && v->numbers[n] != NULL; n++)
			fprintf(stderr, " [--%s N]", v->numbers[n]);
		for (n = 0; n < OPTIONS_MAX && v->flags[n] != NULL; n++)
			fprintf(stderr, " [--%s]", v->flags[n]);
		fprintf(stderr, " [--json]\n");
	}
}

static int
usage_error(const struct verb *v, const char *what, const char *word)
{
	fprintf(stderr, "tincay-sim %s: %s %s\n", v->name, what, word);
	return CLIENT_USAGE;
}

static bool
is_listed(const char *const *list, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n && list[i] != NULL; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

static int
set_number(
    const struct verb *v, json_t *request, const char *key, const char *value)
{
	int64_t n;

	if (value == NULL || str_to_int64(value, 0, INT32_MAX, &n) != 0)
		return usage_error(v, "needs a number:", key);
	(void)json_object_set_new(request, key, json_integer(n));
	return CLIENT_DONE;
}

static int
set_place(const struct verb *v, json_t *request, int place, const char *value)
{
	const char *key;

	if (place >= PLACES_MAX || v->places[place] == NULL)
		return usage_error(v, "too many arguments:", value);
	key = v->places[place];
	if (is_listed(number_places, TC_NELEM(number_places), key))
		return set_number(v, request, key, value);
	if (!utf8_is_valid(value, strlen(value)))
		return usage_error(v, "not UTF-8:", key);
	(void)json_object_set_new(request, key, json_string(value));
	return CLIENT_DONE;
}

struct parsed {
	json_t *request;
	const char *dir;
	bool json;
};

static int
parse_option(const struct verb *v, struct parsed *p, int *i, char **argv)
{
	const char *name = argv[*i] + 2, *value = argv[*i + 1];

	if (strcmp(name, "json") == 0) {
		p->json = true;
	} else if (strcmp(name, "dir") == 0) {
		if (value == NULL)
			return usage_error(v, "needs a folder:", "--dir");
		p->dir = argv[++*i];
	} else if (is_listed(v->flags, OPTIONS_MAX, name)) {
		(void)json_object_set_new(p->request, name, json_true());
	} else if (is_listed(v->numbers, OPTIONS_MAX, name)) {
		++*i;
		return set_number(v, p->request, name, value);
	} else {
		return usage_error(v, "unknown option", argv[*i]);
	}
	return CLIENT_DONE;
}

static int
parse(const struct verb *v, int argc, char **argv, struct parsed *p)
{
	bool only_places = false;
	int i, rc, place = 0;

	for (i = 1; i < argc; i++) {
		if (!only_places && strcmp(argv[i], "--") == 0) {
			only_places = true;
			continue;
		}
		if (!only_places && strncmp(argv[i], "--", 2) == 0)
			rc = parse_option(v, p, &i, argv);
		else
			rc = set_place(v, p->request, place++, argv[i]);
		if (rc != CLIENT_DONE)
			return rc;
	}
	if (place < v->needed)
		return usage_error(v, "missing:", v->places[place]);
	if (p->dir == NULL)
		return usage_error(v, "missing:", "--dir");
	return CLIENT_DONE;
}

/* The conversation */

static int
client_connect(const char *dir)
{
	struct sockaddr_un sun;
	int fd;

	if (control_address(dir, &sun) != 0) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* Send the request, read one line; NULL when the simulator went away. */
static json_t *
client_ask(FILE *f, const json_t *request)
{
	json_t *answer = NULL;
	char *line = NULL;
	size_t size = 0;

	if (json_dumpf(request, f, JSON_COMPACT) == 0 &&
	    fputc('\n', f) != EOF && fflush(f) == 0 &&
	    getline(&line, &size, f) > 0)
		answer = json_loads(line, 0, NULL);
	free(line);
	return answer;
}

static int
client_print(const struct verb *v, const struct parsed *p, const json_t *answer)
{
	bool ok = json_is_true(json_object_get(answer, "ok"));

	if (p->json) {
		(void)json_dumpf(answer, stdout, JSON_COMPACT);
		printf("\n");
	} else if (ok) {
		v->print(answer);
	} else {
		fprintf(stderr, "tincay-sim %s: %s\n", v->name,
		    string_of(answer, "error"));
	}
	return ok ? CLIENT_DONE : CLIENT_REFUSED;
}

static int
client_run(const struct verb *v, const struct parsed *p)
{
	int fd = client_connect(p->dir), rc = CLIENT_REFUSED;
	FILE *f = fd >= 0 ? fdopen(fd, "r+") : NULL;
	json_t *answer;

	if (f == NULL) {
		fprintf(stderr, "tincay-sim %s: no simulator in %s: %s\n",
		    v->name, p->dir, strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		return CLIENT_REFUSED;
	}
	answer = client_ask(f, p->request);
	if (answer != NULL)
		rc = client_print(v, p, answer);
	else
		fprintf(stderr, "tincay-sim %s: no answer\n", v->name);
	json_decref(answer);
	(void)fclose(f);
	return rc;
}

int
client_main(int argc, char **argv)
{
	struct parsed p = {NULL, NULL, false};
	const struct verb *v = NULL;
	size_t i;
	int rc;

	for (i = 0; i < TC_NELEM(verbs); i++)
		if (strcmp(verbs[i].name, argv[0]) == 0)
			v = &verbs[i];
	if (v == NULL) {
		fprintf(stderr, "tincay-sim: unknown verb %s\n", argv[0]);
		return CLIENT_USAGE;
	}
	p.request = json_pack("{s:s}", "do", v->request);
	rc = parse(v, argc, argv, &p);
	if (rc == CLIENT_DONE)
		rc = client_run(v, &p);
	json_decref(p.request);
	return rc;
}

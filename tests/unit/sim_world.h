/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TESTS_SIM_WORLD_H
#define TINCAY_TESTS_SIM_WORLD_H

/*
 * A whole simulator inside the test program, in a folder of its own, with the
 * ttys of its modems opened. Time passes only while one of the functions here
 * waits for an event.
 */

#include <jansson.h>

#include "sim/modem.h"
#include "sim/radio.h"
#include "sim/sim.h"

#define WORLD_MODEMS 2
#define WORLD_SLOTS 3
#define WORLD_AIR_MS 20
#define WORLD_OUTPUT 65536
#define WORLD_WAIT_MS 3000

struct world {
	char dir[64];
	struct sim *sim;
	int tty[WORLD_MODEMS];
	char out[WORLD_MODEMS][WORLD_OUTPUT]; /* what each modem wrote */
	size_t out_len[WORLD_MODEMS];
};

/* cmocka setup and teardown: *state is a struct world. */
int world_setup(void **state);
int world_teardown(void **state);

/* Write to the tty of modem n (1..) and forget what it wrote so far. */
void world_write(struct world *w, int n, const void *data, size_t len);
void world_say(struct world *w, int n, const char *text);

/* Run until modem n wrote needle; false after WORLD_WAIT_MS. */
bool world_expect(struct world *w, int n, const char *needle);

/* Run for ms; true when modem n wrote needle meanwhile: for what must not
 * come. */
bool world_sees_within(struct world *w, int n, const char *needle, int ms);

/* world_say and world_expect. */
bool world_ask(struct world *w, int n, const char *text, const char *needle);

/* Open the tty again after the modem came back. */
void world_reopen(struct world *w, int n);

/* Set a fault with its defaults. */
void world_fault(struct world *w, int n, const char *kind);

/* A phone texts modem n; the number of parts. */
unsigned world_text(struct world *w, int n, const char *text);

/* Run until the inbox holds count messages. */
bool world_inbox_has(struct world *w, const char *number, size_t count);

/* How many journal lines of this event have field key with this text (key NULL:
 * all). */
size_t world_journal_count(
    struct world *w, const char *ev, const char *key, const char *value);

/* Send one request over the control socket and run until the answer (a new
 * reference) is there. */
json_t *world_control(struct world *w, const char *line);

#endif

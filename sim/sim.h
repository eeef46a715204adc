/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_SIM_H
#define TINCAY_SIM_SIM_H

/*
 * The whole simulated world: modems on ptys, one SMSC, the phones, and the
 * control socket, in one libevent loop. Everything hangs on one struct sim.
 */

#include <event2/event.h>
#include <sys/queue.h>

#include "journal.h"
#include "phone.h"

#define SIM_MODEMS_MAX 64
#define SIM_SLOTS_MAX 255
#define SIM_ZONE_MIN 420 /* Vietnam, for TP-SCTS */
#define SIM_SMSC "+84900000999"

struct control;
struct modem;
struct report;
struct ussd_page;

enum sim_report_mode {
	SIM_REPORT_ON,
	SIM_REPORT_OFF,  /* the network never reports */
	SIM_REPORT_FAIL, /* nothing reaches a phone, and the report says so */
	SIM_REPORT_NMODES
};

struct sim_options {
	const char *dir;
	unsigned nmodems;
	unsigned nslots;
	unsigned air_ms;
	unsigned at_delay_ms;
	uint64_t seed;
	const char
	    *personalities; /* "NAME[,NAME...]", see persona.h; or NULL */
	bool spill;         /* a text goes to ME when SM is full */
};

struct sim {
	struct sim_options opt;
	struct event_base *base;
	struct journal journal;
	struct modem *modems[SIM_MODEMS_MAX]; /* [0] is modem 1 */
	struct phones phones;
	struct control *control;
	enum sim_report_mode report_mode;
	unsigned report_ms;
	LIST_HEAD(, report) reports; /* on their way back */
	LIST_HEAD(, ussd_page) ussd_menu;
	uint64_t random;
	uint64_t last_id;  /* of everything that was on the air */
	unsigned last_ref; /* of long texts from phones */
};

/* Make the folder, modems, journal and control socket. 0, or an error that has
 * been logged; *out is NULL then. */
int sim_new(const struct sim_options *opt, struct sim **out) TC_MUSTCHECK;
void sim_free(struct sim *sim);

/* End the event loop. */
void sim_stop(struct sim *sim);

/* What people call a modem: "modem1", "1", or its number in any written form.
 * NULL when no modem is that. */
struct modem *sim_modem_find(struct sim *sim, const char *name);

/* The modem with this number (as phone_number() writes it), or NULL. */
struct modem *sim_modem_by_number(struct sim *sim, const char *number);

/* Pseudo-random, the same for the same --seed. */
uint64_t sim_random(struct sim *sim);

/* A timer of ms milliseconds; 0 fires in the next turn of the loop. */
void sim_timer(struct event *ev, unsigned ms);

#endif

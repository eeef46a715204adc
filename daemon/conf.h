/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CONF_H
#define TINCAY_CONF_H

/*
 * tincay.conf: what this box is (paths, address, modems). What the commune says
 * is in the content pack (intake/content.h). A struct conf is immutable after
 * conf_load(); a reload makes a new one and the caller swaps or drops it.
 *
 * doc/tincay.conf.5 describes every option; conf.c has the one table
 * behind the parser, "tincayd --print-options" and the check that compares the
 * table with the man page and the example.
 */

#include <stdio.h>

#include "faults.h"
#include "log.h"
#include "msisdn.h"
#include "optfile.h"

#define CONF_MODEMS_MAX 64
#define CONF_NAME_MAX 32

struct conf_modem {
	char *name;              /* 1..CONF_NAME_MAX of [a-z0-9_-] */
	char *device;            /* absolute path */
	char *connection;        /* libgammu's word; "at" */
	char number[MSISDN_MAX]; /* canonical; "" when not given */
	char *operator_name;     /* "" when not given */
	bool full_naps;          /* keep libgammu's pauses */
	int send_deadline_s;     /* for a segment */
	int poll_s;              /* between looks into the stores ... */
	int poll_mute_s;         /* ... of a modem that announces nothing */
	char *pin_file;          /* "" when not given */
	char *smsc;              /* "" = the SIM's own */
	int per_minute, per_hour, per_day; /* segments; 0 = no limit */
	int campaign_share;                /* percent of each of them */
	struct opt_list ussd_codes;
	char *ussd_balance; /* "" = the credit is not asked for */
	char *balance_pattern;
	int balance_hours;
	int credit_reserve; /* dong */
	int line;           /* of the section, for messages */
};

struct conf {
	char *file; /* as given to conf_load() */
	char *state_dir;
	char *content_dir;
	char *listen_host; /* numeric loopback address */
	uint16_t listen_port;
	char *control;    /* path of the Unix socket */
	char *key_source; /* as vault_open() wants it */
	enum log_level log_level;
	char *modem_program;    /* absolute path */
	char *ussd_secret_file; /* "" = nobody may call /ussd */
	struct opt_list ussd_from;
	char technician[MSISDN_MAX]; /* canonical; "" when not given */
	int alarm_after;             /* minutes */
	int alarm_undelivered;       /* reports in a row; 0 = no alarm */
	int alarms_per_day;
	int segment_price;               /* dong */
	struct opt_list webhook_private; /* names of webhooks */
	char *webhook_ca;                /* "" = the system's */
	int webhook_timeout;             /* seconds */
	struct conf_modem *modems;
	size_t nmodems;
};

/* Read and check a file. NULL when anything is wrong: then *faults has at least
 * one entry more. The caller frees with conf_free(). */
struct conf *conf_load(const char *path, struct faults *faults);
void conf_free(struct conf *conf);

/* NULL when no section has this name. */
const struct conf_modem *conf_modem_by_name(
    const struct conf *conf, const char *name);

/* The first option that differs between the two and cannot be changed while the
 * daemon runs, or NULL: a reload that returns one needs a restart. */
const char *conf_needs_restart(
    const struct conf *running, const struct conf *wanted);

/* One line per option: key, type, default, reloadable ("reload" | "restart"),
 * help; separated by tabs. Keys of sections are "modem.device". Options without
 * a default show "-". */
void conf_print_options(FILE *out);

#endif

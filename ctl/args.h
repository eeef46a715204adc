/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_ARGS_H
#define TINCAY_CTL_ARGS_H

/*
 * The command line as tables. A verb names its operands and options in rows;
 * one parser reads them all, checks every value before anything is sent, and
 * writes the help from the same rows.
 */

#include <stdio.h>

#include "ctl/check.h"
#include "util.h"

struct ctl;

#define ARGS_OPERANDS_MAX 12
#define ARGS_OPTIONS_MAX 32 /* of one verb, the global ones included */

/* How often an operand stands there; what need not be there stands last. */
enum operand_need {
	OPERAND_ONCE = false,
	OPERAND_OPTIONAL = true,
	OPERAND_REPEATED /* optional, and as often as one likes */
};

/* One operand. The last row of a table has no name. */
struct operand {
	const char *name;          /* as the help shows it: "NAME" */
	const struct check *check; /* NULL: any text */
	enum operand_need need;
};

/* One option. The last row of a table has no name. */
struct option_row {
	const char *name; /* without the dashes */
	const char *arg;  /* name of its value; NULL: a flag */
	const char *help; /* Vietnamese, one line */
	const struct check *check;
	bool required;
	char letter; /* short form, 0: none */
};

struct args;

struct verb {
	const char *name;    /* NULL: the group is the whole command */
	const char *summary; /* Vietnamese, one line */
	const char *notes;   /* more help, may be NULL */
	const struct operand *operands;   /* NULL: none */
	const struct option_row *options; /* NULL: none but the global ones */
	int (*run)(struct ctl *c, const struct args *a); /* an exit code */
};

struct verb_group {
	const char *name;
	const char *summary;
	const struct verb *verbs; /* the last one has no function */
};

struct args {
	const struct verb *verb;
	const struct option_row *rows[ARGS_OPTIONS_MAX];
	const char
	    *values[ARGS_OPTIONS_MAX]; /* NULL: not given; "" for flags */
	size_t nrows;
	const char *operands[ARGS_OPERANDS_MAX];
	size_t noperands;
	char error[512]; /* why it was refused, Vietnamese, safe to show */
};

/*
 * Read argv from index *at on. Without a verb: the global options only, and
 * stop at the first operand, whose index goes to *at. With one: its options,
 * the global ones and its operands. Called again on the same struct args
 * (zeroed before the first time), what was found stays. 0, or TC_EINVAL and
 * a->error. Values point into argv.
 */
int args_parse(struct args *a, const struct verb *verb, int argc, char **argv,
    int *at) TC_MUSTCHECK;

/* After parsing with a verb: is everything there that it requires? Asked apart,
 * so that --help needs nothing else. 0, or TC_EINVAL and a->error. */
int args_complete(struct args *a) TC_MUSTCHECK;

/* The value of an option that the verb has in its table ("" for a flag), NULL
 * when it was not given. */
const char *args_get(const struct args *a, const char *name);

/* Operand i, NULL when it was not given. */
const char *args_operand(const struct args *a, size_t i);

/* "campaign new NAME --list LIST [--text TEXT]" */
void args_usage(
    FILE *out, const struct verb_group *group, const struct verb *verb);

/* The whole help of a verb; of a group; of the program. */
void args_help_verb(
    FILE *out, const struct verb_group *group, const struct verb *verb);
void args_help_group(FILE *out, const struct verb_group *group);
void args_help(FILE *out, const struct verb_group *groups, size_t n);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OPTFILE_H
#define TINCAY_OPTFILE_H

/*
 * One option file, read by a table: tincay.conf and the files of a content pack
 * have the same syntax (libconfuse) and the same rules.
 *
 * A row per option says where its value goes in a struct. Values are read as
 * text and checked here, so that all faults of meaning (unknown option, given
 * twice, out of range ...) are reported in one run, each with its line; a fault
 * of syntax ends the reading and is reported alone. "${" is refused: libconfuse
 * would put the environment there.
 */

#include <stdio.h>

#include "faults.h"

#define OPTFILE_MAX (1024 * 1024) /* bytes of a file */

enum opt_type {
	OPT_TEXT, /* char *; min..max bytes */
	OPT_PATH, /* char *; absolute */
	OPT_INT,  /* int; min..max */
	OPT_BOOL, /* bool; true|false|yes|no|on|off */
	OPT_TIME, /* int, minutes since midnight; written "07:30" */
	OPT_WORD, /* int or enum, index into words */
	OPT_LIST, /* struct opt_list of texts, each min..max bytes */
	OPT_NTYPES
};

struct opt {
	const char *key;
	enum opt_type type;
	int min;
	int max;
	const char *const *words; /* OPT_WORD: NULL-terminated */
	const char *def;  /* as one would write it; NULL: must be given */
	bool reloadable;  /* for opts_print() and opts_changed() */
	const char *help; /* one line, for opts_print() */
	size_t offset;    /* of the value in the struct that is filled */
};

struct opt_value {
	char *text;
	int line;
};
struct opt_list {
	struct opt_value *items;
	size_t n;
};

/* What may stand in a file: the options at the top, and titled sections. */
struct opt_section {
	const char *name;
	const struct opt *opts;
	size_t nopts;
};

struct optfile;
struct optsec; /* one section of a file, or its top */

/*
 * Read a file. sections[0] is the top and has no name. NULL when the file
 * cannot be read or has a fault of syntax. Unknown options, options given twice
 * and sections whose title was used before are reported, but the rest is
 * returned, so that the caller can go on looking for faults. The caller frees
 * with optfile_free() and keeps the result while it uses struct optsec.
 */
struct optfile *optfile_read(const char *path,
    const struct opt_section *sections, size_t nsections,
    struct faults *faults);
void optfile_free(struct optfile *f);
const char *optfile_path(const struct optfile *f);

/* The top (section 0), or the i-th section of a kind in the order of the file;
 * NULL behind the last. */
const struct optsec *optfile_section(
    const struct optfile *f, size_t kind, size_t i);
const char *optsec_title(const struct optsec *s); /* "" at the top */

const struct opt_section *optsec_kind(const struct optsec *s);
const char *optsec_path(const struct optsec *s); /* of the file */

/* The n-th value of an option as written, and its line; NULL behind the last,
 * with the line of the section (0 at the top). */
const char *optsec_text(
    const struct optsec *s, const char *key, size_t n, int *line);

/* The line of an option's first value; of the section when it was not given. */
int optsec_line(const struct optsec *s, const char *key);
/* Was it written in the file? */
bool optsec_is_given(const struct optsec *s, const char *key);

/* Check the section's values and store them, defaults included, into the struct
 * at base. Texts and lists are new memory, freed by opts_clear(). Faulty values
 * are reported and their default stored. */
void optsec_fill(const struct optsec *s, void *base, struct faults *faults);

/* The key of the first option that is not reloadable and differs between two
 * structs that optsec_fill() filled, or NULL. */
const char *opts_changed(
    const struct opt *opts, size_t n, const void *a, const void *b);

/* Free what optsec_fill() stored. */
void opts_clear(const struct opt *opts, size_t n, void *base);

/* One line per row: prefix and key, type, default, "reload" or "restart", help;
 * separated by tabs. An option without a default shows "-", an empty default
 * "". */
void opts_print(
    FILE *out, const char *prefix, const struct opt *opts, size_t n);

#endif

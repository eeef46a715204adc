/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FAULTS_H
#define TINCAY_FAULTS_H

/*
 * A list of what is wrong with the files that a program was given, so that a
 * person sees all of it at once: "file:line: what and why". Whoever loads
 * collects, the caller prints. Over FAULTS_MAX they are only counted.
 */

#include "util.h"

#define FAULTS_MAX 200

struct fault {
	char *file;
	int line;   /* 0 when it concerns the whole file */
	char *what; /* lower case, no final dot */
};

struct faults {
	struct fault *list;
	size_t n;
	size_t more; /* faults over FAULTS_MAX, counted only */
};

void faults_init(struct faults *f);
void faults_clear(struct faults *f);

/* Append one. line 0 means the whole file. */
void faults_add(struct faults *f, const char *file, int line, const char *fmt,
    ...) TC_PRINTF(4, 5);

/* Order by file and line, keeping the order of faults of one line. */
void faults_sort(struct faults *f);

/* "file:line: what" (or "file: what") of entry i, a new string that the caller
 * frees. */
char *faults_text(const struct faults *f, size_t i);

#endif

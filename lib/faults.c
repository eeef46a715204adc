/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of faults that a loader of files collects (tincay.conf, the content
 * pack, later the imports) and a program prints. Owns its strings. Nothing here
 * fails; entries over FAULTS_MAX are only counted.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

void
faults_init(struct faults *f)
{
	memset(f, 0, sizeof(*f));
}

void
faults_clear(struct faults *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		free(f->list[i].file);
		free(f->list[i].what);
	}
	free(f->list);
	faults_init(f);
}

void
faults_add(struct faults *f, const char *file, int line, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	if (f->n == FAULTS_MAX) {
		f->more++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);

	f->list = xreallocarray(f->list, f->n + 1, sizeof(*f->list));
	f->list[f->n].file = xstrdup(file);
	f->list[f->n].line = line;
	f->list[f->n].what = xstrdup(what);
	f->n++;
}

static bool
fault_is_after(const struct fault *a, const struct fault *b)
{
	int c;

	c = strcmp(a->file, b->file);
	return c > 0 || (c == 0 && a->line > b->line);
}

/* By insertion: it is stable, and the list is short. */
void
faults_sort(struct faults *f)
{
	struct fault x;
	size_t i, j;

	for (i = 1; i < f->n; i++) {
		x = f->list[i];
		for (j = i; j > 0 && fault_is_after(&f->list[j - 1], &x); j--)
			f->list[j] = f->list[j - 1];
		f->list[j] = x;
	}
}

char *
faults_text(const struct faults *f, size_t i)
{
	const struct fault *x = &f->list[i];

	if (x->line == 0)
		return xasprintf("%s: %s", x->file, x->what);
	return xasprintf("%s:%d: %s", x->file, x->line, x->what);
}

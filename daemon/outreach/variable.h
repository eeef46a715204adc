/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_VARIABLE_H
#define TINCAY_VARIABLE_H

/*
 * The {variables} of a campaign's text: a table of names, never an expression.
 *
 *   {chu_de_nam}  the motto of the plan year (broadcast.conf)
 *   {xa}          the commune's name
 *   {duong_day}   all hotlines of commune.conf: "113, 114, 115"
 *   {so_113}      one of them, as it stands there
 *   {ten_113}     what it is called there
 *   {thon}        the reader's own hamlet: stays until the text goes out
 */

#include "intake/content.h"

struct buf;

#define VARIABLE_NAME_MAX 40

struct variables {
	const struct content *content;
	int year; /* of the plan */
};

/* Append text with every variable but {thon} filled. 0; TC_EINVAL: one is not
 * known or has no value, or a brace stands alone: unknown says which. TC_EFULL.
 */
int variables_fill(const struct variables *v, const char *text, struct buf *out,
    char unknown[VARIABLE_NAME_MAX]) TC_MUSTCHECK;

#endif

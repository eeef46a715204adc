/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_AGE_H
#define TINCAY_AGE_H

/*
 * Does a text say that a child is in it (R27)? Ages as people write them:
 * "em 14 tuổi", "14t", "mười lăm tuổi", "chưa đủ 18 tuổi", in any form that the
 * matcher knows. A class at school is no age, and a year is none.
 */

#include "util.h"

enum age_of {
	AGE_NONE, /* no age counts */
	AGE_OWN,  /* the writer's own: "em 14 tuổi", not "con em 5 tuổi" */
	AGE_ANY,  /* anybody's in the text */
	AGE_NKINDS
};

/* Is such an age below 18 in a text as fold_text() made it? */
bool age_is_child(const char *folded, enum age_of whose);

#endif

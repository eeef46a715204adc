/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_GUARD_H
#define TINCAY_GUARD_H

/*
 * M19: no text that leaves holds words of a trusted address or the number of
 * somebody who keeps one. The addresses cannot be read here: what is compared
 * are fingerprints of word runs (lib/wordrun.h). Asked for every text of every
 * road: replies, duty texts, campaigns, USSD screens, and the whole content
 * pack when one is loaded.
 *
 * It guards against mistakes: who spells an address letter by letter passes.
 */

#include "core.h"
#include "util.h"

struct content;

/* May it leave? 0; TC_EDENIED; TC_EINVAL: not UTF-8, or too long to be looked
 * at; TC_EIO: nobody knows, so it must not. Texts that passed are
 * remembered by a keyed hash until an address is added or removed. */
int outbox_guard(struct core *c, const char *text) TC_MUSTCHECK;

/* The same for every text of a pack, loaded or not. 0; TC_EDENIED with *name of
 * the first text that may not leave; as above. */
int outbox_guard_content(struct core *c, const struct content *content,
    const char **name) TC_MUSTCHECK;

#endif

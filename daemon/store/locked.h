/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_LOCKED_H
#define TINCAY_STORE_LOCKED_H

/* What a daemon without its data key needs: a few facts about this database, and
 * what came in meanwhile, sealed and in the order of arrival. Verbs return as
 * store.h says. */

#include "store/store.h"

struct buf;

/* A fact by its name: append it to out, or write it once. get: TC_ENOENT; put:
 * TC_EEXIST. */
int store_house_get(
    struct store *s, const char *name, struct buf *out) TC_MUSTCHECK;
int store_house_put(struct store *s, const char *name, const void *data,
    size_t len) TC_MUSTCHECK;

int store_locked_add(
    struct store *s, const void *sealed, size_t len, int64_t at) TC_MUSTCHECK;

/* The first that waits; its seal is appended. TC_ENOENT. */
int store_locked_first(
    struct store *s, int64_t *id, struct buf *sealed) TC_MUSTCHECK;
int store_locked_remove(struct store *s, int64_t id) TC_MUSTCHECK;

/* It cannot be opened or taken in: kept for a person, not looked at again. */
int store_locked_spoil(struct store *s, int64_t id) TC_MUSTCHECK;

struct locked_figures {
	int64_t waiting, oldest_at, spoilt;
};
int store_locked_figures(
    struct store *s, struct locked_figures *out) TC_MUSTCHECK;

#endif

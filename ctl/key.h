/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_KEY_H
#define TINCAY_CTL_KEY_H

/* What the key and the case verbs share: opening a key file with its
 * passphrase. */

#include "util.h"

struct ctl;
struct keyfile;

/* Ask for the passphrase (or read it from file) and open the key. CTL_OK, or an
 * exit code and it was told. The caller closes *out. */
int key_open(struct ctl *c, const char *path, const char *file,
    struct keyfile **out) TC_MUSTCHECK;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_KEY_H
#define TINCAY_CTL_KEY_H

/* What the key and the case verbs share: opening a key file with its
 * passphrase. */

#include <jansson.h>

#include "util.h"

struct args;
struct buf;
struct ctl;
struct keyfile;
struct keyfile_public;
struct option_row;

/* Ask for the passphrase (or read it from file) and open the key. A handler's own
 * opens his copy of his agency's, which the daemon keeps for him. CTL_OK, or an
 * exit code and it was told. The caller closes *out. */
int key_open(struct ctl *c, const char *path, const char *file,
    struct keyfile **out) TC_MUSTCHECK;

/* A new key of pub->agency into a file; or the public half of one that is there.
 * CTL_OK or told. */
int key_make(struct ctl *c, const char *path, const char *file,
    struct keyfile_public *pub) TC_MUSTCHECK;
int key_take(struct ctl *c, const char *path, const char *file,
    struct keyfile_public *pub) TC_MUSTCHECK;

/* Does the daemon hold exactly this key? */
bool key_is_registered(struct ctl *c, const struct keyfile_public *pub);

/* The public key of an agency, from the daemon. CTL_OK or told. */
int key_of_agency(
    struct ctl *c, const char *agency, unsigned char pk[32]) TC_MUSTCHECK;

/* The fingerprint of the "public_key" in done into b, and done as JSON where that
 * is wanted. Takes the reference of done. CTL_OK or told. */
int key_fingerprint(struct ctl *c, json_t *done, struct buf *b) TC_MUSTCHECK;

/* Tell why a key file cannot be used; CTL_REFUSED. */
int key_refuse(const struct ctl *c, const char *path, int rc);

/* --- key_share.c --- */

/* With a handler's own key: his copy of the agency's. CTL_OK or told. */
int key_take_own(struct ctl *c, const struct keyfile *user,
    struct keyfile **out) TC_MUSTCHECK;
/* The new key of an agency for everybody who had the last one. CTL_OK or told. */
int key_share_all(struct ctl *c, const struct keyfile *kf) TC_MUSTCHECK;

extern const struct operand key_share_operands[], key_holders_operands[];
extern const struct option_row key_mine_options[], key_share_options[];
int key_mine(struct ctl *c, const struct args *a);
int key_share(struct ctl *c, const struct args *a);
int key_holders(struct ctl *c, const struct args *a);

extern const struct option_row key_rotate_options[], key_recover_options[];
int key_rotate(struct ctl *c, const struct args *a);
int key_recover(struct ctl *c, const struct args *a);

#endif

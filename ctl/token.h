/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_TOKEN_H
#define TINCAY_CTL_TOKEN_H

/*
 * The file with the tokens of login, one for each server:
 *   { "tincay_tokens": 1, "servers": { "unix:/run/...": "TOKEN" } }
 * Mode 0600, of this user or root, written whole or not at all. A file that
 * others can read is refused, not repaired: its tokens may be known.
 */

#include "util.h"

/* Where the file is: given (an option), else $TINCAY_TOKEN_FILE, else
 * $XDG_CONFIG_HOME/tincay/token, else ~/.config/tincay/token. A new string,
 * NULL when there is no home; the caller frees it. */
char *token_path(const char *given);

/* 0 and a new string that the caller wipes and frees; TC_ENOENT (no file or no
 * token for this server), TC_EDENIED (owner, mode, not a regular file),
 * TC_EINVAL (not a token file), TC_EIO. */
int token_load(const char *path, const char *server, char **token) TC_MUSTCHECK;

/* Put a token in, in place of the one of this server; makes the last two
 * folders (0700) when they are missing. 0 or as above. */
int token_save(
    const char *path, const char *server, const char *token) TC_MUSTCHECK;

/* Take the token of this server out. 0, also when there was none; else as
 * above. */
int token_forget(const char *path, const char *server) TC_MUSTCHECK;

/* May this go into a header: 1 to 512 visible ASCII characters. */
bool token_is_valid(const char *token);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_USER_H
#define TINCAY_STORE_USER_H

/* Users, sessions, agencies and remembered answers (Idempotency-Key). Verbs
 * return as store.h says. */

#include "store.h"

#define USER_NAME_MAX 40   /* [a-z0-9._-], NUL included */
#define AGENCY_CODE_MAX 16 /* [A-Z0-9], NUL included */
#define USER_HASH_MAX 128  /* crypto_pwhash_str */

enum role {
	ROLE_ADMIN =
	    1 << 0, /* users, keys, modems; reads no case, sends nothing */
	ROLE_DRAFTER = 1 << 1, /* people, lists, campaign drafts */
	ROLE_APPROVER =
	    1 << 2, /* approves another's campaign, starts, pauses, cancels */
	ROLE_HANDLER = 1 << 3,    /* the cases of his agency */
	ROLE_TECHNICIAN = 1 << 4, /* modems and queues, no people, no texts */
	ROLE_SETUP =
	    1 << 5, /* root or the service's user on the control socket:
			       may set up, nothing else; never stored */
	ROLE_REVIEWER =
	    1 << 6 /* reads what other agencies did and looked at, no
				  case */
};
#define ROLE_LAST ROLE_REVIEWER

struct user {
	int64_t id;
	char name[USER_NAME_MAX];
	char agency[AGENCY_CODE_MAX]; /* "" = none */
	unsigned roles;
	char password[USER_HASH_MAX];
	int64_t created_at;
	int64_t revoked_at; /* 0 = active */
};

/* "admin,handler" <-> bits. parse: 0 or TC_EINVAL. */
const char *role_name(enum role role);
int role_parse(const char *name, unsigned *bit) TC_MUSTCHECK;

int store_user_add(struct store *s, const struct user *u) TC_MUSTCHECK;
int store_user_by_name(
    struct store *s, const char *name, struct user *out) TC_MUSTCHECK;
int store_user_by_id(
    struct store *s, int64_t id, struct user *out) TC_MUSTCHECK;
/* Revokes and drops his sessions at once (M12). */
int store_user_revoke(
    struct store *s, const char *name, int64_t now) TC_MUSTCHECK;
/* Another password; his sessions end but for the one with this token. */
int store_user_set_password(struct store *s, int64_t user_id, const char *hash,
    const unsigned char token_hash[32]) TC_MUSTCHECK;
typedef int (*store_user_cb)(const struct user *u, void *ctx);
int store_user_each(struct store *s, store_user_cb cb, void *ctx) TC_MUSTCHECK;

int store_session_add(struct store *s, const unsigned char hash[32],
    int64_t user_id, int64_t now, int64_t expires_at) TC_MUSTCHECK;
/* The active user of an unexpired session, or TC_ENOENT. */
int store_session_user(struct store *s, const unsigned char hash[32],
    int64_t now, struct user *out) TC_MUSTCHECK;
int store_session_remove(
    struct store *s, const unsigned char hash[32]) TC_MUSTCHECK;
int store_session_purge(struct store *s, int64_t now) TC_MUSTCHECK;

/* Numbers of a user and his household, as keyed hashes (VAULT_PERSON). Twice is
 * once; remove: TC_ENOENT when it was not there. */
int store_staff_add(
    struct store *s, const unsigned char mac[32], int64_t user_id) TC_MUSTCHECK;
int store_staff_remove(
    struct store *s, const unsigned char mac[32], int64_t user_id) TC_MUSTCHECK;
/* The agencies of those whose number it is: how many, at most max. */
int store_staff_agencies(struct store *s, const unsigned char mac[32],
    char agencies[][AGENCY_CODE_MAX], size_t max) TC_MUSTCHECK;

struct agency {
	char code[AGENCY_CODE_MAX];
	unsigned char public_key[32];
	int64_t key_set_at;
};
/* TC_EEXIST when the agency has a key already. */
int store_agency_set_key(struct store *s, const char *code,
    const unsigned char pk[32], int64_t now) TC_MUSTCHECK;
int store_agency_get(
    struct store *s, const char *code, struct agency *out) TC_MUSTCHECK;

/* The answer to a request under an Idempotency-Key; keyed hashes of both. */
struct answer {
	unsigned char key[32]; /* of the user and his key */
	unsigned char request[32];
	int status;
	char *body;
	int64_t at;
};
/* Look for the answer to a->request under a->key: 0 with status and body (the
 * caller frees it); TC_ENOENT; TC_ESTATE: the key was used for another request.
 */
int store_answer_get(struct store *s, struct answer *a) TC_MUSTCHECK;
int store_answer_put(struct store *s, const struct answer *a) TC_MUSTCHECK;
int store_answer_purge(struct store *s, int64_t before) TC_MUSTCHECK;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_ADDRESS_H
#define TINCAY_ADDRESS_H

/*
 * The trusted addresses of the commune (M19). Who keeps one, where it is and how
 * one gets there is sealed to DCTC at the keeper's side and never readable here;
 * the daemon has a label ("A"), the number of places, and fingerprints by which
 * the outbox knows the words (outbox/guard.h). A place is given to a case by
 * voice or in person, never by a text: what is recorded is label and case.
 *
 * Only handlers of DCTC see and act: TC_EDENIED for everybody else. Inside a
 * turn op; every function but the two that list leaves a line in the ledger.
 */

#include "core.h"
#include "store/address.h"
#include "store/user.h"

#define AGENCY_DCTC "DCTC"
#define ADDRESS_LABEL_MAX 8
#define ADDRESS_SEALED_MAX 8192
#define ADDRESS_RUNS_MAX 400
#define ADDRESS_PLACES_MAX 99

/* "A" to "Z", "AA" ... of an id; the id of a label, 0: it is none. */
void address_label(int64_t id, char out[ADDRESS_LABEL_MAX]);
int64_t address_id(const char *label);

/* What the fingerprints are made with: the key, and the phrases whose words are
 * public anyway (cb for each). */
typedef void (*address_phrase_cb)(const char *phrase, void *ctx);
int address_key(
    struct core *c, const struct user *u, unsigned char key[32]) TC_MUSTCHECK;
void address_public(const struct core *c, address_phrase_cb cb, void *ctx);

struct address_new {
	int places;
	const struct buf *sealed;
	const unsigned char (*runs)[ADDRESS_MAC];
	size_t nruns;
	const char *text; /* out: of the pack, which holds words of it */
};
/* Register one; label is set. TC_EINVAL: no places, sealed to nobody, no
 * fingerprint; TC_EEXIST: a text of the content pack holds it (text says which),
 * nothing is registered; TC_ENOTREADY: DCTC has no key. */
int address_add(struct core *c, const struct user *u, struct address_new *a,
    char label[ADDRESS_LABEL_MAX]) TC_MUSTCHECK;

int address_each(struct core *c, const struct user *u, store_address_cb cb,
    void *ctx) TC_MUSTCHECK;

/* One, with what is sealed: a view that is on record. TC_ENOENT. */
int address_view(struct core *c, const struct user *u, const char *label,
    struct address_row *row, struct buf *sealed) TC_MUSTCHECK;

/* It is gone, its fingerprints too. TC_ENOENT; TC_ESTATE: somebody is there. */
int address_remove(
    struct core *c, const struct user *u, const char *label) TC_MUSTCHECK;

/* Sealed anew to the present key of DCTC. TC_ENOENT, TC_EINVAL. */
int address_reseal(struct core *c, const struct user *u, const char *label,
    const struct buf *sealed) TC_MUSTCHECK;

struct address_wish {
	const char *label, *code;
	const char *how; /* "voice" or "person" */
	int places;
	const char *why; /* out, for TC_EAGAIN */
};
/* A place for a case that this user has. TC_ENOENT: no such address or case;
 * TC_EDENIED: another has it; TC_EINVAL: how, places; TC_EFULL: not so many are
 * free; TC_EEXIST: it has a place; TC_ESTATE: not claimed; TC_EAGAIN: by voice
 * without a call in the last day, or without the safe word that she chose. */
#define ADDRESS_CALL_S INT64_C(86400)
int address_assign(struct core *c, const struct user *u,
    struct address_wish *wish) TC_MUSTCHECK;

/* She left. TC_ENOENT: this case has no place there. */
int address_release(struct core *c, const struct user *u,
    const struct address_wish *wish) TC_MUSTCHECK;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CTL_ADDRESS_H
#define TINCAY_CTL_ADDRESS_H

/*
 * A trusted address on the side of its keepers: read from a file of theirs,
 * sealed to DCTC, and its fingerprints, by which the daemon knows the words
 * without knowing them (lib/wordrun.h).
 */

#include <jansson.h>

#include "ctl/keyfile.h"
#include "wordrun.h"

struct buf;
struct ctl;

/* What is known of one; the keys of the file and of what is sealed. */
enum address_field {
	ADDRESS_NAME,      /* what the keepers call it */
	ADDRESS_PLACE,     /* where it is */
	ADDRESS_KEEPER,    /* who keeps it */
	ADDRESS_PHONE,     /* their number, canonical */
	ADDRESS_TRANSPORT, /* how one gets there */
	ADDRESS_NFIELDS
};
#define ADDRESS_FIELD_MAX 512

struct address {
	char fields[ADDRESS_NFIELDS][ADDRESS_FIELD_MAX];
};

/* "place: ..." a line, place, keeper and phone required. 0; TC_EINVAL: *why is
 * Vietnamese. */
int address_parse(
    char *text, struct address *out, const char **why) TC_MUSTCHECK;

/* {"name": ...}, padded and sealed: appends to out. 0, TC_ECRYPTO, TC_EFULL. */
int address_seal(const struct address *a, const unsigned char pk[KEYFILE_KEY],
    struct buf *out) TC_MUSTCHECK;
/* 0, TC_ECRYPTO (not for this key), TC_EPROTO (something else is in it). */
int address_open(const struct keyfile *kf, const void *sealed, size_t len,
    struct address *out) TC_MUSTCHECK;

/* In clear, as an object to show. */
json_t *address_json(const struct address *a);

/* The fingerprints of all runs that are not public, as base64 in a new array.
 * TC_EINVAL: the place cannot be recognised: it has fewer than three words, or
 * nothing but public ones. */
int address_fingerprints(const struct address *a,
    const unsigned char key[WORDRUN_KEY], const struct wordrun_public *p,
    json_t **out) TC_MUSTCHECK;

/* Seal every address anew that is sealed to the last key of DCTC. CTL_OK or
 * told. */
struct address_resealing {
	const struct keyfile *kf; /* opens them */
	const unsigned char *pk;  /* they are sealed to it */
	size_t done, bad;         /* bad: kf does not open it */
};
int address_reseal_all(struct ctl *c, struct address_resealing *x) TC_MUSTCHECK;

/* What a run is known by (wordrun.h): as the daemon computes it. */
void address_fingerprint(const unsigned char key[WORDRUN_KEY], const char *run,
    size_t len, unsigned char out[WORDRUN_MAC]);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SPOOL_H
#define TINCAY_SPOOL_H

/*
 * What a child must not forget: results of sends, delivery reports and calls,
 * until tincayd has committed what they cause (ACK), and the fact that a send
 * has begun. One append-only file per modem; see design.md section 3.
 *
 *   BEGIN part     written before libgammu is asked to send, not synced
 *   RESULT         its end; `late` when the modem may still answer
 *   REPORT, CALL   with the number encrypted under the key of CONFIG, padded,
 *                  or left out when there is no key. Without one, what was
 *                  encrypted before is kept as it is, and not told.
 *   ACK id         the entry may be forgotten
 *   HEAD           first record of a rewritten file: the next id
 *
 * A record is a frame (lib/frame.h) whose body ends with a checksum; what
 * follows the last whole record after a crash is cut off. The order for an
 * entry is: append, tell tincayd, then spool_sync(), so that the disk works
 * while tincayd does.
 *
 * The lock is a file beside it (PATH.lock), because the spool itself is
 * replaced when it is rewritten. It is held for the life of the child: two
 * children never talk to one modem.
 */

#include "chacha20.h"
#include "modemlink.h"

#define SPOOL_REWRITE_SIZE (64 * 1024)
#define SPOOL_SIZE_MAX (8 * 1024 * 1024)

#define SPOOL_NUMBER (ML_NAME_MAX + 8) /* of a number, encrypted */

struct spool_entry {
	enum ml_type type; /* ML_RESULT, ML_REPORT_IN or ML_CALL_IN */
	uint64_t part_id;  /* of ML_RESULT */
	bool late;         /* of ML_RESULT */
	bool
	    is_closed; /* its number waits for a child with the key: not told */
	unsigned char closed[CHACHA20_NONCE + SPOOL_NUMBER];
	union ml_body body;
};

struct spool {
	char path[ML_PATH_MAX];
	int lock_fd, fd;
	bool has_key;
	unsigned char key[CHACHA20_KEY];
	uint64_t next_id;
	size_t size;
	bool is_sending; /* a BEGIN without its RESULT */
	uint64_t part_id;
	bool is_late;                /* the last RESULT was `late` */
	struct spool_entry *entries; /* not acknowledged, oldest first */
	size_t nentries, cap;
};

void spool_init(struct spool *s);

/* Close the file and give the lock back. */
void spool_clear(struct spool *s);

/* Take the lock of the spool at path. 0; TC_EAGAIN: another child has it;
 * TC_EINVAL: path too long; TC_EIO. */
int spool_lock(struct spool *s, const char *path) TC_MUSTCHECK;

/* Read the spool, cut off a torn end. key may be NULL. Afterwards entries,
 * is_sending and is_late tell what the last child left. 0 or TC_EIO. */
int spool_open(
    struct spool *s, const unsigned char key[CHACHA20_KEY]) TC_MUSTCHECK;

/* A send is about to begin. 0; TC_EIO, TC_EFULL: not written, do not send. */
int spool_begin(struct spool *s, uint64_t part_id) TC_MUSTCHECK;

/* These give the entry its spool id (in the body, also when the write fails:
 * tincayd must hear of it all the same) and append it. 0, TC_EIO, TC_EFULL. */
int spool_result(struct spool *s, uint64_t part_id, struct ml_result *r,
    bool late) TC_MUSTCHECK;
int spool_report(struct spool *s, struct ml_report_in *r) TC_MUSTCHECK;
int spool_call(struct spool *s, struct ml_call_in *c) TC_MUSTCHECK;

/* What was appended is on disk. 0 or TC_EIO. */
int spool_sync(struct spool *s) TC_MUSTCHECK;

/* Forget an entry, and rewrite the file when it has grown. 0; TC_ENOENT: no
 * such entry (acknowledged twice); TC_EIO. */
int spool_ack(struct spool *s, uint64_t spool_id) TC_MUSTCHECK;

#endif

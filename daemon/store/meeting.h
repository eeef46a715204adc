/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_MEETING_H
#define TINCAY_STORE_MEETING_H

/* Events that people are invited to, and their guests; "event" is a line of the
 * ledger of cases here (store/case.h). Verbs return as store.h says. */

#include "store/store.h"
#include "store/user.h"

#define MEETING_NAME_MAX 64
#define MEETING_PLACE_MAX 64
#define MEETING_LISTS_MAX 16
#define MEETING_NUMBER_MAX 99

struct meeting {
	int64_t id;
	int number; /* what guests text: SK 2 */
	char name[MEETING_NAME_MAX], place[MEETING_PLACE_MAX];
	int64_t starts_at;
	char state[12]; /* "draft", "approved", "cancelled" */
	int64_t author_id;
	char author[USER_NAME_MAX], approver[USER_NAME_MAX]; /* read only */
	int64_t created_at;
	/* read only */
	char lists[1024];           /* names, a line each */
	int64_t guests, left;       /* who comes; who took it back */
	int64_t reminded, reminder; /* were texted; still to be */
};

int store_meeting_add(struct store *s, const struct meeting *e) TC_MUSTCHECK;
/* Name, place, time and number; a draft again. TC_ESTATE: it is cancelled. With
 * is_unlisting its lists are gone. */
int store_meeting_edit(
    struct store *s, const struct meeting *e, bool is_unlisting) TC_MUSTCHECK;
int store_meeting_add_list(
    struct store *s, int64_t id, int64_t list_id) TC_MUSTCHECK;
int store_meeting_get(
    struct store *s, int64_t id, struct meeting *out) TC_MUSTCHECK;
typedef int (*store_meeting_cb)(const struct meeting *e, void *ctx);
/* Those that begin after a time, the first one first. Returns how many. */
int store_meeting_each(struct store *s, int64_t after, store_meeting_cb cb,
    void *ctx) TC_MUSTCHECK;
/* TC_ESTATE: it is in another state. */
int store_meeting_approve(
    struct store *s, int64_t id, int64_t approver_id) TC_MUSTCHECK;
int store_meeting_cancel(struct store *s, int64_t id) TC_MUSTCHECK;

/* The smallest number that no event has which is still to come, into *number. */
int store_meeting_free_number(
    struct store *s, int64_t now, int *number) TC_MUSTCHECK;
/* The approved event of this number that is still to come, or (number 0) the
 * next one; TC_ENOENT. */
int store_meeting_coming(
    struct store *s, int number, int64_t now, struct meeting *out) TC_MUSTCHECK;

/* He comes. 1 he is new or comes after all, 0 he was on it. */
int store_guest_join(struct store *s, int64_t event_id, int64_t person_id,
    int64_t now) TC_MUSTCHECK;
/* He does not come. TC_ENOENT: he was not on it. */
int store_guest_leave(struct store *s, int64_t event_id, int64_t person_id,
    int64_t now) TC_MUSTCHECK;
/* When he joined an event that he has not left; TC_ENOENT. */
int store_guest_at(struct store *s, int64_t event_id, int64_t person_id,
    int64_t *at) TC_MUSTCHECK;
/* The next event that he comes to; TC_ENOENT. */
int store_guest_next(struct store *s, int64_t person_id, int64_t now,
    int64_t *event_id) TC_MUSTCHECK;
typedef int (*store_guest_cb)(int64_t person_id, void *ctx);
int store_guest_each(struct store *s, int64_t event_id, store_guest_cb cb,
    void *ctx) TC_MUSTCHECK;

#endif

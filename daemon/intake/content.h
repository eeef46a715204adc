/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CONTENT_H
#define TINCAY_CONTENT_H

/*
 * The content pack: everything that makes this commune this commune, in
 * commune.conf, intents.conf and (where there is USSD) menus.conf of
 * content_dir. Another commune is another
 * pack, never other code (M18). Immutable after content_load(); a reload makes
 * a new one. All texts are UTF-8.
 *
 * Loading lints: what the rules R1, R2, R12, R14 and M19 forbid cannot be
 * loaded. doc/tincay-content.5 describes the files.
 */

#include <stdio.h>

#include "faults.h"
#include "intake/age.h"
#include "intake/argument.h"

/* In which script the replies go out. */
enum content_script {
	CONTENT_BARE,     /* without diacritics: GSM-7, 160 septets */
	CONTENT_ACCENTED, /* UCS-2, 70 units */
	CONTENT_NSCRIPTS
};

/* Languages beside Vietnamese ("vi"), by ISO 639-3: Bahnar and Jrai. */
enum content_minority {
	CONTENT_BDQ,
	CONTENT_JRA,
	CONTENT_NMINORITIES
};

/* U0 acknowledged in 5 min, U1 30 min, U2 4 working hours, U3 2 working days,
 * U4 nobody needs to look. */
enum content_urgency {
	CONTENT_U0,
	CONTENT_U1,
	CONTENT_U2,
	CONTENT_U3,
	CONTENT_U4,
	CONTENT_NURGENCIES
};

enum content_action {
	CONTENT_CASE,      /* opens or continues a case */
	CONTENT_SUBSCRIBE, /* asks for consent, waits for CONFIRM */
	CONTENT_CONFIRM,   /* yes, inside a pending question of 24 h */
	CONTENT_OPTOUT,    /* ends broadcasts only (R9) */
	CONTENT_HUSH,      /* ends all contact, silently (R7) */
	CONTENT_INFO,      /* a reply, nobody needs to act */
	CONTENT_LANGUAGE,  /* replies in another language or script */
	CONTENT_EVENT,     /* comes to an event; a question opens a case */
	CONTENT_LEAVE,     /* does not come */
	CONTENT_QUIZ,      /* answers the quiz that is open */
	CONTENT_PLEDGE,    /* makes the pledge that is open */
	CONTENT_SERIES,    /* gets a series of texts */
	CONTENT_NACTIONS
};

#define CONTENT_TOPIC_MAX 15 /* bytes of the code of a kind or theme */

struct content_agency {
	char *code;   /* "HPN" */
	char *name;   /* "Hội Liên hiệp Phụ nữ" */
	char **words; /* folded: what people call it, its code included */
	size_t nwords;
};

struct content_hotline {
	char *number; /* as printed, "113" */
	char *name;
	char *verified;      /* "2026-11-01"; "" = needs no test call */
	int64_t verified_at; /* UTC, 0 = "" */
};

struct content_commune {
	char *name;       /* "xã Song An" */
	char *signature;  /* what broadcasts are signed with */
	int zone_minutes; /* east of UTC */
	enum content_script script;
	int send_from; /* minutes since local midnight; broadcasts only */
	int send_until;
	int purge_days;   /* after closing, a case is destroyed (R21) */
	int hotline_days; /* how long a test call counts */
	int reply_ttl_s; /* an automatic reply that is older is not sent (R3) */
	char **hamlets;
	size_t nhamlets;
	struct content_agency *agencies;
	size_t nagencies;
	struct content_hotline *hotlines;
	size_t nhotlines;
	struct argument_topic *kinds; /* of people (M06); none: any word */
	size_t nkinds;
	struct argument_topic *themes; /* of broadcasts */
	size_t nthemes;
};

struct content_reply {
	char *id; /* "N1" */
	char *text[CONTENT_NSCRIPTS];
	char *minority[CONTENT_NMINORITIES]; /* "" = not translated */
};

struct content_intent {
	char *name; /* "SUPPORT" */
	enum content_action action;
	enum content_urgency urgency;
	/* Who gets the case at once, and who only when an escalation or
	 * referral releases it. */
	const struct content_agency **agencies;
	size_t nagencies;
	const struct content_agency **ladder;
	size_t nladder;
	const struct content_reply *reply; /* NULL: silent */
	/* Of CONTENT_LANGUAGE one of the two, "" otherwise: "bdq" ...; "bare" or
	 * "accented". */
	const char *language, *script;
	/* When a text follows the keyword; same as reply unless the pack says
	 * otherwise. */
	const struct content_reply *reply_with_text;
	/* When an argument follows that was understood; NULL: as with a text. */
	const struct content_reply *reply_with_argument;
	enum argument_kind argument; /* what may follow a keyword */
	enum age_of child_age; /* which age below 18 makes it CHILD (R27) */
	bool is_witness; /* tells of others: his number is kept apart (R26) */
	int flag_repeats; /* so often asked by one number it is marked; 0: never */
	/* Folded: what also hushes while a call-back is pending. */
	char **pending;
	size_t npending;
	bool case_with_text; /* an INFO or EVENT intent that opens a case when a
				text follows the keyword (HEALTH) */
};

struct broadcast;
struct content;
struct match_index;
struct menus;
struct workdays;

/* Read and lint the pack in dir. NULL when anything is wrong: then *faults has
 * at least one entry more. */
struct content *content_load(const char *dir, struct faults *faults);
void content_free(struct content *c);

const struct content_commune *content_commune(const struct content *c);
/* What campaigns must look like (intake/broadcast.h). */
const struct broadcast *content_broadcast(const struct content *c);

/* Look-ups by exact name; NULL when there is none. */
const struct content_intent *content_intent_by_name(
    const struct content *c, const char *name);
const struct content_reply *content_reply_by_id(
    const struct content *c, const char *id);
const struct content_agency *content_agency_by_code(
    const struct content *c, const char *code);

/* All intents, in the order of the file; i < content_nintents(). */
size_t content_nintents(const struct content *c);
const struct content_intent *content_intent(const struct content *c, size_t i);

/* The intent FALLBACK, which every pack has. */
const struct content_intent *content_fallback(const struct content *c);

/* CALLBACK, the wish to be called, and CHILD, or NULL; HUSH, which every pack
 * has. */
const struct content_intent *content_callback(const struct content *c);
const struct content_intent *content_child(const struct content *c);
const struct content_intent *content_hush(const struct content *c);

/* A word that ends or starts something, which is never read out of a
 * sentence? */
bool content_is_control(const struct content_intent *intent);

/* A copy of n topics for another thread, and the end of it; n as it was. */
struct argument_topic *content_copy_topics(
    const struct argument_topic *topics, size_t n);
void content_free_topics(struct argument_topic *topics, size_t n);

/* What arguments may be out of. */
struct argument_names content_names(const struct content *c);

/* Does this message open or continue a case? */
bool content_opens_case(const struct content_intent *intent, bool has_text);

/* The reply to this intent, NULL when it is silent. */
const struct content_reply *content_reply_for(
    const struct content_intent *intent, bool has_text);

/* Its text in a language ("vi", "bdq" ...; "" is "vi"), whole: what was not
 * translated is said in Vietnamese, in the script given. */
const char *content_reply_text(const struct content_reply *reply,
    const char *language, enum content_script script);

/* The script that somebody has asked for ("bare" ...); "" is the commune's. */
enum content_script content_script_for(
    const struct content *c, const char *script);

/* The code of the kind of people that a word means: its code, its name or one of
 * its words. NULL: none; any word is its own code where the commune has no kinds.
 */
const char *content_kind(const struct content *c, const char *word);

/* "vi", "bdq" or "jra"? */
bool content_is_language(const char *language);

/* Hotlines that nobody has called for hotline_days: how many; cb (may be NULL)
 * for each. A number that is dead helps nobody. */
int content_stale_hotlines(const struct content *c, int64_t now,
    void (*cb)(const struct content_hotline *h, void *ctx), void *ctx);

/* When the offices are open (intake/workdays.h). */
const struct workdays *content_workdays(const struct content *c);

/* The USSD menus (intake/menu.h); NULL when the commune has none. */
const struct menus *content_menus(const struct content *c);

/* Call cb for everything of the pack that goes out by itself: replies in every
 * script and language, USSD screens as they are shown; name: what a person looks
 * for in the files. A negative answer ends it and is returned, else 0. */
typedef int (*content_text_cb)(const char *name, const char *text, void *ctx);
int content_each_text(
    const struct content *c, content_text_cb cb, void *ctx) TC_MUSTCHECK;

/* What the matcher looks words up in (intake/match.h). */
const struct match_index *content_index(const struct content *c);

/* "case" ...; "bare" | "accented". */
const char *content_action_name(enum content_action a);
const char *content_script_name(enum content_script s);

#endif

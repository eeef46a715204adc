/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_ARGUMENT_H
#define TINCAY_ARGUMENT_H

/*
 * What may follow a keyword and is understood: the hours of GOI, the class of
 * HOC, the hamlet of DK, the number of SK, the theme of TC. An argument is the whole rest of the text or none:
 * whatever else was written is for a person to read. Pure; owns nothing.
 */

#include "util.h"

enum argument_kind {
	ARGUMENT_NONE,
	ARGUMENT_HOURS, /* "9", "19H", "T3 8-10", "chieu mai", "truoc 7h toi" */
	ARGUMENT_CLASS, /* "5A", "lop 9/2" */
	ARGUMENT_HAMLET, /* a hamlet of the commune, with or without "thon" */
	ARGUMENT_NUMBER, /* "2", "so 2"; two of them: "2 3", "2-3" */
	ARGUMENT_THEME,  /* a theme of the commune */
	ARGUMENT_NKINDS
};

/* When she can be called, in the commune's time. */
struct argument_hours {
	unsigned days; /* bit 0 Monday ... bit 6 Sunday; 0: none was named */
	int in_days;   /* 0 today, 1 tomorrow, 2 the day after; -1: not said */
	int from;      /* minutes since midnight; -1: any time */
	int until; /* exclusive, at most 1440; -1 with from. A single hour is
			  one hour long. Earlier than from: after midnight */
};

#define ARGUMENT_CLASS_MAX 8
#define ARGUMENT_NUMBER_MAX 99

/* Something of the pack that people may name in several ways. */
struct argument_topic {
	char *code;   /* "GDVH" */
	char *name;   /* "Gia đình văn hóa" */
	char **words; /* folded: what people call it, code and name included */
	size_t nwords;
};

/* What an argument may be out of; ends of lists as in content_commune. */
struct argument_names {
	char *const *hamlets; /* ended by NULL */
	const struct argument_topic *themes;
	size_t nthemes;
};

struct argument {
	enum argument_kind kind;
	struct argument_hours hours;
	char class_name[ARGUMENT_CLASS_MAX]; /* "5A", "9/2" */
	const char *hamlet; /* one of those that were passed in */
	const char *theme;  /* the code of one of those */
	int numbers[2];     /* 1 to ARGUMENT_NUMBER_MAX; the second 0: none */
};

/*
 * Read an argument of this kind from what follows the keyword, typed with or
 * without diacritics, Telex and VNI not. 0, or TC_EINVAL: the text is not that
 * and nothing else, or not UTF-8; then out->kind is ARGUMENT_NONE.
 */
int argument_parse(enum argument_kind kind, const char *text, size_t len,
    const struct argument_names *names, struct argument *out) TC_MUSTCHECK;

/* The topic that a text names, however it is written; NULL: none, or not UTF-8. */
const struct argument_topic *argument_topic_named(
    const struct argument_topic *topics, size_t n, const char *text,
    size_t len);
/* The same for one that is folded. */
const struct argument_topic *argument_topic(
    const struct argument_topic *topics, size_t n, const char *folded);

/* As a person reads it: "T3 08:00-10:00", "ngày mai 13:00-18:00", "5A"; ""
 * for none. Returns buf. */
#define ARGUMENT_TEXT_MAX 160
const char *argument_text(const struct argument *a, char *buf, size_t size);

/* "hours" ...; "none". */
const char *argument_kind_name(enum argument_kind kind);

#endif

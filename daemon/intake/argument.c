/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The argument parser (argument.h). Called by the matcher for what follows a
 * keyword that may have an argument.
 *
 * A text is cut into numbers, words and the signs that matter between them;
 * "19h30" is a number, a word and a number. Words are compared bare; where that
 * is not enough ("tôi" is I, "tối" the evening) their place decides, or the
 * diacritics when there are any.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argument.h"
#include "fold.h"

#define TOKENS_MAX 24
#define WORD_MAX 24
#define DAY_MINUTES (24 * 60)
#define NONE (-1)

enum token_kind {
	TOKEN_END,
	TOKEN_NUMBER,
	TOKEN_WORD,
	TOKEN_DASH,  /* from - to */
	TOKEN_COLON, /* 8:30, 8.30 */
	TOKEN_SLASH  /* class 9/2 */
};

struct token {
	enum token_kind kind;
	int number;
	char bare[WORD_MAX];
	char exact[WORD_MAX];
};

struct tokens {
	struct token list[TOKENS_MAX + 2]; /* always ended by TOKEN_END */
	size_t n;
};

/* A part of the day: where it is, and which hours it makes of 1 to 12. */
struct day_part {
	const char *word;
	int from, until; /* hours */
	int first, last; /* hours of the clock face that belong to it ... */
	int add;         /* ... and what is added to them */
};

static const struct day_part day_parts[] = {
    {"sang", 6, 11, 0, 11, 0},
    {"trua", 11, 13, 1, 2, 12},
    {"chieu", 13, 18, 1, 6, 12},
    {"toi", 18, 22, 5, 11, 12},
    {"dem", 19, 24, 7, 11, 12},
};

static const char *const fillers[] = {"luc", "vao", "khoang", "cho", "em",
    "minh", "chi", "chau", "con", "co", "voi", "nhe", "nha", "a", "buoi", "hom",
    "tu", "giup", "duoc", "dc", "thoi", "gian", "lai"};
static const char *const weekdays[] = {"hai", "ba", "tu", "nam", "sau", "bay"};

const char *
argument_kind_name(enum argument_kind kind)
{
	static const char *const names[] = {[ARGUMENT_NONE] = "none",
	    [ARGUMENT_HOURS] = "hours",
	    [ARGUMENT_CLASS] = "class",
	    [ARGUMENT_HAMLET] = "hamlet",
	    [ARGUMENT_NUMBER] = "number",
	    [ARGUMENT_THEME] = "theme"};

	_Static_assert(TC_NELEM(names) == ARGUMENT_NKINDS, "a name per kind");
	return (unsigned)kind < ARGUMENT_NKINDS ? names[kind] : "?";
}

/* --- tokens --- */

static bool
is_letter(unsigned char c)
{
	return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static size_t
take_number(const char *s, size_t len, struct token *t)
{
	size_t n;

	t->kind = TOKEN_NUMBER;
	t->number = 0;
	for (n = 0; n < len && is_digit((unsigned char)s[n]); n++) {
		if (t->number < 10000)
			t->number = t->number * 10 + (s[n] - '0');
	}
	return n;
}

/* A run of letters; one that is only signs (a dash, an emoji) is none. 0: it
 * cannot be a word of an argument. */
static size_t
take_word(const char *s, size_t len, struct token *t)
{
	static const char *const dashes[] = {"\u2013", "\u2014", "\u2012"};
	struct fold f;
	size_t n = 0, i;
	int rc;

	for (i = 0; i < TC_NELEM(dashes); i++) {
		if (len >= 3 && memcmp(s, dashes[i], 3) == 0) {
			t->kind = TOKEN_DASH;
			return 3;
		}
	}
	while (n < len && is_letter((unsigned char)s[n]) &&
	       !(n > 0 && len - n >= 2 && memcmp(s + n, "\xe2\x80", 2) == 0))
		n++;
	if (fold_text(s, n, &f) != 0)
		return 0;
	t->kind = f.ntokens == 0 ? TOKEN_END : TOKEN_WORD;
	rc = f.ntokens > 1 ? TC_EINVAL : 0;
	if (rc == 0)
		rc = str_printf(t->bare, sizeof(t->bare), "%s", f.text);
	if (rc == 0)
		rc = str_printf(t->exact, sizeof(t->exact), "%s", f.exact);
	fold_clear(&f);
	return rc == 0 ? n : 0;
}

static enum token_kind
sign_kind(char c)
{
	switch (c) {
	case '-':
	case '~':
		return TOKEN_DASH;
	case ':':
	case '.':
		return TOKEN_COLON;
	case '/':
		return TOKEN_SLASH;
	default:
		return TOKEN_END;
	}
}

/* A sign means something only between two numbers. */
static bool
sign_counts(const struct tokens *t, const char *s, size_t left)
{
	size_t i;

	if (t->n == 0)
		return false;
	for (i = 1; i < left && s[i] == ' '; i++)
		continue;
	return i < left && is_digit((unsigned char)s[i]);
}

static int
tokens_cut(struct tokens *t, const char *s, size_t len)
{
	struct token *token;
	size_t at = 0, n;

	memset(t, 0, sizeof(*t));
	while (at < len) {
		if (t->n == TOKENS_MAX)
			return TC_EINVAL;
		token = &t->list[t->n];
		token->kind = TOKEN_END;
		n = 1;
		if (is_digit((unsigned char)s[at]))
			n = take_number(s + at, len - at, token);
		else if (is_letter((unsigned char)s[at]))
			n = take_word(s + at, len - at, token);
		else if (sign_counts(t, s + at, len - at))
			token->kind = sign_kind(s[at]);
		if (n == 0)
			return TC_EINVAL;
		t->n += token->kind != TOKEN_END;
		at += n;
	}
	memset(&t->list[t->n], 0, 2 * sizeof(t->list[0]));
	return 0;
}

static bool
is_word(const struct token *t, const char *word)
{
	return t->kind == TOKEN_WORD && strcmp(t->bare, word) == 0;
}

static bool
is_one_of(const struct token *t, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_word(t, words[i]))
			return true;
	}
	return false;
}

static bool
is_number(const struct token *t, int min, int max)
{
	return t->kind == TOKEN_NUMBER && t->number >= min && t->number <= max;
}

/* --- hours --- */

struct hours_reading {
	const struct token *at;
	struct argument_hours hours;
	const struct day_part *part;
	int from, until; /* minutes as written, NONE */
	bool has_time;
	bool is_before; /* "truoc 9h" */
	bool is_after;  /* "sau 9h" */
};

static const struct day_part *
find_part(const struct token *t)
{
	size_t i;

	for (i = 0; i < TC_NELEM(day_parts); i++) {
		if (is_word(t, day_parts[i].word))
			return &day_parts[i];
	}
	return NULL;
}

/* Is there a word for today, tomorrow or a weekday? Then "toi" before it is the
 * evening. */
static bool
starts_day(const struct token *t)
{
	static const char *const words[] = {
	    "mai", "nay", "mot", "kia", "thu", "cn", "chu", "ngay", "t", "hom"};

	return is_one_of(t, words, TC_NELEM(words));
}

/* "toi": the evening, I, or until; see the top of the file. */
static bool
toi_is_evening(const struct hours_reading *r)
{
	const struct token *next = r->at + 1;

	if (strcmp(r->at->exact, "toi") != 0)
		return strcmp(r->at->exact, "tối") == 0;
	return next->kind == TOKEN_END || starts_day(next) ||
	       (r->has_time && next->kind != TOKEN_NUMBER);
}

static bool
toi_is_until(const struct hours_reading *r)
{
	return r->has_time && r->at[1].kind == TOKEN_NUMBER &&
	       strcmp(r->at->exact, "tối") != 0 &&
	       strcmp(r->at->exact, "tôi") != 0;
}

/* "8", "8h", "8h30", "8:30", "8 gio ruoi". Minutes since midnight, or NONE. */
static int
read_clock(struct hours_reading *r)
{
	static const char *const hour_words[] = {"h", "g", "gio"};
	static const char *const minute_words[] = {"p", "ph", "phut"};
	int minutes;

	if (!is_number(r->at, 0, 24))
		return NONE;
	minutes = r->at->number * 60;
	r->at++;
	if (r->at->kind == TOKEN_COLON) {
		if (!is_number(r->at + 1, 0, 59))
			return NONE;
		minutes += r->at[1].number;
		r->at += 2;
	}
	if (is_one_of(r->at, hour_words, TC_NELEM(hour_words))) {
		r->at++;
		if (is_number(r->at, 0, 59) && minutes % 60 == 0) {
			minutes += r->at->number;
			r->at++;
		}
	}
	if (is_one_of(r->at, minute_words, TC_NELEM(minute_words)))
		r->at++;
	if (is_word(r->at, "ruoi")) {
		minutes += 30;
		r->at++;
	}
	return minutes <= DAY_MINUTES ? minutes : NONE;
}

static bool
read_time(struct hours_reading *r)
{
	if (r->has_time)
		return false;
	r->has_time = true;
	r->from = read_clock(r);
	if (r->from == NONE)
		return false;
	if (r->at->kind != TOKEN_DASH && !is_word(r->at, "den") &&
	    !(is_word(r->at, "toi") && toi_is_until(r)))
		return true;
	r->at++;
	r->until = read_clock(r);
	return r->until != NONE;
}

static bool
add_day(struct hours_reading *r, unsigned weekday, size_t ntokens)
{
	r->hours.days |= 1U << weekday;
	r->at += ntokens;
	return true;
}

static bool
add_in_days(struct hours_reading *r, int in_days)
{
	if (r->hours.in_days != NONE)
		return false;
	r->hours.in_days = in_days;
	r->at++;
	return true;
}

/* "T3", "thu ba", "CN", "mai" ... *found: it was one; else nothing is read. */
static bool
read_day(struct hours_reading *r, bool *found)
{
	const struct token *t = r->at;
	unsigned i;

	*found = true;
	if (is_word(t, "cn"))
		return add_day(r, 6, 1);
	if (is_word(t, "chu") && is_word(t + 1, "nhat"))
		return add_day(r, 6, 2);
	if ((is_word(t, "t") || is_word(t, "thu")) && is_number(t + 1, 2, 7))
		return add_day(r, (unsigned)t[1].number - 2, 2);
	for (i = 0; is_word(t, "thu") && i < TC_NELEM(weekdays); i++) {
		if (is_word(t + 1, weekdays[i]))
			return add_day(r, i, 2);
	}
	if (is_word(t, "nay"))
		return add_in_days(r, 0);
	if (is_word(t, "mai"))
		return add_in_days(r, 1);
	if (is_word(t, "mot") || is_word(t, "kia"))
		return add_in_days(r, 2);
	*found = is_word(t, "ngay") && starts_day(t + 1);
	r->at += *found;
	return true;
}

static bool
read_word(struct hours_reading *r)
{
	const struct day_part *part = find_part(r->at);
	bool found;

	if (!read_day(r, &found))
		return false;
	if (found)
		return true;
	if (part != NULL &&
	    (strcmp(part->word, "toi") != 0 || toi_is_evening(r))) {
		if (r->part != NULL)
			return false;
		r->part = part;
	} else if (is_word(r->at, "truoc")) {
		r->is_before = true;
	} else if (is_word(r->at, "sau")) {
		r->is_after = true;
	} else if (part == NULL &&
		   !is_one_of(r->at, fillers, TC_NELEM(fillers))) {
		return false;
	}
	r->at++;
	return true;
}

/* "3h chieu" is 15:00. NONE: there is no such hour in that part of the day. */
static int
place_in_part(int minutes, const struct day_part *p)
{
	int hour = minutes / 60;

	if (p == NULL || minutes == NONE)
		return minutes;
	if (hour >= p->first && hour <= p->last)
		return minutes + p->add * 60;
	if (strcmp(p->word, "dem") == 0)
		return hour == 12 ? minutes - 12 * 60
				  : (hour < 6 || hour >= 19 ? minutes : NONE);
	if (strcmp(p->word, "sang") == 0)
		return NONE;
	return hour >= 10 && hour <= p->until ? minutes : NONE;
}

static int
hours_finish(struct hours_reading *r)
{
	struct argument_hours *h = &r->hours;

	h->from = place_in_part(r->from, r->part);
	h->until = place_in_part(r->until, r->part);
	if ((r->from != NONE && h->from == NONE) ||
	    (r->until != NONE && h->until == NONE))
		return TC_EINVAL;
	if ((r->is_before || r->is_after) &&
	    (r->from == NONE || r->until != NONE ||
		r->is_before == r->is_after))
		return TC_EINVAL;
	if (r->is_before) {
		h->until = h->from;
		h->from = 0;
	} else if (r->is_after) {
		h->until = DAY_MINUTES;
	} else if (h->from != NONE && h->until == NONE) {
		h->until = (h->from + 60) % DAY_MINUTES;
	} else if (h->from == NONE && r->part != NULL) {
		h->from = r->part->from * 60;
		h->until = r->part->until * 60;
	}
	if (h->from == DAY_MINUTES)
		h->from = 0;
	if (h->until == 0)
		h->until = DAY_MINUTES;
	if (h->from != NONE && h->from == h->until)
		return TC_EINVAL;
	return h->from == NONE && h->days == 0 && h->in_days == NONE ? TC_EINVAL
								     : 0;
}

static int
parse_hours(const struct tokens *t, struct argument *out)
{
	struct hours_reading r = {.at = t->list,
	    .hours = {.in_days = NONE},
	    .from = NONE,
	    .until = NONE};
	int rc;

	while (r.at->kind != TOKEN_END) {
		if (r.at->kind == TOKEN_NUMBER
			? !read_time(&r)
			: r.at->kind != TOKEN_WORD || !read_word(&r))
			return TC_EINVAL;
	}
	rc = hours_finish(&r);
	out->hours = r.hours;
	return rc;
}

/* --- class and hamlet --- */

/* "5", "5a", "9a2", "9/2". */
static int
parse_class(const struct tokens *t, struct argument *out)
{
	const struct token *at = t->list;
	char group[4] = "", number[8] = "";
	int grade, rc = 0;

	while (is_one_of(at, fillers, TC_NELEM(fillers)))
		at++;
	if (is_word(at, "lop"))
		at++;
	if (!is_number(at, 1, 12))
		return TC_EINVAL;
	grade = at++->number;
	if (at->kind == TOKEN_WORD && strlen(at->bare) == 1) {
		group[0] = (char)(at->bare[0] - 'a' + 'A');
		at++;
	} else if (at->kind == TOKEN_SLASH || at->kind == TOKEN_COLON) {
		group[0] = '/';
		at++;
	}
	if (group[0] != '\0' && is_number(at, 1, 20)) {
		rc = str_printf(number, sizeof(number), "%d", at->number);
		at++;
	} else if (group[0] == '/') {
		return TC_EINVAL;
	}
	if (rc != 0 || at->kind != TOKEN_END)
		return TC_EINVAL;
	return str_printf(out->class_name, sizeof(out->class_name), "%d%s%s",
	    grade, group, number);
}

/* A folded name without the word that says what it is. */
static const char *
hamlet_name(const char *folded)
{
	static const char *const words[] = {
	    "thon ", "lang ", "xom ", "buon ", "to "};
	size_t i;

	for (i = 0; i < TC_NELEM(words); i++) {
		if (strncmp(folded, words[i], strlen(words[i])) == 0)
			return folded + strlen(words[i]);
	}
	return folded;
}

static int
parse_hamlet(
    const char *text, size_t len, char *const *hamlets, struct argument *out)
{
	struct fold typed, own;
	int rc = TC_EINVAL;

	if (fold_text(text, len, &typed) != 0)
		return TC_EINVAL;
	for (; rc != 0 && *hamlets != NULL; hamlets++) {
		if (fold_text(*hamlets, strlen(*hamlets), &own) != 0)
			continue;
		if (typed.ntokens > 0 && strcmp(hamlet_name(typed.text),
					     hamlet_name(own.text)) == 0) {
			out->hamlet = *hamlets;
			rc = 0;
		}
		fold_clear(&own);
	}
	fold_clear(&typed);
	return rc;
}

/* --- number and theme --- */

static int
parse_numbers(const struct tokens *t, struct argument *out)
{
	const struct token *at = t->list;

	if (is_word(at, "so"))
		at++;
	if (!is_number(at, 1, ARGUMENT_NUMBER_MAX))
		return TC_EINVAL;
	out->numbers[0] = at++->number;
	if (at->kind == TOKEN_DASH || at->kind == TOKEN_COLON ||
	    at->kind == TOKEN_SLASH)
		at++;
	if (is_number(at, 1, ARGUMENT_NUMBER_MAX))
		out->numbers[1] = at++->number;
	return at->kind == TOKEN_END ? 0 : TC_EINVAL;
}

const struct argument_topic *
argument_topic(
    const struct argument_topic *topics, size_t n, const char *folded)
{
	size_t i, w;

	for (i = 0; i < n; i++)
		for (w = 0; w < topics[i].nwords; w++)
			if (strcmp(topics[i].words[w], folded) == 0)
				return &topics[i];
	return NULL;
}

const struct argument_topic *
argument_topic_named(
    const struct argument_topic *topics, size_t n, const char *text, size_t len)
{
	const struct argument_topic *topic;
	struct fold f;

	if (fold_text(text, len, &f) != 0)
		return NULL;
	topic = argument_topic(topics, n, f.text);
	fold_clear(&f);
	return topic;
}

static int
parse_theme(const char *text, size_t len, const struct argument_names *names,
    struct argument *out)
{
	const struct argument_topic *topic =
	    argument_topic_named(names->themes, names->nthemes, text, len);

	if (topic == NULL)
		return TC_EINVAL;
	out->theme = topic->code;
	return 0;
}

static int
parse_tokens(
    enum argument_kind kind, const char *text, size_t len, struct argument *out)
{
	struct tokens tokens;
	int rc = tokens_cut(&tokens, text, len);

	if (rc != 0)
		return rc;
	if (kind == ARGUMENT_HOURS)
		return parse_hours(&tokens, out);
	return kind == ARGUMENT_CLASS ? parse_class(&tokens, out)
				      : parse_numbers(&tokens, out);
}

int
argument_parse(enum argument_kind kind, const char *text, size_t len,
    const struct argument_names *names, struct argument *out)
{
	int rc = TC_EINVAL;

	memset(out, 0, sizeof(*out));
	if (kind == ARGUMENT_HAMLET)
		rc = parse_hamlet(text, len, names->hamlets, out);
	else if (kind == ARGUMENT_THEME)
		rc = parse_theme(text, len, names, out);
	else if (kind != ARGUMENT_NONE)
		rc = parse_tokens(kind, text, len, out);
	if (rc == 0)
		out->kind = kind;
	return rc == 0 ? 0 : TC_EINVAL;
}

/* --- text --- */

static void
hours_text(const struct argument_hours *h, char *buf, size_t size)
{
	static const char *const days[] = {
	    "T2", "T3", "T4", "T5", "T6", "T7", "CN"};
	static const char *const near[] = {"hôm nay", "ngày mai", "ngày kia"};
	const char *space = "";
	size_t i, used = 0;

	for (i = 0; i < TC_NELEM(days); i++) {
		if (h->days & 1U << i) {
			used += (size_t)snprintf(
			    buf + used, size - used, "%s%s", space, days[i]);
			space = " ";
		}
	}
	if (h->in_days != NONE) {
		used += (size_t)snprintf(
		    buf + used, size - used, "%s%s", space, near[h->in_days]);
		space = " ";
	}
	if (h->from != NONE)
		(void)snprintf(buf + used, size - used, "%s%02d:%02d-%02d:%02d",
		    space, h->from / 60, h->from % 60, h->until / 60,
		    h->until % 60);
}

const char *
argument_text(const struct argument *a, char *buf, size_t size)
{
	if (size < ARGUMENT_TEXT_MAX)
		abort();
	buf[0] = '\0';
	if (a->kind == ARGUMENT_HOURS)
		hours_text(&a->hours, buf, size);
	else if (a->kind == ARGUMENT_NUMBER)
		(void)snprintf(buf, size, a->numbers[1] != 0 ? "%d %d" : "%d",
		    a->numbers[0], a->numbers[1]);
	else if (a->kind != ARGUMENT_NONE &&
		 str_printf(buf, size, "%s",
		     a->kind == ARGUMENT_CLASS   ? a->class_name
		     : a->kind == ARGUMENT_THEME ? a->theme
						 : a->hamlet) != 0)
		memcpy(buf, "?", sizeof("?"));
	return buf;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words that must not go out by themselves (R2, R14, M19). Called while a
 * pack is loaded and by the last door for every automatic message. The lists
 * are here and not in the pack: a commune may not switch them off.
 *
 * A phrase is looked for in the folded text, so that "Bạo lực", "bao luc" and
 * "BAO-LUC" are one. A single syllable that is harmless with other diacritics
 * is only meant when it is written bare or with its own. It is better that an
 * author has to choose another word than that one is overlooked.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "content_lint.h"
#include "fold.h"

static const char why_category[] = "names a category of help (R2)";
static const char why_address[] = "holds an address or a place (M19)";
static const char why_person[] = "names a person (R2)";
static const char why_secret[] = "sounds like a secret meeting (R14)";
static const char why_delete[] = "advises to delete a text (R11)";
static const char why_link[] = "holds a link";
static const char why_demand[] = "sounds like a demand for money or codes";
static const char why_agency[] = "names an agency or the commune (R2)";

#define LINT_PASSED 64

enum lint_scope {
	LINT_ALL,     /* every automatic message */
	LINT_NEUTRAL, /* only the neutral replies */
};

struct lint_word {
	const char *phrase; /* accented */
	const char *why;
};

static const struct lint_word lint_words[] = {
    {"bạo lực", why_category},
    {"bạo hành", why_category},
    {"ngược đãi", why_category},
    {"bị đánh", why_category},
    {"chồng đánh", why_category},
    {"đánh đập", why_category},
    {"nạn nhân", why_category},
    {"tố giác", why_category},
    {"tố cáo", why_category},
    {"báo án", why_category},
    {"tạm lánh", why_category},
    {"tin cậy", why_category},
    {"nơi trú", why_category},
    {"xâm hại", why_category},
    {"hiếp dâm", why_category},
    {"cưỡng hiếp", why_category},
    {"cưỡng ép", why_category},
    {"quấy rối", why_category},
    {"tình dục", why_category},
    {"mua bán người", why_category},
    {"buôn người", why_category},
    {"lừa bán", why_category},
    {"tảo hôn", why_category},
    {"ép cưới", why_category},
    {"ly hôn", why_category},
    {"BLGD", why_category},
    {"BLGĐ", why_category},
    {"địa chỉ", why_address},
    {"số nhà", why_address},
    {"thôn", why_address},
    {"xóm", why_address},
    {"làng", why_address},
    {"buôn làng", why_address},
    {"tổ dân phố", why_address},
    {"khu phố", why_address},
    {"quốc lộ", why_address},
    {"tỉnh lộ", why_address},
    {"ngã ba", why_address},
    {"ngã tư", why_address},
    {"giờ hẹn", why_secret},
    {"hẹn gặp", why_secret},
    {"hẹn hò", why_secret},
    {"cuộc hẹn", why_secret},
    {"gặp riêng", why_secret},
    {"gặp nhau", why_secret},
    {"bí mật", why_secret},
    {"xóa tin", why_delete},
    {"xóa ngay", why_delete},
    {"mật khẩu", why_demand},
    {"mã OTP", why_demand},
    {"OTP", why_demand},
    {"chuyển khoản", why_demand},
    {"số tài khoản", why_demand},
    {"căn cước", why_demand},
};

static const char *const lint_agency_words[] = {
    "công an",
    "phụ nữ",
    "y tế",
    "tư pháp",
    "công đoàn",
    "mặt trận",
    "uỷ ban",
    "UBND",
    "trường học",
    "nhà trường",
};

/* Words before a number that make a place of it, and titles before a name. */
static const char *const lint_place_words[] = {
    "tổ", "ngõ", "hẻm", "ngách", "km"};
static const char *const lint_titles[] = {"ông", "bà", "anh", "chị", "cô",
    "chú", "bộ" /* cán bộ */, "chí" /* đồng chí */};
static const char *const lint_links[] = {
    "://", "www.", ".vn", ".com", ".net", ".org", ".info", ".ly", ".me"};

struct lint_phrase {
	char *folded; /* with a space before and behind */
	char *vni;    /* of a single marked syllable, else NULL */
	const char *why;
	enum lint_scope scope;
};

struct lint {
	struct lint_phrase *phrases;
	size_t n;
	/* Texts that passed with LINT_ALL, each at a place by its hash: a pack
	 * has few, and they are asked for again with every message. */
	char *passed[LINT_PASSED];
};

static char *
lint_pad(const char *s)
{
	return xasprintf(" %s ", s);
}

static void
lint_add(
    struct lint *l, const char *phrase, const char *why, enum lint_scope scope)
{
	struct lint_phrase *p;
	struct fold f;

	if (fold_text(phrase, strlen(phrase), &f) != 0)
		return;
	if (f.ntokens > 0) {
		l->phrases =
		    xreallocarray(l->phrases, l->n + 1, sizeof(*l->phrases));
		p = &l->phrases[l->n++];
		memset(p, 0, sizeof(*p));
		p->folded = lint_pad(f.text);
		if (f.ntokens == 1 && f.has_marks)
			p->vni = fold_vni(f.exact);
		p->why = why;
		p->scope = scope;
	}
	fold_clear(&f);
}

struct lint *
lint_new(const struct content_commune *c)
{
	struct lint *l;
	size_t i;

	l = xcalloc(1, sizeof(*l));
	for (i = 0; i < TC_NELEM(lint_words); i++)
		lint_add(l, lint_words[i].phrase, lint_words[i].why, LINT_ALL);
	for (i = 0; i < c->nhamlets; i++)
		lint_add(l, c->hamlets[i], why_address, LINT_ALL);
	for (i = 0; i < TC_NELEM(lint_agency_words); i++)
		lint_add(l, lint_agency_words[i], why_agency, LINT_NEUTRAL);
	for (i = 0; i < c->nagencies; i++) {
		lint_add(l, c->agencies[i].code, why_agency, LINT_NEUTRAL);
		lint_add(l, c->agencies[i].name, why_agency, LINT_NEUTRAL);
	}
	lint_add(l, c->name, why_agency, LINT_NEUTRAL);
	lint_add(l, c->signature, why_agency, LINT_NEUTRAL);
	return l;
}

void
lint_free(struct lint *l)
{
	size_t i;

	if (l == NULL)
		return;
	for (i = 0; i < l->n; i++) {
		free(l->phrases[i].folded);
		free(l->phrases[i].vni);
	}
	for (i = 0; i < LINT_PASSED; i++)
		free(l->passed[i]);
	free(l->phrases);
	free(l);
}

/* The word at the n-th place of a folded text. */
static const char *
lint_nth_word(const char *s, size_t n, size_t *len)
{
	for (; n > 0; n--)
		s += strcspn(s, " ") + 1;
	*len = strcspn(s, " ");
	return s;
}

/* Does the n-th word carry the marks of this syllable, or none at all? */
static bool
lint_marks_agree(const struct fold *f, size_t n, const char *vni)
{
	const char *folded, *exact;
	size_t folded_len, len;
	char *typed, *got;
	bool same;

	folded = lint_nth_word(f->text, n, &folded_len);
	exact = lint_nth_word(f->exact, n, &len);
	if (len == folded_len && memcmp(folded, exact, len) == 0)
		return true;
	typed = xstrndup(exact, len);
	got = fold_vni(typed);
	same = got != NULL && strcmp(got, vni) == 0;
	free(got);
	free(typed);
	return same;
}

static size_t
lint_count_spaces(const char *from, const char *to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += *from == ' ';
	return n;
}

/* padded is f->text with a space before and behind. */
static bool
lint_has_phrase(
    const struct fold *f, const char *padded, const struct lint_phrase *p)
{
	const char *at = padded;

	while ((at = strstr(at, p->folded)) != NULL) {
		if (p->vni == NULL ||
		    lint_marks_agree(f, lint_count_spaces(padded, at), p->vni))
			return true;
		at++;
	}
	return false;
}

/* Is this folded word one of the list, by its folded form? */
static bool
lint_is_one_of(const char *word, size_t len, const char *const *list, size_t n)
{
	struct fold f;
	size_t i;
	bool same;

	for (i = 0; i < n; i++) {
		if (fold_text(list[i], strlen(list[i]), &f) != 0)
			continue;
		same = strlen(f.text) == len && memcmp(f.text, word, len) == 0;
		fold_clear(&f);
		if (same)
			return true;
	}
	return false;
}

/* "tổ 5", "km 12": a word of the list before a number. */
static bool
lint_has_place_number(const struct fold *f)
{
	const char *s = f->text, *next;
	size_t len;

	for (; *s != '\0'; s = next) {
		len = strcspn(s, " ");
		next = s + len + (s[len] == ' ');
		if (*next >= '0' && *next <= '9' &&
		    lint_is_one_of(
			s, len, lint_place_words, TC_NELEM(lint_place_words)))
			return true;
	}
	return false;
}

/* Is the next word written like a name: one capital, then a small letter? */
static bool
lint_is_name(const char *s)
{
	utf8proc_int32_t first, second;
	utf8proc_ssize_t n;

	n = utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &first);
	if (n <= 0 || utf8proc_category(first) != UTF8PROC_CATEGORY_LU)
		return false;
	n = utf8proc_iterate((const utf8proc_uint8_t *)s + n, -1, &second);
	return n > 0 && utf8proc_category(second) == UTF8PROC_CATEGORY_LL;
}

/* "chị Lan": a title and, one space behind it, a name. */
static bool
lint_has_person(const char *text)
{
	const char *space, *start = text;
	struct fold f;
	bool found = false;

	while (!found && (space = strchr(start, ' ')) != NULL) {
		if (lint_is_name(space + 1) &&
		    fold_text(start, (size_t)(space - start), &f) == 0) {
			found = lint_is_one_of(f.text, strlen(f.text),
				    lint_titles, TC_NELEM(lint_titles)) &&
				strpbrk(start, ".,;:!?)") != space - 1;
			fold_clear(&f);
		}
		start = space + 1;
	}
	return found;
}

static bool
lint_has_link(const char *text)
{
	const char *at;
	size_t i, len;

	for (i = 0; i < TC_NELEM(lint_links); i++) {
		len = strlen(lint_links[i]);
		for (at = text; (at = strcasestr(at, lint_links[i])) != NULL;
		     at++) {
			if (lint_links[i][0] != '.' ||
			    !((at[len] >= 'a' && at[len] <= 'z') ||
				(at[len] >= 'A' && at[len] <= 'Z')))
				return true;
		}
	}
	return false;
}

static const char *
lint_find(const struct lint *l, const char *text, const struct fold *f,
    enum lint_scope scope)
{
	const char *why = NULL;
	char *padded;
	size_t i;

	if (lint_has_link(text))
		return why_link;
	if (lint_has_place_number(f))
		return why_address;
	if (lint_has_person(text))
		return why_person;
	padded = lint_pad(f->text);
	for (i = 0; i < l->n && why == NULL; i++) {
		if (l->phrases[i].scope <= scope &&
		    lint_has_phrase(f, padded, &l->phrases[i]))
			why = l->phrases[i].why;
	}
	free(padded);
	return why;
}

static int
lint_text(const struct lint *l, const char *text, enum lint_scope scope,
    const char **why)
{
	struct fold f;

	*why = "is not UTF-8";
	if (fold_text(text, strlen(text), &f) != 0)
		return TC_EINVAL;
	*why = lint_find(l, text, &f, scope);
	fold_clear(&f);
	return *why == NULL ? 0 : TC_EDENIED;
}

int
lint_outbound(struct lint *l, const char *text, const char **why)
{
	char **passed =
	    &l->passed[fnv64(FNV64_INIT, text, strlen(text)) % LINT_PASSED];
	int rc;

	*why = NULL;
	if (*passed != NULL && strcmp(*passed, text) == 0)
		return 0;
	rc = lint_text(l, text, LINT_ALL, why);
	if (rc == 0) {
		free(*passed);
		*passed = xstrdup(text);
	}
	return rc;
}

int
lint_neutral(const struct lint *l, const char *text, const char **why)
{
	return lint_text(l, text, LINT_NEUTRAL, why);
}

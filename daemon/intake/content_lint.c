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

static const char *const sign_whys[CONTENT_NSIGNS] = {
    [CONTENT_SIGN_CATEGORY] = "names a category of help (R2)",
    [CONTENT_SIGN_SHELTER] = "names a category of help (R2)",
    [CONTENT_SIGN_WHERE] = "holds an address or a place (M19)",
    [CONTENT_SIGN_PLACE] = "holds an address or a place (M19)",
    [CONTENT_SIGN_ADDRESS] = "holds an address or a place (M19)",
    [CONTENT_SIGN_PERSON] = "names a person (R2)",
    [CONTENT_SIGN_SECRET] = "sounds like a secret meeting (R14)",
    [CONTENT_SIGN_DELETE] = "advises to delete a text (R11)",
    [CONTENT_SIGN_LINK] = "holds a link",
    [CONTENT_SIGN_DEMAND] = "sounds like a demand for money or codes",
    [CONTENT_SIGN_AGENCY] = "names an agency or the commune (R2)",
    [CONTENT_SIGN_WORDING] = "blames or stereotypes (M42)",
};

#define LINT_PASSED 64

enum lint_scope {
	LINT_ALL,     /* every automatic message */
	LINT_NEUTRAL, /* only the neutral replies */
	LINT_WRITTEN  /* only what officials write */
};

struct lint_word {
	const char *phrase; /* accented */
	enum content_sign sign;
};

static const struct lint_word lint_words[] = {
    {"bạo lực", CONTENT_SIGN_CATEGORY},
    {"bạo hành", CONTENT_SIGN_CATEGORY},
    {"ngược đãi", CONTENT_SIGN_CATEGORY},
    {"bị đánh", CONTENT_SIGN_CATEGORY},
    {"chồng đánh", CONTENT_SIGN_CATEGORY},
    {"đánh đập", CONTENT_SIGN_CATEGORY},
    {"nạn nhân", CONTENT_SIGN_CATEGORY},
    {"tố giác", CONTENT_SIGN_CATEGORY},
    {"tố cáo", CONTENT_SIGN_CATEGORY},
    {"báo án", CONTENT_SIGN_CATEGORY},
    {"tạm lánh", CONTENT_SIGN_SHELTER},
    {"tin cậy", CONTENT_SIGN_SHELTER},
    {"nơi trú", CONTENT_SIGN_SHELTER},
    {"xâm hại", CONTENT_SIGN_CATEGORY},
    {"hiếp dâm", CONTENT_SIGN_CATEGORY},
    {"cưỡng hiếp", CONTENT_SIGN_CATEGORY},
    {"cưỡng ép", CONTENT_SIGN_CATEGORY},
    {"quấy rối", CONTENT_SIGN_CATEGORY},
    {"tình dục", CONTENT_SIGN_CATEGORY},
    {"mua bán người", CONTENT_SIGN_CATEGORY},
    {"buôn người", CONTENT_SIGN_CATEGORY},
    {"lừa bán", CONTENT_SIGN_CATEGORY},
    {"tảo hôn", CONTENT_SIGN_CATEGORY},
    {"ép cưới", CONTENT_SIGN_CATEGORY},
    {"ly hôn", CONTENT_SIGN_CATEGORY},
    {"BLGD", CONTENT_SIGN_CATEGORY},
    {"BLGĐ", CONTENT_SIGN_CATEGORY},
    {"địa chỉ", CONTENT_SIGN_WHERE},
    {"số nhà", CONTENT_SIGN_ADDRESS},
    {"thôn", CONTENT_SIGN_PLACE},
    {"xóm", CONTENT_SIGN_PLACE},
    {"làng", CONTENT_SIGN_PLACE},
    {"buôn làng", CONTENT_SIGN_PLACE},
    {"tổ dân phố", CONTENT_SIGN_PLACE},
    {"khu phố", CONTENT_SIGN_PLACE},
    {"quốc lộ", CONTENT_SIGN_ADDRESS},
    {"tỉnh lộ", CONTENT_SIGN_ADDRESS},
    {"ngã ba", CONTENT_SIGN_ADDRESS},
    {"ngã tư", CONTENT_SIGN_ADDRESS},
    {"giờ hẹn", CONTENT_SIGN_SECRET},
    {"hẹn gặp", CONTENT_SIGN_SECRET},
    {"hẹn hò", CONTENT_SIGN_SECRET},
    {"cuộc hẹn", CONTENT_SIGN_SECRET},
    {"gặp riêng", CONTENT_SIGN_SECRET},
    {"gặp nhau", CONTENT_SIGN_SECRET},
    {"bí mật", CONTENT_SIGN_SECRET},
    {"xóa tin", CONTENT_SIGN_DELETE},
    {"xóa ngay", CONTENT_SIGN_DELETE},
    {"mật khẩu", CONTENT_SIGN_DEMAND},
    {"mã OTP", CONTENT_SIGN_DEMAND},
    {"OTP", CONTENT_SIGN_DEMAND},
    {"chuyển khoản", CONTENT_SIGN_DEMAND},
    {"số tài khoản", CONTENT_SIGN_DEMAND},
    {"căn cước", CONTENT_SIGN_DEMAND},
};

/* Nobody shall learn that the commune asks for money. */
static const char *const lint_demands[] = {
    "nộp tiền",
    "đóng tiền",
    "gửi tiền",
    "chuyển tiền",
    "nạp tiền",
    "nạp thẻ",
    "thẻ cào",
    "đặt cọc",
    "mã xác nhận",
    "mã xác thực",
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
	char *phrase; /* as it was written */
	char *folded; /* with a space before and behind */
	char *vni;    /* of a single marked syllable, else NULL */
	enum content_sign sign;
	enum lint_scope scope;
};

/* Who wants to know, and of which scopes (bits). */
struct lint_asker {
	unsigned scopes;
	content_sign_cb cb;
	void *ctx;
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
lint_add(struct lint *l, const char *phrase, enum content_sign sign,
    enum lint_scope scope)
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
		p->phrase = xstrdup(phrase);
		p->folded = lint_pad(f.text);
		if (f.ntokens == 1 && f.has_marks)
			p->vni = fold_vni(f.exact);
		p->sign = sign;
		p->scope = scope;
	}
	fold_clear(&f);
}

struct lint *
lint_new(const struct content_commune *c, const struct broadcast *b)
{
	struct lint *l;
	size_t i;

	l = xcalloc(1, sizeof(*l));
	for (i = 0; i < TC_NELEM(lint_words); i++)
		lint_add(l, lint_words[i].phrase, lint_words[i].sign, LINT_ALL);
	for (i = 0; i < c->nhamlets; i++)
		lint_add(l, c->hamlets[i], CONTENT_SIGN_PLACE, LINT_ALL);
	for (i = 0; i < TC_NELEM(lint_agency_words); i++)
		lint_add(
		    l, lint_agency_words[i], CONTENT_SIGN_AGENCY, LINT_NEUTRAL);
	for (i = 0; i < c->nagencies; i++) {
		lint_add(
		    l, c->agencies[i].code, CONTENT_SIGN_AGENCY, LINT_NEUTRAL);
		lint_add(
		    l, c->agencies[i].name, CONTENT_SIGN_AGENCY, LINT_NEUTRAL);
	}
	lint_add(l, c->name, CONTENT_SIGN_AGENCY, LINT_NEUTRAL);
	lint_add(l, c->signature, CONTENT_SIGN_AGENCY, LINT_NEUTRAL);
	for (i = 0; i < TC_NELEM(lint_demands); i++)
		lint_add(l, lint_demands[i], CONTENT_SIGN_DEMAND, LINT_WRITTEN);
	for (i = 0; b != NULL && i < b->wording.n; i++)
		lint_add(
		    l, b->wording.items[i], CONTENT_SIGN_WORDING, LINT_WRITTEN);
	return l;
}

void
lint_free(struct lint *l)
{
	size_t i;

	if (l == NULL)
		return;
	for (i = 0; i < l->n; i++) {
		free(l->phrases[i].phrase);
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

/* A phrase of these scopes is told to cb. */
static void
lint_walk(const struct lint *l, const char *text, const struct fold *f,
    const struct lint_asker *asker)
{
	char *padded = lint_pad(f->text);
	size_t i;

	if (lint_has_link(text))
		asker->cb(CONTENT_SIGN_LINK, "", asker->ctx);
	if (lint_has_place_number(f))
		asker->cb(CONTENT_SIGN_ADDRESS, "", asker->ctx);
	if (lint_has_person(text))
		asker->cb(CONTENT_SIGN_PERSON, "", asker->ctx);
	for (i = 0; i < l->n; i++)
		if ((asker->scopes & 1U << l->phrases[i].scope) != 0 &&
		    lint_has_phrase(f, padded, &l->phrases[i]))
			asker->cb(l->phrases[i].sign, l->phrases[i].phrase,
			    asker->ctx);
	free(padded);
}

static int
lint_ask(const struct lint *l, const char *text, const struct lint_asker *asker)
{
	struct fold f;

	if (fold_text(text, strlen(text), &f) != 0)
		return TC_EINVAL;
	lint_walk(l, text, &f, asker);
	fold_clear(&f);
	return 0;
}

/* The first thing that is wrong. */
static void
lint_first(enum content_sign sign, const char *phrase, void *ctx)
{
	const char **why = ctx;

	(void)phrase;
	if (*why == NULL)
		*why = sign_whys[sign];
}

static int
lint_text(const struct lint *l, const char *text, enum lint_scope scope,
    const char **why)
{
	const struct lint_asker asker = {
	    (1U << LINT_ALL) | (1U << scope), lint_first, why};
	int rc;

	*why = NULL;
	if ((rc = lint_ask(l, text, &asker)) != 0)
		*why = "is not UTF-8";
	return rc == 0 && *why != NULL ? TC_EDENIED : rc;
}

int
lint_signs(
    const struct lint *l, const char *text, content_sign_cb cb, void *ctx)
{
	const struct lint_asker asker = {
	    (1U << LINT_ALL) | (1U << LINT_WRITTEN), cb, ctx};

	return lint_ask(l, text, &asker);
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

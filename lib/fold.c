/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folding: what people typed, brought to one form for the matcher. Called once
 * for every inbound text, and once for every keyword when content is loaded.
 * Owns nothing; the results belong to the caller.
 *
 *   bytes -> stream_make() -> stream: lower-case NFD code points, one space
 *                             between tokens, marks still there
 *   stream -> write_bare()  -> fold.text
 *          -> write_exact() -> fold.exact
 *          -> write_typed() -> fold_telex(), fold_vni()
 *
 * An ASCII text, which most of them are, takes a short way without Unicode.
 * Only invalid UTF-8 fails. The other ways to type a word are in fold_forms.c.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "fold.h"

/* No character decomposes to more than 3 code points for 2 bytes of UTF-8. */
#define STREAM_MAX (FOLD_TEXT_MAX * 2)
#define UTF8_CHAR_MAX 4

#define MARK_GRAVE 0x0300
#define MARK_ACUTE 0x0301
#define MARK_CIRCUMFLEX 0x0302
#define MARK_TILDE 0x0303
#define MARK_BREVE 0x0306
#define MARK_HOOK 0x0309
#define MARK_HORN 0x031b
#define MARK_DOT 0x0323
#define GRAPHEME_JOINER 0x034f /* among the marks, but no mark */
#define D_STROKE 0x0111
#define B_STROKE 0x0180

struct stream {
	int32_t cp[STREAM_MAX];
	size_t n;
	size_t ntokens;
	bool has_marks;
	bool edges; /* "?" is kept also before and behind a word */
};

enum char_class {
	CHAR_SEPARATOR,
	CHAR_TOKEN, /* letter or digit */
	CHAR_MARK,  /* belongs to the letter before it; nothing without one */
	CHAR_NOTHING,
	CHAR_QUESTION
};

/* How an input method writes a tone (at the end of the syllable) and a letter
 * mark (behind the letter). */
struct method {
	char tones[5]; /* acute, grave, hook, tilde, dot */
	char circumflex, breve, horn, stroke; /* 0: the letter again */
};

static const struct method telex = {{'s', 'f', 'r', 'x', 'j'}, 0, 'w', 'w', 0};
static const struct method vni = {
    {'1', '2', '3', '4', '5'}, '6', '8', '7', '9'};

static bool
is_mark(int32_t cp)
{
	return cp >= 0x0300 && cp <= 0x036f;
}

/* 1..5 in the order of struct method, 0 when cp is no tone mark. */
static unsigned
tone_of(int32_t cp)
{
	switch (cp) {
	case MARK_ACUTE:
		return 1;
	case MARK_GRAVE:
		return 2;
	case MARK_HOOK:
		return 3;
	case MARK_TILDE:
		return 4;
	case MARK_DOT:
		return 5;
	default:
		return 0;
	}
}

static bool
is_one_of(int32_t cp, const char *letters)
{
	return cp > 0 && cp < 0x80 && strchr(letters, (char)cp) != NULL;
}

static enum char_class
classify_ascii(int32_t cp)
{
	if ((cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
	    (cp >= '0' && cp <= '9'))
		return CHAR_TOKEN;
	return cp == '?' ? CHAR_QUESTION : CHAR_SEPARATOR;
}

/* Variation selectors say how, not what. */
static bool
is_variation(int32_t cp)
{
	return (cp >= 0xfe00 && cp <= 0xfe0f) ||
	       (cp >= 0xe0100 && cp <= 0xe01ef) ||
	       (cp >= 0x180b && cp <= 0x180d);
}

static enum char_class
classify(int32_t cp)
{
	if (cp < 0x80)
		return classify_ascii(cp);
	if (cp == GRAPHEME_JOINER)
		return CHAR_NOTHING;
	switch (utf8proc_category(cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return CHAR_TOKEN;
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_MN:
		return is_variation(cp) ? CHAR_NOTHING : CHAR_MARK;
	case UTF8PROC_CATEGORY_ME: /* keycap rings */
	case UTF8PROC_CATEGORY_CF: /* zero width, direction, soft hyphen */
		return CHAR_NOTHING;
	default:
		return CHAR_SEPARATOR;
	}
}

/* Lower case; U+00D0 is what old fonts gave for U+0110. */
static int32_t
lower(int32_t cp)
{
	if (cp < 0x80)
		return (cp >= 'A' && cp <= 'Z') ? cp + 32 : cp;
	if (cp == 0x00d0)
		return D_STROKE;
	return utf8proc_tolower(cp);
}

static unsigned
combining_class(int32_t cp)
{
	if (cp < 0x0300)
		return 0;
	return (unsigned)utf8proc_get_property(cp)->combining_class;
}

/* Append, in canonical order: a character that was dropped may have kept two
 * marks apart that now must change places. Returns the new end. */
static size_t
stream_append(struct stream *s, size_t end, int32_t cp)
{
	unsigned class = combining_class(cp);
	size_t at = end;

	for (; class > 0 && at > 0; at--) {
		if (combining_class(s->cp[at - 1]) <= class)
			break;
		s->cp[at] = s->cp[at - 1];
	}
	s->cp[at] = cp;
	return end + 1;
}

/* Put down the question marks that belong to a word. */
static size_t
stream_questions(struct stream *s, size_t out, size_t *questions)
{
	for (; *questions > 0; --*questions)
		s->cp[out++] = '?';
	return out;
}

/*
 * Sort a decomposed text into tokens, in place: what is written never overtakes
 * what is read. A question mark is kept when the word goes on behind it; at the
 * edge of a word only when that was asked for.
 */
static void
stream_tokenise(struct stream *s)
{
	size_t in, out = 0, questions = 0;
	bool in_token = false;
	int32_t cp;

	for (in = 0; in < s->n; in++) {
		cp = s->cp[in];
		switch (classify(cp)) {
		case CHAR_NOTHING:
			break;
		case CHAR_QUESTION:
			questions++;
			break;
		case CHAR_SEPARATOR:
			if (in_token && s->edges)
				out = stream_questions(s, out, &questions);
			questions = 0;
			in_token = false;
			break;
		case CHAR_MARK:
			if (in_token && questions == 0)
				out = stream_append(s, out, cp);
			break;
		case CHAR_TOKEN:
			if (!in_token && !s->edges)
				questions = 0;
			if (!in_token && s->ntokens++ > 0)
				s->cp[out++] = ' ';
			out = stream_questions(s, out, &questions);
			out = stream_append(s, out, lower(cp));
			in_token = true;
			break;
		}
	}
	if (in_token && s->edges)
		out = stream_questions(s, out, &questions);
	s->n = out;
}

/* How much of the text is looked at: FOLD_TEXT_MAX, less the rest of a
 * character. */
static size_t
cut_length(const char *text, size_t len)
{
	if (len <= FOLD_TEXT_MAX)
		return len;
	len = FOLD_TEXT_MAX;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static int
stream_make(struct stream *s, const char *text, size_t len, bool edges)
{
	utf8proc_ssize_t n;

	n = utf8proc_decompose((const utf8proc_uint8_t *)text,
	    (utf8proc_ssize_t)cut_length(text, len), s->cp, STREAM_MAX,
	    UTF8PROC_DECOMPOSE);
	if (n < 0 || n > STREAM_MAX)
		return TC_EINVAL;
	s->n = (size_t)n;
	s->ntokens = 0;
	s->has_marks = false;
	s->edges = edges;
	stream_tokenise(s);
	return 0;
}

static size_t
put_char(char *out, int32_t cp)
{
	if (cp < 0x80) {
		*out = (char)cp;
		return 1;
	}
	return (size_t)utf8proc_encode_char(cp, (utf8proc_uint8_t *)out);
}

/* Without marks. Notes on the way whether there were any of Vietnamese: a tone
 * or a letter mark on a vowel, or a d with stroke. */
static size_t
write_bare(struct stream *s, char *out)
{
	size_t i, used = 0;
	int32_t cp, base = 0;

	for (i = 0; i < s->n; i++) {
		cp = s->cp[i];
		if (is_mark(cp)) {
			if (is_one_of(base, "aeiouy") &&
			    (tone_of(cp) != 0 || cp == MARK_CIRCUMFLEX ||
				cp == MARK_BREVE || cp == MARK_HORN))
				s->has_marks = true;
			continue;
		}
		base = cp;
		if (cp == D_STROKE) {
			s->has_marks = true;
			cp = 'd';
		} else if (cp == B_STROKE) {
			cp = 'b'; /* of Jrai */
		}
		used += put_char(out + used, cp);
	}
	out[used] = '\0';
	return used;
}

/*
 * Two spellings are in use for the tone of an open syllable in oa, oe, uy: on
 * the second vowel or on the first. Bring the second kind to the first; the u
 * of qu is no vowel. Looks at the token that ends before `end`.
 */
static void
move_tone(int32_t *cp, size_t start, size_t end)
{
	int32_t first, second, tone;

	if (end - start < 3)
		return;
	first = cp[end - 3];
	second = cp[end - 2];
	tone = cp[end - 1];
	if (tone_of(tone) == 0)
		return;
	if (!(first == 'o' && (second == 'a' || second == 'e')) &&
	    !(first == 'u' && second == 'y'))
		return;
	if (first == 'u' && end - start > 3 && cp[end - 4] == 'q')
		return;
	cp[end - 2] = tone;
	cp[end - 1] = second;
}

/* With marks, composed (NFC). Changes the stream. */
static size_t
write_exact(struct stream *s, char *out)
{
	size_t i, start = 0, used = 0;
	utf8proc_ssize_t n;

	for (i = 0; i <= s->n; i++) {
		if (i == s->n || s->cp[i] == ' ') {
			move_tone(s->cp, start, i);
			start = i + 1;
		}
	}
	n = utf8proc_normalize_utf32(
	    s->cp, (utf8proc_ssize_t)s->n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	for (i = 0; n > 0 && i < (size_t)n; i++)
		used += put_char(out + used, s->cp[i]);
	out[used] = '\0';
	return used;
}

/* Lower-case one ASCII character; 0 for a separator. */
static char
fold_ascii_char(char c)
{
	switch (classify_ascii((unsigned char)c)) {
	case CHAR_TOKEN:
		return (char)lower((unsigned char)c);
	case CHAR_QUESTION:
		return '?';
	default:
		return 0;
	}
}

static size_t
put_questions(char *out, size_t used, size_t *questions)
{
	for (; *questions > 0; --*questions)
		out[used++] = '?';
	return used;
}

/* The short way: the same rules as stream_tokenise(). */
static void
fold_ascii(const char *text, size_t len, bool edges, struct fold *out)
{
	char *p = xmalloc(len + 1);
	size_t in, used = 0, questions = 0;
	bool in_token = false;
	char c;

	for (in = 0; in < len; in++) {
		c = fold_ascii_char(text[in]);
		if (c == '?') {
			questions++;
			continue;
		}
		if (c == 0) {
			if (in_token && edges)
				used = put_questions(p, used, &questions);
			questions = 0;
			in_token = false;
			continue;
		}
		if (!in_token && !edges)
			questions = 0;
		if (!in_token && out->ntokens++ > 0)
			p[used++] = ' ';
		used = put_questions(p, used, &questions);
		p[used++] = c;
		in_token = true;
	}
	if (in_token && edges)
		used = put_questions(p, used, &questions);
	p[used] = '\0';
	out->text = p;
	out->exact = p;
}

static bool
is_ascii(const char *s, size_t len)
{
	unsigned char all = 0;
	size_t i;

	for (i = 0; i < len; i++)
		all |= (unsigned char)s[i];
	return all < 0x80;
}

static int
fold_any(const char *text, size_t len, bool edges, struct fold *out)
{
	struct stream s;
	size_t used;

	memset(out, 0, sizeof(*out));
	if (is_ascii(text, len)) {
		fold_ascii(text, cut_length(text, len), edges, out);
		return 0;
	}
	if (!utf8_is_valid(text, len) || stream_make(&s, text, len, edges) != 0)
		return TC_EINVAL;
	out->text = xmalloc(2 * (s.n * UTF8_CHAR_MAX + 1));
	used = write_bare(&s, out->text);
	out->exact = out->text + used + 1;
	(void)write_exact(&s, out->exact);
	out->has_marks = s.has_marks;
	out->ntokens = s.ntokens;
	return 0;
}

int
fold_text(const char *text, size_t len, struct fold *out)
{
	return fold_any(text, len, false, out);
}

int
fold_message(const char *text, size_t len, struct fold *out)
{
	return fold_any(text, len, true, out);
}

void
fold_clear(struct fold *f)
{
	/* exact lies in the same block. */
	free(f->text);
	memset(f, 0, sizeof(*f));
}

/* What the method writes for a letter mark on this base, 0 for none. */
static char
letter_key(const struct method *m, int32_t base, int32_t mark)
{
	if (mark == MARK_CIRCUMFLEX && is_one_of(base, "aeo"))
		return m->circumflex != 0 ? m->circumflex : (char)base;
	if (mark == MARK_BREVE && base == 'a')
		return m->breve;
	if (mark == MARK_HORN && is_one_of(base, "ou"))
		return m->horn;
	return 0;
}

/* As typed with the method off. Marks that no key makes are left out. */
static void
write_typed(const struct stream *s, const struct method *m, char *out)
{
	size_t i, used = 0;
	int32_t cp, base = 0;
	unsigned tone = 0;
	char key;

	for (i = 0; i <= s->n; i++) {
		cp = i < s->n ? s->cp[i] : ' ';
		if (is_mark(cp)) {
			if (tone_of(cp) != 0 && is_one_of(base, "aeiouy"))
				tone = tone_of(cp);
			key = letter_key(m, base, cp);
			if (key != 0)
				out[used++] = key;
			continue;
		}
		if (cp == ' ' && tone != 0) {
			out[used++] = m->tones[tone - 1];
			tone = 0;
		}
		base = cp;
		if (cp == D_STROKE) {
			out[used++] = 'd';
			out[used++] = m->stroke != 0 ? m->stroke : 'd';
		} else if (i < s->n) {
			used += put_char(out + used, cp == B_STROKE ? 'b' : cp);
		}
	}
	out[used] = '\0';
}

static char *
fold_typed(const char *text, const struct method *m)
{
	size_t len = strlen(text);
	struct stream s;
	char *out;

	if (!utf8_is_valid(text, len) || stream_make(&s, text, len, false) != 0)
		return NULL;
	/* One key more per token for the tone. */
	out = xmalloc((s.n + s.ntokens) * UTF8_CHAR_MAX + 1);
	write_typed(&s, m, out);
	return out;
}

char *
fold_telex(const char *s)
{
	return fold_typed(s, &telex);
}

char *
fold_vni(const char *s)
{
	return fold_typed(s, &vni);
}

static int32_t
bare_letter(int32_t cp)
{
	static const struct {
		int32_t from, to;
	} strokes[] = {{0x0110, 'D'}, {D_STROKE, 'd'}, {0x00d0, 'D'},
	    {0x0243, 'B'}, {B_STROKE, 'b'}};
	size_t i;

	for (i = 0; i < TC_NELEM(strokes); i++)
		if (strokes[i].from == cp)
			return strokes[i].to;
	return cp;
}

char *
fold_bare(const char *s)
{
	utf8proc_uint8_t *nfd = utf8proc_NFD((const utf8proc_uint8_t *)s);
	size_t len, at = 0, out = 0;
	int32_t cp;
	char *bare;

	if (nfd == NULL)
		return NULL;
	len = strlen((const char *)nfd);
	bare = xmalloc(len + 1);
	while (at < len) {
		at += (size_t)utf8proc_iterate(
		    nfd + at, (utf8proc_ssize_t)(len - at), &cp);
		if (!is_mark(cp))
			out += (size_t)utf8proc_encode_char(
			    bare_letter(cp), (utf8proc_uint8_t *)bare + out);
	}
	bare[out] = '\0';
	free(nfd);
	return bare;
}

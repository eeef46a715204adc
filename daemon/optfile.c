/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads an option file by a table, for conf.c and intake/content.c.
 *
 * libconfuse parses; three things about it are kept from the people who write
 * the files. It stops at the first value it dislikes: every option is a string
 * to it, and the checks are ours. It tells no line afterwards: its parse
 * callback writes each value down with the line it is on. Its lexer takes the
 * environment into a text, miscounts the lines of comments, skips characters it
 * does not know, blames an open quote on a later line and takes the end of the
 * file for a closing brace: the scan below refuses those first and blanks the
 * comments, so that what is left has one meaning.
 *
 * Owns the texts it read. Fails with entries in the caller's list of faults
 * only.
 */
#include "config.h"

#include <confuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "optfile.h"

struct written {
	const cfg_t *section;
	char *key;
	char *text;
	int line;
};

struct optsec {
	const struct optfile *file;
	const struct opt_section *kind;
	const cfg_t *cfg;
	char *title;
	int line;
	size_t first; /* the values of a section are neighbours; */
	size_t end;   /* those of the top are all over the file */
};

struct optfile {
	char *path;
	const struct opt_section *kinds;
	size_t nkinds;
	cfg_t *cfg; /* kept, because its sections are known by address */
	struct written *written;
	size_t nwritten;
	struct optsec *sections;
	size_t nsections;
	int *opened; /* lines where a section begins, rising */
	size_t nopened;
	struct faults *faults; /* only while optfile_read() runs */
};

/* libconfuse hands its callbacks no context, and its lexer is global anyhow:
 * files are read one at a time. */
static struct optfile *reading;

/*
 * The scan: what the lexer of libconfuse would silently take for something
 * else. It knows texts in double quotes, comments with "#", words and the signs
 * "= { } ,".
 */
struct scan {
	struct optfile *file;
	char *p;
	int line;
	bool after_equal;   /* the next "{" opens a list, not a section */
	int depth;          /* of open braces */
	int opened_on_line; /* the outermost of them */
	bool ok;
};

static void
scan_fault(struct scan *s, const char *what)
{
	faults_add(s->file->faults, s->file->path, s->line, "%s", what);
	s->ok = false;
}

/* Behind the opening quote; stops behind the closing one or at the line end. */
static void
scan_text(struct scan *s)
{
	for (; *s->p != '\n' && *s->p != '\0'; s->p++) {
		if (*s->p == '"') {
			s->p++;
			return;
		}
		if (*s->p == '$' && s->p[1] == '{')
			scan_fault(s, "\"${\" is not allowed in a text");
		if (*s->p != '\\')
			continue;
		s->p++;
		if (*s->p != '"' && *s->p != '\\') {
			scan_fault(s, "only \\\" and \\\\ may follow a "
				      "backslash");
			s->p--;
		}
	}
	scan_fault(s, "the text is not closed with \" on this line");
}

static void
scan_word(struct scan *s)
{
	size_t n;

	n = strspn(s->p, "abcdefghijklmnopqrstuvwxyz"
			 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/@-");
	if (n == 0) {
		scan_fault(s, "unexpected character; a value that is no plain "
			      "word stands in double quotes");
		n = strcspn(s->p, " \t\r\n");
	} else if (s->p[0] == '/' && s->p[1] == '/') {
		scan_fault(s, "a comment begins with #");
		n = strcspn(s->p, "\n");
	}
	s->p += n;
}

static void
scan_open(struct scan *s)
{
	struct optfile *f = s->file;

	if (!s->after_equal) {
		f->opened = xreallocarray(
		    f->opened, f->nopened + 1, sizeof(*f->opened));
		f->opened[f->nopened++] = s->line;
	}
	if (s->depth++ == 0)
		s->opened_on_line = s->line;
}

static void
scan_sign(struct scan *s)
{
	if (*s->p == '{')
		scan_open(s);
	else if (*s->p == '}')
		s->depth--; /* one too many is found by the parser */
	else if (*s->p == '\n')
		s->line++;
	if (*s->p == '=')
		s->after_equal = true;
	else if (strchr(" \t\r\n", *s->p) == NULL)
		s->after_equal = false;
	s->p++;
}

static bool
optfile_scan(struct optfile *f, char *text)
{
	struct scan s = {.file = f, .p = text, .line = 1, .ok = true};
	size_t n;

	while (*s.p != '\0') {
		if (*s.p == '"') {
			s.p++;
			scan_text(&s);
			s.after_equal = false;
		} else if (*s.p == '#') {
			n = strcspn(s.p, "\n");
			memset(s.p, ' ', n);
			s.p += n;
		} else if (strchr(" \t\r\n={},", *s.p) != NULL) {
			scan_sign(&s);
		} else {
			scan_word(&s);
			s.after_equal = false;
		}
	}
	if (s.depth > 0) {
		s.line = s.opened_on_line;
		scan_fault(&s, "the { of this line is not closed");
	}
	return s.ok;
}

/* Report the lines that are not UTF-8. */
static bool
optfile_check_utf8(struct optfile *f, const char *text)
{
	bool ok = true;
	size_t n;
	int line;

	for (line = 1; *text != '\0'; line++) {
		n = strcspn(text, "\n");
		if (!utf8_is_valid(text, n)) {
			faults_add(
			    f->faults, f->path, line, "this is not UTF-8");
			ok = false;
		}
		text += n + (text[n] == '\n');
	}
	return ok;
}

static bool
optfile_has(const struct optfile *f, const cfg_t *section, const char *key)
{
	size_t i;

	for (i = f->nwritten; i > 0; i--) {
		if (f->written[i - 1].section == section &&
		    strcmp(f->written[i - 1].key, key) == 0)
			return true;
	}
	return false;
}

/* Called by libconfuse for every value, in the order of the file. */
static int
on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	struct optfile *f = reading;
	struct written *w;

	/* The first value of an assignment, and there was one before. */
	if (cfg_opt_size(opt) == 1 && optfile_has(f, cfg, opt->name))
		faults_add(f->faults, f->path, cfg->line, "%s is given twice",
		    opt->name);

	f->written =
	    xreallocarray(f->written, f->nwritten + 1, sizeof(*f->written));
	w = &f->written[f->nwritten++];
	w->section = cfg;
	w->key = xstrdup(opt->name);
	w->text = xstrdup(value);
	w->line = cfg->line;
	*(const char **)result = value;
	return 0;
}

static void on_error(cfg_t *cfg, const char *fmt, va_list ap) TC_PRINTF(2, 0);

static void
on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	char what[256];

	vsnprintf(what, sizeof(what), fmt, ap);
	faults_add(reading->faults, reading->path, cfg->line, "%s", what);
}

/* libconfuse's table of one kind of section, from ours. */
static cfg_opt_t *
make_opts(const struct opt_section *kind, size_t extra)
{
	static const cfg_opt_t scalar =
	    CFG_STR_CB(NULL, NULL, CFGF_NONE, on_value);
	static const cfg_opt_t list =
	    CFG_STR_LIST_CB(NULL, NULL, CFGF_NONE, on_value);
	static const cfg_opt_t end = CFG_END();
	cfg_opt_t *opts;
	size_t i;

	opts = xcalloc(kind->nopts + extra + 1, sizeof(*opts));
	for (i = 0; i < kind->nopts; i++) {
		opts[i] = kind->opts[i].type == OPT_LIST ? list : scalar;
		opts[i].name = kind->opts[i].key;
	}
	opts[kind->nopts + extra] = end;
	return opts;
}

static cfg_t *
optfile_init_parser(struct optfile *f)
{
	static const cfg_opt_t section =
	    CFG_SEC(NULL, NULL, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
	cfg_opt_t *top, *o;
	cfg_t *cfg;
	size_t k;

	top = make_opts(&f->kinds[0], f->nkinds - 1);
	for (k = 1; k < f->nkinds; k++) {
		o = &top[f->kinds[0].nopts + k - 1];
		*o = section;
		o->name = f->kinds[k].name;
		o->subopts = make_opts(&f->kinds[k], 0);
	}
	cfg = cfg_init(top, CFGF_NONE); /* copies the tables */
	for (k = 1; k < f->nkinds; k++)
		free(top[f->kinds[0].nopts + k - 1].subopts);
	free(top);
	return cfg;
}

/* Where the section that was closed on this line began. */
static int
optfile_opening_line(const struct optfile *f, int closing)
{
	size_t i;

	for (i = f->nopened; i > 0; i--) {
		if (f->opened[i - 1] <= closing)
			return f->opened[i - 1];
	}
	return closing;
}

static void
optfile_add_section(struct optfile *f, const struct opt_section *kind,
    const cfg_t *cfg, size_t *hint)
{
	struct optsec *s;

	f->sections =
	    xreallocarray(f->sections, f->nsections + 1, sizeof(*f->sections));
	s = &f->sections[f->nsections++];
	memset(s, 0, sizeof(*s));
	s->file = f;
	s->kind = kind;
	s->cfg = cfg;
	s->title = xstrdup(cfg->title != NULL ? cfg->title : "");
	if (hint == NULL) {
		s->end = f->nwritten;
		return;
	}
	s->line = optfile_opening_line(f, cfg->line);
	s->first = *hint;
	while (s->first < f->nwritten && f->written[s->first].section != cfg)
		s->first++;
	if (s->first == f->nwritten) { /* an empty section */
		s->end = s->first;
		return;
	}
	for (s->end = s->first; s->end < f->nwritten; s->end++) {
		if (f->written[s->end].section != cfg)
			break;
	}
	*hint = s->end;
}

static void
optfile_collect(struct optfile *f, cfg_t *cfg)
{
	unsigned int i;
	size_t k, hint;

	optfile_add_section(f, &f->kinds[0], cfg, NULL);
	for (k = 1; k < f->nkinds; k++) {
		hint = 0;
		for (i = 0; i < cfg_size(cfg, f->kinds[k].name); i++)
			optfile_add_section(f, &f->kinds[k],
			    cfg_getnsec(cfg, f->kinds[k].name, i), &hint);
	}
}

static int
optfile_parse(struct optfile *f, const char *text)
{
	size_t before = f->faults->n + f->faults->more;
	int rc;

	f->cfg = optfile_init_parser(f);
	if (f->cfg == NULL)
		return TC_EIO;
	cfg_set_error_function(f->cfg, on_error);
	reading = f;
	rc = cfg_parse_buf(f->cfg, text);
	reading = NULL;
	if (rc == CFG_SUCCESS) {
		optfile_collect(f, f->cfg);
		return 0;
	}
	/* It does not always say why, for example of an empty name. */
	if (f->faults->n + f->faults->more == before)
		faults_add(f->faults, f->path, f->cfg->line, "syntax error");
	return TC_EINVAL;
}

static char *
optfile_slurp(const char *path, struct faults *faults)
{
	char *text;
	size_t len;
	int rc;

	rc = file_read(path, OPTFILE_MAX, &text, &len);
	if (rc != 0) {
		faults_add(
		    faults, path, 0, "cannot be read: %s", tc_strerror(rc));
		return NULL;
	}
	if (memchr(text, '\0', len) != NULL) {
		faults_add(faults, path, 0, "holds a NUL byte");
		free(text);
		return NULL;
	}
	return text;
}

struct optfile *
optfile_read(const char *path, const struct opt_section *sections,
    size_t nsections, struct faults *faults)
{
	struct optfile *f;
	char *text;
	bool ok;

	text = optfile_slurp(path, faults);
	if (text == NULL)
		return NULL;
	f = xcalloc(1, sizeof(*f));
	f->path = xstrdup(path);
	f->kinds = sections;
	f->nkinds = nsections;
	f->faults = faults;

	ok = optfile_check_utf8(f, text) && optfile_scan(f, text) &&
	     optfile_parse(f, text) == 0;
	free(text);
	f->faults = NULL;
	if (!ok) {
		optfile_free(f);
		return NULL;
	}
	return f;
}

void
optfile_free(struct optfile *f)
{
	size_t i;

	if (f == NULL)
		return;
	if (f->cfg != NULL)
		cfg_free(f->cfg);
	for (i = 0; i < f->nwritten; i++) {
		free(f->written[i].key);
		free(f->written[i].text);
	}
	for (i = 0; i < f->nsections; i++)
		free(f->sections[i].title);
	free(f->written);
	free(f->sections);
	free(f->opened);
	free(f->path);
	free(f);
}

const char *
optfile_path(const struct optfile *f)
{
	return f->path;
}

const struct optsec *
optfile_section(const struct optfile *f, size_t kind, size_t i)
{
	size_t k;

	for (k = 0; k < f->nsections; k++) {
		if (f->sections[k].kind == &f->kinds[kind] && i-- == 0)
			return &f->sections[k];
	}
	return NULL;
}

const char *
optsec_title(const struct optsec *s)
{
	return s->title;
}

const char *
optsec_text(const struct optsec *s, const char *key, size_t n, int *line)
{
	const struct written *w;
	size_t i;

	for (i = s->first; i < s->end; i++) {
		w = &s->file->written[i];
		if (w->section == s->cfg && strcmp(w->key, key) == 0 &&
		    n-- == 0) {
			*line = w->line;
			return w->text;
		}
	}
	*line = s->line;
	return NULL;
}

int
optsec_line(const struct optsec *s, const char *key)
{
	int line;

	(void)optsec_text(s, key, 0, &line);
	return line;
}

bool
optsec_is_given(const struct optsec *s, const char *key)
{
	int line;

	return optsec_text(s, key, 0, &line) != NULL;
}

const struct opt_section *
optsec_kind(const struct optsec *s)
{
	return s->kind;
}

const char *
optsec_path(const struct optsec *s)
{
	return s->file->path;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * menus.conf: reading and checking it, and walking a path (menu.h). Called by
 * content.c when a pack is loaded and by ussd.c for every step. Owns the texts.
 * Fails with entries in the caller's list of faults.
 */
#include "config.h"
#include "intake/lint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gsm.h"
#include "menu.h"
#include "optfile.h"

#define MENU_FIRST "main"
#define SEPTETS_MAX 182
#define UNITS_MAX 80

struct menus {
	struct menu_screen *screens;
	size_t nscreens;
	struct menu_option *options;
	size_t noptions;
	char *lines[MENU_NLINES][CONTENT_NSCRIPTS];
	const struct menu_screen *first;
};

/* --- the file --- */

struct text_raw {
	char *text[CONTENT_NSCRIPTS];
};
struct screen_raw {
	struct text_raw base;
	struct opt_list options;
	int input;
};
struct option_raw {
	struct text_raw base;
	char *screen, *intent;
};

enum {
	INPUT_CHOICE,
	INPUT_HOUR
};
static const char *const input_words[] = {
    [INPUT_CHOICE] = "choice", [INPUT_HOUR] = "hour", [INPUT_HOUR + 1] = NULL};

#define SCREEN(field) offsetof(struct screen_raw, field)
#define OPTION(field) offsetof(struct option_raw, field)
#define TEXTS(base)                                                            \
	{.key = "bare",                                                        \
	    .type = OPT_TEXT,                                                  \
	    .min = 1,                                                          \
	    .max = SEPTETS_MAX,                                                \
	    .offset = (base) + offsetof(struct text_raw, text[CONTENT_BARE])}, \
	{                                                                      \
		.key = "accented", .type = OPT_TEXT, .min = 1,                 \
		.max = 3 * UNITS_MAX,                                          \
		.offset =                                                      \
		    (base) + offsetof(struct text_raw, text[CONTENT_ACCENTED]) \
	}

static const struct opt line_options[] = {TEXTS(0)};
static const struct opt screen_options[] = {
    TEXTS(SCREEN(base)),
    {.key = "options",
	.type = OPT_LIST,
	.min = 1,
	.max = 32,
	.def = "",
	.offset = SCREEN(options)},
    {.key = "input",
	.type = OPT_WORD,
	.words = input_words,
	.def = "choice",
	.offset = SCREEN(input)},
};
static const struct opt option_options[] = {
    TEXTS(OPTION(base)),
    {.key = "screen",
	.type = OPT_TEXT,
	.max = 32,
	.def = "",
	.offset = OPTION(screen)},
    {.key = "intent",
	.type = OPT_TEXT,
	.max = 32,
	.def = "",
	.offset = OPTION(intent)},
};

enum {
	KIND_TOP,
	KIND_LINE,
	KIND_SCREEN,
	KIND_OPTION,
	NKINDS
};
static const struct opt_section menu_kinds[NKINDS] = {
    [KIND_TOP] = {NULL, NULL, 0},
    [KIND_LINE] = {"line", line_options, TC_NELEM(line_options)},
    [KIND_SCREEN] = {"screen", screen_options, TC_NELEM(screen_options)},
    [KIND_OPTION] = {"option", option_options, TC_NELEM(option_options)},
};

static const char *const line_names[MENU_NLINES] = {
    [MENU_LEAVE] = "leave",
    [MENU_RESUME] = "resume",
    [MENU_BYE] = "bye",
    [MENU_DONE] = "done",
};

struct menu_reading {
	const struct content *content;
	const struct optfile *file;
	struct menus *menus;
	struct faults *faults;
};

static void
menu_fault(struct menu_reading *r, const struct optsec *s, const char *key,
    const char *what)
{
	faults_add(r->faults, optfile_path(r->file), optsec_line(s, key),
	    "%s \"%s\": %s", optsec_kind(s)->name, optsec_title(s), what);
}

static size_t
menu_count(const struct menu_reading *r, size_t kind)
{
	size_t n = 0;

	while (optfile_section(r->file, kind, n) != NULL)
		n++;
	return n;
}

static void
menu_read_lines(struct menu_reading *r)
{
	const struct optsec *s;
	struct text_raw raw;
	size_t i, line;

	for (i = 0; (s = optfile_section(r->file, KIND_LINE, i)) != NULL; i++) {
		memset(&raw, 0, sizeof(raw));
		optsec_fill(s, &raw, r->faults);
		for (line = 0; line < MENU_NLINES; line++)
			if (strcmp(optsec_title(s), line_names[line]) == 0)
				break;
		if (line < MENU_NLINES) {
			memcpy(
			    r->menus->lines[line], raw.text, sizeof(raw.text));
			continue;
		}
		menu_fault(r, s, "", "is not leave, resume, bye or done");
		opts_clear(line_options, TC_NELEM(line_options), &raw);
	}
	for (line = 0; line < MENU_NLINES; line++)
		if (r->menus->lines[line][CONTENT_BARE] == NULL)
			faults_add(r->faults, optfile_path(r->file), 0,
			    "there is no line \"%s\"", line_names[line]);
}

static const struct menu_screen *
menu_screen_find(const struct menus *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->nscreens; i++)
		if (strcmp(m->screens[i].name, name) == 0)
			return &m->screens[i];
	return NULL;
}

static const struct menu_option *
menu_option_find(const struct menus *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->noptions; i++)
		if (strcmp(m->options[i].name, name) == 0)
			return &m->options[i];
	return NULL;
}

/* Names first, so that screens and options can refer to each other. */
static void
menu_read_names(struct menu_reading *r)
{
	struct menus *m = r->menus;
	size_t i;

	m->nscreens = menu_count(r, KIND_SCREEN);
	m->screens = xcalloc(m->nscreens + 1, sizeof(*m->screens));
	for (i = 0; i < m->nscreens; i++)
		m->screens[i].name = xstrdup(
		    optsec_title(optfile_section(r->file, KIND_SCREEN, i)));
	m->noptions = menu_count(r, KIND_OPTION);
	m->options = xcalloc(m->noptions + 1, sizeof(*m->options));
	for (i = 0; i < m->noptions; i++)
		m->options[i].name = xstrdup(
		    optsec_title(optfile_section(r->file, KIND_OPTION, i)));
}

static void
menu_read_option(struct menu_reading *r, size_t i)
{
	const struct optsec *s = optfile_section(r->file, KIND_OPTION, i);
	struct menu_option *o = &r->menus->options[i];
	struct option_raw raw;

	memset(&raw, 0, sizeof(raw));
	optsec_fill(s, &raw, r->faults);
	memcpy(o->text, raw.base.text, sizeof(o->text));
	if (raw.screen[0] != '\0' &&
	    (o->screen = menu_screen_find(r->menus, raw.screen)) == NULL)
		menu_fault(r, s, "screen", "there is no such screen");
	if (raw.intent[0] != '\0') {
		o->intent = content_intent_by_name(r->content, raw.intent);
		if (o->intent == NULL || o->intent->nagencies == 0)
			menu_fault(r, s, "intent",
			    "is not an intent that an agency answers");
	}
	if (raw.screen[0] == '\0' && raw.intent[0] == '\0')
		menu_fault(r, s, "", "leads nowhere: no screen, no intent");
	free(raw.screen);
	free(raw.intent);
}

static void
menu_read_screen(struct menu_reading *r, size_t i)
{
	const struct optsec *s = optfile_section(r->file, KIND_SCREEN, i);
	struct menu_screen *screen = &r->menus->screens[i];
	const struct menu_option *o;
	struct screen_raw raw;
	size_t k;

	memset(&raw, 0, sizeof(raw));
	optsec_fill(s, &raw, r->faults);
	memcpy(screen->text, raw.base.text, sizeof(screen->text));
	screen->asks_hour = raw.input == INPUT_HOUR;
	if (raw.options.n > MENU_OPTIONS_MAX)
		menu_fault(r, s, "options", "has more than 7");
	if ((raw.options.n == 0) != screen->asks_hour)
		menu_fault(r, s, "options", "has options, or asks for an hour");
	for (k = 0; k < raw.options.n; k++) {
		o = menu_option_find(r->menus, raw.options.items[k].text);
		if (o == NULL)
			menu_fault(r, s, "options", "names an unknown option");
		else if (screen->noptions < MENU_OPTIONS_MAX)
			screen->options[screen->noptions++] = o;
		free(raw.options.items[k].text);
	}
	free(raw.options.items);
}

/* --- checks --- */

/* An hour without a wish would be filed for nothing. */
static void
menu_check_hours(struct menu_reading *r)
{
	const struct menu_option *o;
	size_t i;

	for (i = 0; i < r->menus->noptions; i++) {
		o = &r->menus->options[i];
		if (o->screen != NULL && o->screen->asks_hour &&
		    o->intent == NULL)
			menu_fault(r, optfile_section(r->file, KIND_OPTION, i),
			    "intent",
			    "is missing before a screen that asks "
			    "for an hour");
	}
	if (r->menus->first != NULL && r->menus->first->asks_hour)
		faults_add(r->faults, optfile_path(r->file), 0,
		    "screen \"" MENU_FIRST "\" asks for an hour");
}

/* Too long for one screen, or why it must not be said; NULL when it may. */
static const char *
menu_screen_fault(
    const struct content *c, const char *text, enum content_script script)
{
	const char *why = NULL;
	struct gsm_text cost;

	if (gsm_segment(text, strlen(text), &cost, NULL, 0) != 0)
		return "is not a text";
	if (script == CONTENT_BARE && cost.coding != GSM_CODING_7BIT)
		return "has a letter that GSM-7 lacks in the bare script";
	if (cost.coding == GSM_CODING_7BIT ? cost.units > SEPTETS_MAX
					   : cost.units > UNITS_MAX)
		return "is longer than a USSD screen with its options";
	return content_lint_outbound(c, text, &why) != 0 ? why : NULL;
}

static void
menu_check_place(
    struct menu_reading *r, const struct optsec *s, const struct menu_place *p)
{
	char text[MENU_SCREEN_MAX];
	const char *why;
	int script;

	for (script = 0; script < CONTENT_NSCRIPTS; script++) {
		menu_text(r->menus, p, (enum content_script)script,
		    menu_is_first(r->menus, p), text);
		why = menu_screen_fault(
		    r->content, text, (enum content_script)script);
		if (why != NULL)
			menu_fault(r, s, "", why);
	}
}

static void
menu_check_texts(struct menu_reading *r)
{
	struct menu_place p = {0};
	const struct optsec *s;
	size_t i, line;

	for (i = 0; i < r->menus->nscreens; i++) {
		p.screen = &r->menus->screens[i];
		menu_check_place(
		    r, optfile_section(r->file, KIND_SCREEN, i), &p);
	}
	p.screen = NULL;
	for (i = 0; (s = optfile_section(r->file, KIND_LINE, i)) != NULL; i++)
		for (line = MENU_BYE; line <= MENU_DONE; line++) {
			p.end = (enum menu_line)line;
			if (strcmp(optsec_title(s), line_names[line]) == 0)
				menu_check_place(r, s, &p);
		}
}

static void
menu_read(struct menu_reading *r)
{
	size_t before = r->faults->n + r->faults->more, i;

	menu_read_names(r);
	menu_read_lines(r);
	for (i = 0; i < r->menus->noptions; i++)
		menu_read_option(r, i);
	for (i = 0; i < r->menus->nscreens; i++)
		menu_read_screen(r, i);
	r->menus->first = menu_screen_find(r->menus, MENU_FIRST);
	if (r->menus->first == NULL)
		faults_add(r->faults, optfile_path(r->file), 0,
		    "there is no screen \"" MENU_FIRST "\"");
	menu_check_hours(r);
	if (r->faults->n + r->faults->more == before)
		menu_check_texts(r);
}

struct menus *
menus_load(const struct content *c, const char *dir, struct faults *faults)
{
	size_t before = faults->n + faults->more;
	struct menu_reading r = {.content = c, .faults = faults};
	char *path = xasprintf("%s/menus.conf", dir);
	struct optfile *file = NULL;

	if (access(path, F_OK) == 0 || errno != ENOENT)
		file = optfile_read(path, menu_kinds, NKINDS, faults);
	free(path);
	if (file == NULL)
		return NULL;
	r.file = file;
	r.menus = xcalloc(1, sizeof(*r.menus));
	menu_read(&r);
	optfile_free(file);
	if (faults->n + faults->more == before)
		return r.menus;
	menus_free(r.menus);
	return NULL;
}

static int
menu_place_texts(const struct menus *m, const struct menu_place *p,
    content_text_cb cb, void *ctx)
{
	const char *name =
	    p->screen != NULL ? p->screen->name : line_names[p->end];
	char text[MENU_SCREEN_MAX];
	int script, rc = 0;

	for (script = 0; script < CONTENT_NSCRIPTS && rc >= 0; script++) {
		menu_text(m, p, (enum content_script)script,
		    menu_is_first(m, p), text);
		rc = cb(name, text, ctx);
	}
	return rc < 0 ? rc : 0;
}

int
menu_each_text(const struct menus *m, content_text_cb cb, void *ctx)
{
	struct menu_place p = {0};
	size_t i;
	int line, rc = 0;

	for (i = 0; i < m->nscreens && rc == 0; i++) {
		p.screen = &m->screens[i];
		rc = menu_place_texts(m, &p, cb, ctx);
	}
	p.screen = NULL;
	for (line = MENU_BYE; line <= MENU_DONE && rc == 0; line++) {
		p.end = (enum menu_line)line;
		rc = menu_place_texts(m, &p, cb, ctx);
	}
	return rc;
}

static void
menu_free_texts(char *text[CONTENT_NSCRIPTS])
{
	size_t i;

	for (i = 0; i < CONTENT_NSCRIPTS; i++)
		free(text[i]);
}

void
menus_free(struct menus *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < m->nscreens; i++) {
		free(m->screens[i].name);
		menu_free_texts(m->screens[i].text);
	}
	for (i = 0; i < m->noptions; i++) {
		free(m->options[i].name);
		menu_free_texts(m->options[i].text);
	}
	for (i = 0; i < MENU_NLINES; i++)
		menu_free_texts(m->lines[i]);
	free(m->screens);
	free(m->options);
	free(m);
}

/* --- the way --- */

static void
menu_end(struct menu_place *p, enum menu_line line)
{
	p->screen = NULL;
	p->end = line;
}

static void
menu_ask_for(struct menu_place *p, const struct menu_option *o, int hour)
{
	if (p->nrequests == MENU_REQUESTS_MAX)
		return; /* a longer path holds no more: MENU_PATH_MAX */
	p->requests[p->nrequests++] =
	    (struct menu_request){.step = p->steps, .option = o, .hour = hour};
}

/* The hour belongs to the wish before it. */
static void
menu_step_hour(struct menu_place *p, int64_t key)
{
	if (key > 23 || p->nrequests == 0)
		return;
	menu_ask_for(p, p->requests[p->nrequests - 1].option, (int)key);
	menu_end(p, MENU_DONE);
}

static void
menu_step(struct menu_place *p, int64_t key)
{
	const struct menu_option *o;

	if (key == MENU_KEY_LEAVE) {
		menu_end(p, MENU_BYE);
		return;
	}
	if (p->screen->asks_hour) {
		menu_step_hour(p, key);
		return;
	}
	if (key > (int64_t)p->screen->noptions)
		return;
	o = p->screen->options[key - 1];
	if (o->intent != NULL)
		menu_ask_for(p, o, 0);
	p->screen = o->screen;
	if (p->screen == NULL)
		menu_end(p, MENU_DONE);
}

/* One step of the path: what is no number of two digits fits no screen. */
static int64_t
menu_key(const char *step, size_t len)
{
	char digits[3] = "";
	int64_t key;

	if (len == 0 || len >= sizeof(digits))
		return INT64_MAX;
	memcpy(digits, step, len);
	return str_to_int64(digits, 0, 99, &key) == 0 ? key : INT64_MAX;
}

int
menu_walk(const struct menus *m, const char *path, struct menu_place *out)
{
	size_t len = strlen(path);
	const char *step = path;

	if (len > MENU_PATH_MAX || strspn(path, "0123456789*") != len)
		return TC_EINVAL;
	memset(out, 0, sizeof(*out));
	out->screen = m->first;
	while (*step != '\0' && out->screen != NULL) {
		len = strcspn(step, "*");
		out->steps++;
		menu_step(out, menu_key(step, len));
		step += len;
		if (*step == '*')
			step++;
	}
	return 0;
}

bool
menu_is_first(const struct menus *m, const struct menu_place *p)
{
	return p->screen == m->first;
}

static void
menu_add(char out[MENU_SCREEN_MAX], int key, const char *text)
{
	size_t len = strlen(out);

	/* Cut only while a pack is checked, and then refused for its length. */
	(void)!str_printf(
	    out + len, MENU_SCREEN_MAX - len, "\n%d %s", key, text);
}

void
menu_text(const struct menus *m, const struct menu_place *p,
    enum content_script script, bool may_resume, char out[MENU_SCREEN_MAX])
{
	size_t i;

	if (p->screen == NULL) {
		(void)!str_printf(
		    out, MENU_SCREEN_MAX, "%s", m->lines[p->end][script]);
		return;
	}
	(void)!str_printf(out, MENU_SCREEN_MAX, "%s", p->screen->text[script]);
	for (i = 0; i < p->screen->noptions; i++)
		menu_add(out, (int)i + 1, p->screen->options[i]->text[script]);
	if (may_resume)
		menu_add(out, MENU_KEY_RESUME, m->lines[MENU_RESUME][script]);
	menu_add(out, MENU_KEY_LEAVE, m->lines[MENU_LEAVE][script]);
}

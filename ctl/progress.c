/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A progress line: drawn in place on a terminal, printed now and then
 * elsewhere.
 *
 * Called by client.c for uploads and by the verbs that follow something. Owns
 * nothing; writes to the stream it was given and ignores that it cannot.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "clock.h"

#include "ctl/progress.h"

#define BAR_CELLS 24
#define DRAW_MS 100   /* between two drawings on a terminal */
#define PLAIN_MS 5000 /* between two lines elsewhere */
#define LEFT_MAX 1e7  /* seconds; more is no estimate */
#define PACE_MS 3000  /* before this the pace says nothing */

void
progress_begin(struct progress *p, FILE *out, const char *label)
{
	memset(p, 0, sizeof(*p));
	p->out = out;
	p->label = label;
	p->terminal = isatty(fileno(out)) == 1;
	p->plain_ms = PLAIN_MS;
	p->started_ms = p->shown_ms = clock_mono_ms();
	p->first = -1;
}

void
progress_bar(struct buf *out, int64_t done, int64_t total, int cells)
{
	int full, i;

	if (total <= 0 || done < 0)
		done = 0;
	if (total > 0 && done > total)
		done = total;
	full = total > 0 ? (int)((double)done / (double)total * cells) : 0;
	for (i = 0; i < cells; i++)
		buf_put_str(out, i < full ? "█" : "░");
}

int64_t
progress_left(int64_t done, int64_t total, int64_t first, int64_t elapsed_ms)
{
	double pace, left;

	if (elapsed_ms < PACE_MS || first < 0 || done <= first || total <= done)
		return -1;
	pace = (double)(done - first) / (double)elapsed_ms;
	left = (double)(total - done) / pace / 1000.0;
	return left < LEFT_MAX ? (int64_t)left + 1 : -1;
}

static void
progress_text(struct progress *p, struct buf *b, int64_t done, int64_t total)
{
	int64_t left = progress_left(
	    done, total, p->first, clock_mono_ms() - p->started_ms);
	int percent = 0;

	if (total > 0 && done > 0)
		percent = done >= total
			      ? 100
			      : (int)((double)done / (double)total * 100);
	if (p->terminal) {
		buf_put_char(b, ' ');
		progress_bar(b, done, total, BAR_CELLS);
	}
	buf_printf(
	    b, " %3d%%  %lld/%lld", percent, (long long)done, (long long)total);
	if (left >= 90)
		buf_printf(
		    b, "  còn khoảng %lld phút", (long long)(left + 30) / 60);
	else if (left >= 0)
		buf_printf(b, "  còn khoảng %lld giây", (long long)left);
}

void
progress_show(struct progress *p, int64_t done, int64_t total, const char *note)
{
	int64_t now = clock_mono_ms(),
		gap = p->terminal ? DRAW_MS : p->plain_ms;
	struct buf b;

	if (p->first < 0)
		p->first = done;
	if (total > 0 && done >= total && !p->complete && p->drawn)
		gap = 0; /* the end is worth a line of its own */
	if (now - p->shown_ms < gap && !(p->terminal && !p->drawn))
		return;
	p->complete = total > 0 && done >= total;
	p->shown_ms = now;
	p->drawn = p->terminal;
	buf_init(&b, 4096);
	progress_text(p, &b, done, total);
	if (note != NULL)
		buf_printf(&b, "  %s", note);
	/* Back to the left, the line, and erase what an older one left. */
	fprintf(p->out, p->terminal ? "\r%s%s\033[K" : "%s%s\n", p->label,
	    buf_str(&b));
	(void)fflush(p->out);
	buf_clear(&b);
}

void
progress_end(struct progress *p)
{
	if (p->drawn)
		fputc('\n', p->out);
	p->drawn = false;
}

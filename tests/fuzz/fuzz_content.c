/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pack with any intents.conf beside the shipped commune.conf: refused with a
 * reason on a line that is there, or accepted, and then it keeps the rules:
 * every reply is one segment that may leave, every case has somebody to answer
 * it and a reply that all cases share.
 */
#include "config.h"
#include "intake/lint.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "gsm.h"
#include "intake/match.h"

static char dir[64];
static char *intents_path;

static void
clean_up(void)
{
	char path[96];

	if (str_printf(path, sizeof(path), "%s/commune.conf", dir) == 0)
		(void)unlink(path);
	(void)unlink(intents_path);
	(void)rmdir(dir);
	free(intents_path);
}

static void
set_up(void)
{
	char path[96];

	FUZZ_CHECK(
	    str_printf(dir, sizeof(dir), "/tmp/tincay-fuzz.XXXXXX") == 0);
	FUZZ_CHECK(mkdtemp(dir) != NULL);
	intents_path = xasprintf("%s/intents.conf", dir);
	FUZZ_CHECK(str_printf(path, sizeof(path), "%s/commune.conf", dir) == 0);
	FUZZ_CHECK(symlink(TEST_ETC "/commune.conf", path) == 0);
	FUZZ_CHECK(atexit(clean_up) == 0);
}

static void
check_reply(const struct content *c, const struct content_reply *reply)
{
	const char *text, *why;
	struct gsm_text cost;
	int s;

	for (s = 0; reply != NULL && s < CONTENT_NSCRIPTS; s++) {
		text = content_reply_text(reply, "", (enum content_script)s);
		FUZZ_CHECK(content_lint_outbound(c, text, &why) == 0);
		FUZZ_CHECK(
		    gsm_segment(text, strlen(text), &cost, NULL, 0) == 0);
		FUZZ_CHECK(cost.nsegments == 1);
		FUZZ_CHECK(s != CONTENT_BARE || cost.coding == GSM_CODING_7BIT);
	}
}

static void
check_intent(const struct content *c, const struct content_intent *x)
{
	const struct content_reply *reply;
	int text;

	for (text = 0; text < 2; text++) {
		reply = content_reply_for(x, text == 1);
		check_reply(c, reply);
		if (!content_opens_case(x, text == 1))
			continue;
		FUZZ_CHECK(reply != NULL);
		FUZZ_CHECK(strcmp(reply->id, "N1") == 0 ||
			   strcmp(reply->id, "N2") == 0 ||
			   (x == content_fallback(c) &&
			       strcmp(reply->id, "FALLBACK") == 0));
		FUZZ_CHECK(x->nagencies > 0);
	}
	FUZZ_CHECK(x->action != CONTENT_HUSH || x->reply == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct content *c;
	struct faults f;
	struct match m;
	size_t i, lines = 1;
	FILE *out;

	if (intents_path == NULL)
		set_up();
	out = fopen(intents_path, "w");
	FUZZ_CHECK(out != NULL && fwrite(data, 1, size, out) == size);
	FUZZ_CHECK(fclose(out) == 0);
	for (i = 0; i < size; i++)
		lines += data[i] == '\n';

	faults_init(&f);
	c = content_load(dir, &f);
	FUZZ_CHECK((c == NULL) == (f.n > 0));
	for (i = 0; i < f.n; i++)
		FUZZ_CHECK((size_t)f.list[i].line <= lines);
	for (i = 0; c != NULL && i < content_nintents(c); i++)
		check_intent(c, content_intent(c, i));
	if (c != NULL)
		match_text(c, (const char *)data, size, &m);
	content_free(c);
	faults_clear(&f);
	return 0;
}

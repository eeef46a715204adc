/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where tincayctl and tincayd --wrap-key get a passphrase: a file, or the terminal without echo.
 *
 * Never an argument or the environment, which others can see. Reads with
 * read(2) into the caller's buffer, so that no copy stays behind. The terminal
 * gets its echo back on every way out, also when a signal ends the program.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "passphrase.h"
#include "secretfile.h"

/* Ctrl-C */
#define PASSPHRASE_CANCEL 3

static void passphrase_hush(const struct termios *was, struct termios *quiet);
static int passphrase_ask_on(
    int tty, const char *prompt, bool confirm, char *out);
static int passphrase_read_line(int tty, const char *prompt, char *out);
static int passphrase_put(int tty, const char *text);
static int passphrase_check(char *text, size_t len);

int
passphrase_read(const char *path, char out[PASSPHRASE_SIZE])
{
	char text[2 * PASSPHRASE_SIZE];
	const char *end;
	size_t len, line;
	int rc;

	out[0] = '\0';
	rc = secretfile_read(path, SECRETFILE_OWN, text, sizeof(text), &len);
	if (rc != 0)
		return rc == TC_EFULL ? TC_EINVAL : rc;
	end = memchr(text, '\n', len);
	line = end != NULL ? (size_t)(end - text) : len;
	if (line >= PASSPHRASE_SIZE) {
		rc = TC_EINVAL;
	} else {
		memcpy(out, text, line);
		rc = passphrase_check(out, line);
	}
	explicit_bzero(text, sizeof(text));
	return rc;
}

int
passphrase_ask(const char *prompt, bool confirm, char out[PASSPHRASE_SIZE])
{
	struct termios was, quiet;
	sigset_t held, mask;
	int tty, rc = TC_EIO;

	out[0] = '\0';
	tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (tty < 0)
		return TC_ENOENT;
	/* Who ends us waits until the echo is back. */
	(void)sigemptyset(&held);
	(void)sigaddset(&held, SIGTERM);
	(void)sigaddset(&held, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &held, &mask);
	if (tcgetattr(tty, &was) == 0) {
		passphrase_hush(&was, &quiet);
		if (tcsetattr(tty, TCSAFLUSH, &quiet) == 0)
			rc = passphrase_ask_on(tty, prompt, confirm, out);
		(void)tcsetattr(tty, TCSAFLUSH, &was);
	}
	(void)close(tty);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	if (rc != 0)
		explicit_bzero(out, PASSPHRASE_SIZE);
	return rc;
}

/* No echo, and Ctrl-C is an end of line instead of a signal. */
static void
passphrase_hush(const struct termios *was, struct termios *quiet)
{
	*quiet = *was;
	quiet->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ISIG);
	quiet->c_lflag |= ICANON;
	quiet->c_cc[VEOL] = PASSPHRASE_CANCEL;
}

static int
passphrase_ask_on(int tty, const char *prompt, bool confirm, char *out)
{
	char again[PASSPHRASE_SIZE];
	int rc;

	rc = passphrase_read_line(tty, prompt, out);
	if (rc != 0 || !confirm)
		return rc;
	rc = passphrase_read_line(tty, "Again: ", again);
	if (rc == 0 && strcmp(out, again) != 0)
		rc = TC_EINVAL;
	explicit_bzero(again, sizeof(again));
	return rc;
}

static int
passphrase_read_line(int tty, const char *prompt, char *out)
{
	size_t len = 0;
	char last = 0;
	ssize_t n;

	if (passphrase_put(tty, prompt) != 0)
		return TC_EIO;
	while (len < PASSPHRASE_SIZE && last != '\n' &&
	       last != PASSPHRASE_CANCEL) {
		n = read(tty, out + len, PASSPHRASE_SIZE - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return TC_EIO;
		len += (size_t)n;
		last = out[len - 1];
	}
	if (passphrase_put(tty, "\n") != 0)
		return TC_EIO;
	if (last != '\n')
		return TC_EINVAL;
	return passphrase_check(out, len - 1);
}

static int
passphrase_put(int tty, const char *text)
{
	size_t len = strlen(text);

	return write(tty, text, len) == (ssize_t)len ? 0 : TC_EIO;
}

static int
passphrase_check(char *text, size_t len)
{
	text[len] = '\0';
	if (len > 0 && text[len - 1] == '\r') /* a file from Windows */
		text[--len] = '\0';
	return len > 0 && strlen(text) == len ? 0 : TC_EINVAL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The token file: read strictly, written whole.
 *
 * Called by main.c and the session verbs. Owns the file. Fails when others can
 * read the file, when it is not ours, or when the disk refuses.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "secretfile.h"

#include "ctl/keyfile.h"
#include "ctl/token.h"

#define TOKEN_FILE_MAX 65536
#define TOKEN_MAX 512

char *
token_path(const char *given)
{
	const char *env = getenv("TINCAY_TOKEN_FILE");
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (given != NULL)
		return xstrdup(given);
	if (env != NULL && env[0] != '\0')
		return xstrdup(env);
	/* A relative one is to be ignored (XDG Base Directory). */
	if (xdg != NULL && xdg[0] == '/')
		return xasprintf("%s/tincay/token", xdg);
	if (home != NULL && home[0] == '/')
		return xasprintf("%s/.config/tincay/token", home);
	return NULL;
}

bool
token_is_valid(const char *token)
{
	size_t len = strlen(token), i;

	for (i = 0; i < len; i++)
		if (token[i] <= 0x20 || token[i] >= 0x7f)
			return false;
	return len >= 1 && len <= TOKEN_MAX;
}

static int
token_read(const char *path, json_t **out)
{
	char *text = xmalloc(TOKEN_FILE_MAX);
	json_t *root = NULL;
	size_t len = 0;
	int rc;

	rc = secretfile_read(path, SECRETFILE_OWN, text, TOKEN_FILE_MAX, &len);
	if (rc == 0)
		root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	if (rc == TC_EFULL ||
	    (rc == 0 && (json_integer_value(
			     json_object_get(root, "tincay_tokens")) != 1 ||
			    !json_is_object(json_object_get(root, "servers")))))
		rc = TC_EINVAL;
	keyfile_wipe(text, TOKEN_FILE_MAX);
	free(text);
	if (rc == 0)
		*out = root;
	else
		json_decref(root);
	return rc;
}

int
token_load(const char *path, const char *server, char **token)
{
	json_t *root = NULL;
	const char *found;
	int rc;

	rc = token_read(path, &root);
	if (rc != 0)
		return rc;
	found = json_string_value(
	    json_object_get(json_object_get(root, "servers"), server));
	if (found == NULL)
		rc = TC_ENOENT;
	else if (!token_is_valid(found))
		rc = TC_EINVAL;
	else
		*token = xstrdup(found);
	json_decref(root);
	return rc;
}

/* The last two folders of the path: ~/.config may be missing too. */
static void
token_make_folders(const char *path)
{
	char *folder = xstrdup(path), *slash = strrchr(folder, '/'), *up;

	if (slash != NULL && slash != folder) {
		*slash = '\0';
		up = strrchr(folder, '/');
		if (up != NULL && up != folder) {
			*up = '\0';
			(void)mkdir(folder, 0700);
			*up = '/';
		}
		/* What is wrong with them shows when the file is written. */
		(void)mkdir(folder, 0700);
	}
	free(folder);
}

static int
token_write(const char *path, const json_t *root)
{
	char *text = json_dumps(root, JSON_INDENT(2));
	int rc;

	if (text == NULL)
		return TC_EINVAL;
	token_make_folders(path);
	rc = file_write(path, 0600, text, strlen(text));
	keyfile_wipe(text, strlen(text));
	free(text);
	return rc;
}

int
token_save(const char *path, const char *server, const char *token)
{
	json_t *root = NULL;
	int rc;

	rc = token_read(path, &root);
	if (rc == TC_ENOENT) {
		root = json_pack("{s:i, s:{}}", "tincay_tokens", 1, "servers");
		rc = root != NULL ? 0 : TC_EINVAL;
	}
	if (rc != 0)
		return rc;
	if (json_object_set_new(json_object_get(root, "servers"), server,
		json_string(token)) != 0)
		rc = TC_EINVAL;
	if (rc == 0)
		rc = token_write(path, root);
	json_decref(root);
	return rc;
}

int
token_forget(const char *path, const char *server)
{
	json_t *root = NULL;
	int rc;

	rc = token_read(path, &root);
	if (rc == TC_ENOENT)
		return 0;
	if (rc != 0)
		return rc;
	if (json_object_del(json_object_get(root, "servers"), server) == 0)
		rc = token_write(path, root);
	json_decref(root);
	return rc;
}

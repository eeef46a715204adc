/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tincayctl: the command line of tincay, a client of its HTTP API.
 *
 * Reads the global options, finds the verb in the table, opens the connection
 * with the token of this server, and runs it. Exit codes: 0 done, 1 refused
 * with a reason, 2 wrong use.
 */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/keyfile.h"
#include "ctl/token.h"

#define SOCKET_DEFAULT "/run/tincay/control.sock"

static const struct verb_group groups[] = {
    {"login", "Đăng nhập", login_verbs},
    {"logout", "Đăng xuất", logout_verbs},
    {"status", "Tình trạng", status_verbs},
    {"unlock", "Mở khóa dữ liệu", unlock_verbs},
    {"modem", "Modem", modem_verbs},
    {"message", "Tin nhắn", message_verbs},
    {"user", "Tài khoản", user_verbs},
    {"agency", "Cơ quan", agency_verbs},
    {"people", "Người nhận tin", people_verbs},
    {"list", "Danh sách nhận tin", list_verbs},
    {"campaign", "Chiến dịch nhắn tin", campaign_verbs},
    {"intent", "Hiểu tin nhắn đến", intent_verbs},
    {"key", "Khóa của cơ quan", key_verbs},
    {"case", "Vụ việc", case_verbs},
    {"address", "Địa chỉ tin cậy", address_verbs},
    {"duty", "Trực", duty_verbs},
    {"audit", "Sổ hành động", audit_verbs},
    {"webhook", "Báo cho hệ thống của cơ quan", webhook_verbs},
};

static const struct verb_group *
group_find(const char *name)
{
	size_t i;

	for (i = 0; i < TC_NELEM(groups); i++)
		if (strcmp(groups[i].name, name) == 0)
			return &groups[i];
	return NULL;
}

static const struct verb *
verb_find(const struct verb_group *group, const char *name)
{
	const struct verb *verb;

	for (verb = group->verbs; verb->run != NULL; verb++)
		if (verb->name == NULL ||
		    (name != NULL && strcmp(verb->name, name) == 0))
			return verb;
	return NULL;
}

/* What the command line says should be done. */
struct command {
	const struct verb_group *group;
	const struct verb *verb; /* NULL: only the group is known */
	struct args args;
};

/* "help", "help campaign", "help campaign new" */
static int
main_help(const struct command *cmd)
{
	if (cmd->group == NULL)
		args_help(stdout, groups, TC_NELEM(groups));
	else if (cmd->verb == NULL)
		args_help_group(stdout, cmd->group);
	else
		args_help_verb(stdout, cmd->group, cmd->verb);
	return CTL_OK;
}

/* Find the verb in argv[*at] and behind; steps over what it took. 0, or
 * TC_EINVAL and cmd->args.error. */
static int
command_find(struct command *cmd, int argc, char **argv, int *at)
{
	if (*at >= argc)
		return 0;
	cmd->group = group_find(argv[*at]);
	if (cmd->group == NULL) {
		(void)!str_printf(cmd->args.error, sizeof(cmd->args.error),
		    "không có lệnh này");
		return TC_EINVAL;
	}
	(*at)++;
	cmd->verb = verb_find(cmd->group, *at < argc ? argv[*at] : NULL);
	if (cmd->verb != NULL && cmd->verb->name != NULL)
		(*at)++;
	return 0;
}

static const char *
socket_name(const struct args *a)
{
	const char *env = getenv("TINCAY_SOCKET");

	if (args_get(a, "socket") != NULL)
		return args_get(a, "socket");
	return env != NULL && env[0] != '\0' ? env : SOCKET_DEFAULT;
}

/* No token is no fault: the socket knows root, and a server says 401 itself. */
static int
main_load_token(struct ctl *c)
{
	char *token = NULL, *what;
	int rc = TC_ENOENT;

	if (c->token_path != NULL)
		rc =
		    token_load(c->token_path, client_server(c->client), &token);
	if (rc == TC_ENOENT)
		return CTL_OK;
	if (rc != 0) {
		what = xasprintf("%s: %s", c->token_path,
		    rc == TC_EDENIED
			? "tệp phiên phải là của bạn và chỉ mình bạn đọc được"
			: "không đọc được tệp phiên");
		(void)ctl_refuse(c, what, tc_strerror(rc),
		    rc == TC_EDENIED ? "chmod 600, và đăng nhập lại nếu người "
				       "khác đã có thể đọc"
				     : "xóa tệp và đăng nhập lại");
		free(what);
		return CTL_REFUSED;
	}
	client_set_token(c->client, token);
	keyfile_wipe(token, strlen(token));
	free(token);
	return CTL_OK;
}

static int
main_connect(struct ctl *c, const struct args *a)
{
	struct client_options options = {.socket = socket_name(a),
	    .url = args_get(a, "url"),
	    .cacert = args_get(a, "cacert")};
	const char *why;

	if (options.url != NULL && args_get(a, "socket") != NULL)
		return ctl_usage(c, "chỉ chọn một: --socket hoặc --url");
	if (client_new(&options, &c->client, &why) != 0)
		return ctl_usage(c, why);
	c->token_path = token_path(args_get(a, "token-file"));
	return main_load_token(c);
}

static int
main_run(struct ctl *c, struct command *cmd)
{
	int code;

	if (args_complete(&cmd->args) != 0) {
		code = ctl_usage(c, cmd->args.error);
		args_usage(stderr, cmd->group, cmd->verb);
		return code;
	}
	code = main_connect(c, &cmd->args);
	if (code == CTL_OK)
		code = cmd->verb->run(c, &cmd->args);
	client_free(c->client);
	free(c->token_path);
	return code;
}

/* From argv to an exit code. */
static int
main_dispatch(struct ctl *c, int argc, char **argv)
{
	struct command cmd = {0};
	bool help = false;
	int at = 1, rc;

	rc = args_parse(&cmd.args, NULL, argc, argv, &at);
	if (rc == 0 && at < argc && strcmp(argv[at], "help") == 0) {
		help = true;
		at++;
	}
	if (rc == 0)
		rc = command_find(&cmd, argc, argv, &at);
	if (rc == 0)
		rc = args_parse(&cmd.args, cmd.verb, argc, argv, &at);
	c->json = args_get(&cmd.args, "json") != NULL;
	c->utc = args_get(&cmd.args, "utc") != NULL;
	help = help || args_get(&cmd.args, "help") != NULL;
	if (rc != 0)
		return ctl_usage(c, cmd.args.error);
	if (args_get(&cmd.args, "version") != NULL)
		return puts("tincayctl " PACKAGE_VERSION) < 0;
	if (help)
		return main_help(&cmd);
	if (cmd.group == NULL)
		return ctl_usage(c, "thiếu lệnh");
	if (cmd.verb == NULL) {
		rc = ctl_usage(c, "thiếu lệnh con, hoặc không có lệnh con này");
		args_help_group(stderr, cmd.group);
		return rc;
	}
	return main_run(c, &cmd);
}

int
main(int argc, char **argv)
{
	struct ctl c = {0};
	int code;

	/* Who stops reading our output is found when it is flushed. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (keyfile_init() != 0) {
		fputs("tincayctl: libsodium không khởi động được\n", stderr);
		return CTL_REFUSED;
	}
	c.colour = out_has_colour(stdout);
	code = main_dispatch(&c, argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout) != 0) {
		fputs("tincayctl: không ghi được kết quả ra\n", stderr);
		return code == CTL_OK ? CTL_REFUSED : code;
	}
	return code;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unlock: the passphrase of the data key goes to a daemon that was started
 * without it.
 *
 * Owns the passphrase while it is sent, and wipes it.
 */
#include "config.h"

#include "ctl/ctl.h"
#include "ctl/keyfile.h"
#include "ctl/shape.h"

static const struct option_row unlock_options[] = {
    {"passphrase-file", "FILE",
	.help = "đọc mật khẩu của khóa dữ liệu từ dòng đầu của tệp",
	.check = &check_path},
    {0},
};
static const struct ctl_hint unlock_hints[] = {
    {403, "mật khẩu của khóa dữ liệu không đúng",
	"thử lại; sai nhiều lần thì phải chờ"},
    {409, "máy chủ không khóa, hoặc khóa này là của cơ sở dữ liệu khác",
	"xem: tincayctl status"},
    {429, "sai quá nhiều lần, hãy chờ rồi thử lại", NULL},
    {503, "không mở được tệp khóa", "xem nhật ký của tincayd"},
    {0},
};

static int
unlock_run(struct ctl *c, const struct args *a)
{
	char passphrase[PASSPHRASE_SIZE];
	int64_t waiting = 0;
	json_t *body, *answer;
	int code;

	code = ctl_secret(c, args_get(a, "passphrase-file"),
	    "Mật khẩu của khóa dữ liệu: ", false, passphrase);
	if (code != CTL_OK)
		return code;
	body = json_pack("{s:s}", "passphrase", passphrase);
	keyfile_wipe(passphrase, sizeof(passphrase));
	if (body == NULL)
		return ctl_refuse(c, "mật khẩu không phải UTF-8", NULL, NULL);
	code = ctl_post(c, "/unlock", body, unlock_hints, &answer);
	json_decref(body);
	if (code != CTL_OK)
		return code;
	if (shape_int(answer, "waiting", &waiting) != 0)
		code = ctl_bad_answer(c);
	else
		out_line(c, "Đã mở khóa; %lld tin đã chờ đang được nhận.",
		    (long long)waiting);
	if (c->json && code == CTL_OK)
		out_json(c, answer, false);
	json_decref(answer);
	return code;
}

const struct verb unlock_verbs[] = {
    {NULL, "Mở khóa dữ liệu sau khi máy khởi động",
	"Khi key_source là passphrase:, máy chủ nhận và cất tin nhưng không "
	"gửi gì cho đến khi có mật khẩu.",
	NULL, unlock_options, unlock_run},
    {0},
};

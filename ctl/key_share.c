/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key mine, key share, key holders: every handler has a key of his own; the
 * agency's private key is sealed to it here, by somebody who has it, and the
 * daemon keeps the 80 bytes.
 *
 * Owns opened keys for a moment, in locked memory.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/key.h"
#include "ctl/keyfile.h"
#include "ctl/shape.h"

/* Bytes of exactly this size in an answer. */
static bool
answer_bytes(const json_t *answer, const char *key, void *out, size_t size)
{
	size_t len = 0;

	return shape_bytes(json_object_get(answer, key), out, size, &len) ==
		   0 &&
	       len == size;
}

int
key_take_own(struct ctl *c, const struct keyfile *user, struct keyfile **out)
{
	static const struct ctl_hint hints[] = {
	    {404, "khóa riêng của bạn chưa được đăng ký",
		"chạy: tincayctl key mine"},
	    {0},
	};
	struct client_request rq = {.method = "GET", .path = "/keys"};
	unsigned char sealed[KEYFILE_SEALED_KEY];
	struct keyfile_public pub = {.agency = ""};
	const char *agency;
	json_t *answer;
	int code;

	code = ctl_call(c, &rq, hints, &answer);
	if (code != CTL_OK)
		return code;
	agency = shape_string(answer, "agency");
	if (agency == NULL || !check_agency.ok(agency) ||
	    str_printf(pub.agency, sizeof(pub.agency), "%s", agency) != 0)
		code = ctl_bad_answer(c);
	else if (json_is_null(json_object_get(answer, "sealed_key")))
		code = ctl_refuse(c, "chưa ai trao khóa của cơ quan cho bạn",
		    NULL,
		    "nhờ người đã có khóa chạy: tincayctl key share TÊN_BẠN");
	else if (!answer_bytes(answer, "sealed_key", sealed, sizeof(sealed)) ||
		 !answer_bytes(answer, "agency_key", pub.pk, sizeof(pub.pk)))
		code = ctl_bad_answer(c);
	else if (keyfile_take_share(user, &pub, sealed, out) != 0)
		code = ctl_refuse(c,
		    "bản khóa của cơ quan không mở được bằng khóa riêng này",
		    NULL, "dùng đúng tệp khóa riêng, hoặc nhờ trao lại khóa");
	json_decref(answer);
	return code;
}

/* --- key mine --- */

const struct option_row key_mine_options[] = {
    {"passphrase-file", "FILE", .help = "đọc mật khẩu khóa từ dòng đầu của tệp",
	.check = &check_path},
    {"out", "FILE", .help = "ghi khóa vào tệp này (TÊN.key)",
	.check = &check_path},
    {0},
};

/* A new file, or what is in the one that is there. */
static int
mine_file(struct ctl *c, const char *path, const char *file,
    struct keyfile_public *pub)
{
	bool is_there = access(path, F_OK) == 0;
	char passphrase[PASSPHRASE_SIZE];
	struct keyfile *kf = NULL;
	int code, rc;

	code = ctl_secret(c, file,
	    is_there ? "Mật khẩu khóa: "
		     : "Mật khẩu khóa riêng (ít nhất 12 ký tự): ",
	    !is_there, passphrase);
	if (code != CTL_OK)
		return code;
	rc = is_there ? keyfile_open(path, passphrase, &kf)
		      : keyfile_create_user(path, pub->user, passphrase, pub);
	keyfile_wipe(passphrase, sizeof(passphrase));
	if (rc != 0)
		return key_refuse(c, path, rc);
	if (kf != NULL && strcmp(keyfile_public(kf)->user, pub->user) != 0)
		code = ctl_refuse(c, "tệp này là khóa của người khác", path,
		    "chọn tệp khác bằng --out");
	else if (kf != NULL)
		*pub = *keyfile_public(kf);
	keyfile_close(kf);
	return code;
}

/* Tell whose key, with its fingerprint; or as JSON. */
static int
mine_tell(struct ctl *c, const struct keyfile_public *pub,
    const char *done_what, const char *next)
{
	struct buf b;
	int code;

	buf_init(&b, 128);
	code = key_fingerprint(c,
	    json_pack("{s:s, s:o}", "user", pub->user, "public_key",
		shape_from_bytes(pub->pk, sizeof(pub->pk))),
	    &b);
	out_line(
	    c, "%s %s, dấu %s. %s", done_what, pub->user, buf_str(&b), next);
	buf_clear(&b);
	return code;
}

static int
mine_register(struct ctl *c, const struct keyfile_public *pub)
{
	json_t *answer, *body = json_pack("{s:o}", "public_key",
			    shape_from_bytes(pub->pk, sizeof(pub->pk)));
	int code = ctl_put(c, "/keys", body, NULL, &answer);

	json_decref(body);
	if (code != CTL_OK)
		return code;
	json_decref(answer);
	return mine_tell(c, pub, "Đã đăng ký khóa riêng của",
	    "Nhờ người đã có khóa của cơ quan trao\nkhóa cho bạn, và đọc dấu "
	    "này cho người đó.");
}

int
key_mine(struct ctl *c, const struct args *a)
{
	struct keyfile_public pub = {.agency = ""};
	const char *user;
	json_t *answer;
	char *path;
	int code = ctl_get(c, "/session", &answer);

	if (code != CTL_OK)
		return code;
	user = shape_string(answer, "user");
	if (user == NULL || !check_user.ok(user) ||
	    str_printf(pub.user, sizeof(pub.user), "%s", user) != 0)
		code = ctl_bad_answer(c);
	json_decref(answer);
	if (code != CTL_OK)
		return code;
	path = args_get(a, "out") != NULL ? xstrdup(args_get(a, "out"))
					  : xasprintf("%s.key", pub.user);
	code = mine_file(c, path, args_get(a, "passphrase-file"), &pub);
	if (code == CTL_OK)
		code = mine_register(c, &pub);
	free(path);
	return code;
}

/* --- key share --- */

const struct operand key_share_operands[] = {
    {"NAME", &check_user, false},
    {0},
};
const struct option_row key_share_options[] = {
    {"key", "FILE", .help = "tệp khóa của cơ quan, hoặc khóa riêng của bạn",
	.check = &check_path, .required = true},
    {"passphrase-file", "FILE", .help = "đọc mật khẩu khóa từ dòng đầu của tệp",
	.check = &check_path},
    {0},
};

static int
share_put(
    struct ctl *c, const struct keyfile *kf, const struct keyfile_public *to)
{
	unsigned char sealed[KEYFILE_SEALED_KEY];
	json_t *body, *answer;
	char *path;
	int code;

	if (keyfile_share(kf, to->pk, sealed) != 0)
		return ctl_bad_answer(c);
	path = xasprintf(
	    "/agencies/%s/holders/%s", keyfile_public(kf)->agency, to->user);
	body = json_pack(
	    "{s:o}", "sealed_key", shape_from_bytes(sealed, sizeof(sealed)));
	code = ctl_put(c, path, body, NULL, &answer);
	json_decref(body);
	free(path);
	if (code == CTL_OK)
		json_decref(answer);
	return code;
}

/* The handlers of the key's agency. CTL_OK or told; the caller drops *answer. */
static int
share_holders(struct ctl *c, const struct keyfile *kf, json_t **answer)
{
	char *path =
	    xasprintf("/agencies/%s/holders", keyfile_public(kf)->agency);
	int code = ctl_get(c, path, answer);

	free(path);
	return code;
}

/* One row; false: he has no key. */
static bool
share_read(const json_t *row, struct keyfile_public *out)
{
	const char *user = shape_string(row, "user");

	memset(out, 0, sizeof(*out));
	return user != NULL && check_user.ok(user) &&
	       str_printf(out->user, sizeof(out->user), "%s", user) == 0 &&
	       answer_bytes(row, "public_key", out->pk, sizeof(out->pk));
}

static int
share_with(struct ctl *c, const struct keyfile *kf, const char *name)
{
	struct keyfile_public to;
	const json_t *row;
	json_t *answer;
	bool is_found = false;
	size_t i;
	int code = share_holders(c, kf, &answer);

	if (code != CTL_OK)
		return code;
	json_array_foreach(json_object_get(answer, "holders"), i, row)
	{
		is_found = share_read(row, &to) && strcmp(to.user, name) == 0;
		if (is_found)
			break;
	}
	json_decref(answer);
	if (!is_found)
		return ctl_refuse(c,
		    "người này chưa có khóa riêng, hoặc không xử lý vụ việc ở "
		    "cơ quan của khóa này",
		    name, "người đó chạy trước: tincayctl key mine");
	code = share_put(c, kf, &to);
	return code != CTL_OK
		   ? code
		   : mine_tell(c, &to, "Đã trao khóa cho",
			 "Hãy hỏi lại người đó: dấu khác thì đó là khóa của "
			 "kẻ\nkhác, cần thu hồi tài khoản và đổi khóa ngay.");
}

int
key_share(struct ctl *c, const struct args *a)
{
	struct keyfile *kf;
	int code;

	code = key_open(
	    c, args_get(a, "key"), args_get(a, "passphrase-file"), &kf);
	if (code != CTL_OK)
		return code;
	code = share_with(c, kf, args_operand(a, 0));
	keyfile_close(kf);
	return code;
}

int
key_share_all(struct ctl *c, const struct keyfile *kf)
{
	struct keyfile_public to;
	const json_t *row;
	json_t *answer;
	size_t i, n = 0;
	int code = share_holders(c, kf, &answer);

	if (code != CTL_OK)
		return code;
	json_array_foreach(json_object_get(answer, "holders"), i, row)
	{
		if (code != CTL_OK || !share_read(row, &to) ||
		    !json_is_true(json_object_get(row, "has_share")))
			continue;
		code = share_put(c, kf, &to);
		n += code == CTL_OK;
	}
	json_decref(answer);
	if (code == CTL_OK && n > 0)
		out_line(c, "Đã trao khóa mới cho %zu người giữ khóa cũ.", n);
	return code;
}

/* --- key holders --- */

const struct operand key_holders_operands[] = {
    {"AGENCY", &check_agency, true},
    {0},
};
static const struct column holder_columns[] = {
    {"user", "Tài khoản", CELL_TEXT, NULL, false},
    {"public_key", "Dấu khóa riêng", CELL_KEY, NULL, true},
    {"has_share", "Giữ khóa", CELL_YESNO, NULL, false},
    {"is_current", "Khóa mới nhất", CELL_YESNO, NULL, false},
};
static const struct view holder_view = {holder_columns,
    TC_NELEM(holder_columns), "Cơ quan này chưa có người xử lý nào."};

int
key_holders(struct ctl *c, const struct args *a)
{
	char *agency = ctl_agency(c, args_operand(a, 0)), *path;
	int code;

	if (agency == NULL)
		return CTL_REFUSED;
	path = xasprintf("/agencies/%s/holders", agency);
	code = ctl_list(c, path, "holders", &holder_view);
	free(path);
	free(agency);
	return code;
}

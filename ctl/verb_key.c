/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key: the key pair of an agency is made on this side; only the public half is
 * sent.
 *
 * Owns the passphrase for a moment and wipes it. A file that exists is never
 * written over: when it is the agency's key that was not registered yet (the
 * line broke), it is opened and registered.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/key.h"
#include "ctl/keyfile.h"
#include "ctl/shape.h"

static const struct operand key_operands[] = {
    {"AGENCY", &check_agency, false},
    {0},
};
static const struct option_row key_options[] = {
    {"passphrase-file", "FILE", .help = "đọc mật khẩu khóa từ dòng đầu của tệp",
	.check = &check_path},
    {"out", "FILE", .help = "ghi khóa vào tệp này (AGENCY.key)",
	.check = &check_path},
    {0},
};
static const struct ctl_hint key_hints[] = {
    {404, "không có cơ quan này", "xem: tincayctl agency list"},
    {409, "cơ quan này đã có khóa khác",
	"xem: tincayctl key list; tệp vừa tạo không dùng được, hãy xóa"},
    {0},
};

static const struct {
	int err;
	const char *what, *hint;
} key_faults[] = {
    {TC_EINVAL, "mật khẩu khóa quá ngắn, hoặc tệp không phải là khóa",
	"mật khẩu khóa cần ít nhất 12 byte, khác mật khẩu đăng nhập"},
    {TC_ECRYPTO, "mật khẩu khóa không đúng, hoặc tệp đã bị sửa",
	"thử lại; không ai lấy lại được mật khẩu khóa đã quên"},
    {TC_EDENIED, "tệp khóa phải là của bạn và chỉ mình bạn đọc được",
	"chmod 600"},
    {TC_ENOENT, "không có tệp khóa", "kiểm tra lại tên tệp"},
    {TC_EFULL, "không đủ bộ nhớ (cần 256 MiB)", NULL},
    {TC_EIO, "không đọc hoặc ghi được tệp khóa",
	"kiểm tra quyền của thư mục và chỗ trống trên đĩa"},
};

int
key_refuse(const struct ctl *c, const char *path, int rc)
{
	size_t i;

	for (i = 0; i < TC_NELEM(key_faults); i++)
		if (key_faults[i].err == rc)
			return ctl_refuse(
			    c, key_faults[i].what, path, key_faults[i].hint);
	return ctl_refuse(c, "không dùng được tệp khóa", path, NULL);
}

int
key_open(
    struct ctl *c, const char *path, const char *file, struct keyfile **out)
{
	char passphrase[PASSPHRASE_SIZE];
	struct keyfile *kf;
	int code, rc;

	code = ctl_secret(c, file, "Mật khẩu khóa: ", false, passphrase);
	if (code != CTL_OK)
		return code;
	rc = keyfile_open(path, passphrase, &kf);
	keyfile_wipe(passphrase, sizeof(passphrase));
	if (rc != 0)
		return key_refuse(c, path, rc);
	if (keyfile_public(kf)->user[0] == '\0') {
		*out = kf;
		return CTL_OK;
	}
	code = key_take_own(c, kf, out);
	keyfile_close(kf);
	return code;
}

/* The public half out of a file that was there before. */
int
key_take(struct ctl *c, const char *path, const char *file,
    struct keyfile_public *pub)
{
	struct keyfile *kf;
	int code;

	out_line(c, "Tệp %s đã có; mở để đăng ký khóa trong đó.", path);
	code = key_open(c, path, file, &kf);
	if (code != CTL_OK)
		return code;
	*pub = *keyfile_public(kf);
	keyfile_close(kf);
	return CTL_OK;
}

int
key_make(struct ctl *c, const char *path, const char *file,
    struct keyfile_public *pub)
{
	char passphrase[PASSPHRASE_SIZE];
	int code, rc;

	code = ctl_secret(c, file,
	    "Mật khẩu khóa mới (ít nhất 12 ký tự): ", true, passphrase);
	if (code != CTL_OK)
		return code;
	rc = keyfile_create(path, pub->agency, passphrase, pub);
	keyfile_wipe(passphrase, sizeof(passphrase));
	return rc == 0 ? CTL_OK : key_refuse(c, path, rc);
}

/* Does the daemon hold exactly this key (an answer was lost before)? */
bool
key_is_registered(struct ctl *c, const struct keyfile_public *pub)
{
	struct client_request rq = {.method = "GET", .path = "/agencies"};
	unsigned char pk[KEYFILE_KEY];
	struct client_answer an;
	const json_t *row;
	const char *code;
	size_t i, len;
	bool found = false;

	if (client_call(c->client, &rq, &an) == 0 && an.status == 200)
		json_array_foreach(json_object_get(an.json, "agencies"), i, row)
		{
			code = shape_string(row, "code");
			if (code != NULL && strcmp(code, pub->agency) == 0 &&
			    shape_bytes(json_object_get(row, "public_key"), pk,
				sizeof(pk), &len) == 0 &&
			    len == sizeof(pk) &&
			    memcmp(pk, pub->pk, sizeof(pk)) == 0)
				found = true;
		}
	client_answer_clear(&an);
	return found;
}

int
key_of_agency(struct ctl *c, const char *agency, unsigned char pk[KEYFILE_KEY])
{
	const json_t *row;
	json_t *answer;
	const char *code_of;
	size_t i, len = 0;
	int code = ctl_get(c, "/agencies", &answer);

	if (code != CTL_OK)
		return code;
	json_array_foreach(json_object_get(answer, "agencies"), i, row)
	{
		code_of = shape_string(row, "code");
		if (code_of != NULL && strcmp(code_of, agency) == 0 &&
		    shape_bytes(json_object_get(row, "public_key"), pk,
			KEYFILE_KEY, &len) != 0)
			len = 0;
	}
	json_decref(answer);
	return len == KEYFILE_KEY
		   ? CTL_OK
		   : ctl_refuse(c, "cơ quan này chưa có khóa", agency, NULL);
}

static int
key_register(struct ctl *c, const struct keyfile_public *pub)
{
	struct client_request rq = {.method = "PUT"};
	char *path = xasprintf("/agencies/%s/key", pub->agency);
	json_t *body = json_pack(
	    "{s:o}", "public_key", shape_from_bytes(pub->pk, sizeof(pub->pk)));
	struct client_answer an;
	int rc, code = CTL_OK;

	rq.path = path;
	rq.body = body;
	rc = client_call(c->client, &rq, &an);
	if (rc == 0 && an.status == 409 && key_is_registered(c, pub))
		code = CTL_OK;
	else if (rc != 0)
		code = ctl_refuse(c, "chưa đăng ký được khóa với máy chủ",
		    an.error,
		    "chạy lại đúng lệnh này: khóa trong tệp sẽ được dùng");
	else if (an.status < 200 || an.status > 299)
		code = ctl_refuse_answer(c, &an, key_hints);
	client_answer_clear(&an);
	json_decref(body);
	free(path);
	return code;
}

int
key_fingerprint(struct ctl *c, json_t *done, struct buf *b)
{
	static const struct column fingerprint = {
	    "public_key", "", CELL_KEY, NULL, false};
	int rc = out_cell(c, &fingerprint, done, b, NULL);

	if (c->json && rc == 0)
		out_json(c, done, false);
	json_decref(done);
	return rc == 0 ? CTL_OK : ctl_bad_answer(c);
}

static int
key_tell(struct ctl *c, const struct keyfile_public *pub, const char *path)
{
	struct buf b;
	int code;

	buf_init(&b, 128);
	code = key_fingerprint(c,
	    json_pack("{s:s, s:s, s:o}", "agency", pub->agency, "file", path,
		"public_key", shape_from_bytes(pub->pk, sizeof(pub->pk))),
	    &b);
	out_line(c,
	    "Đã đăng ký khóa của %s, dấu %s.\n"
	    "Khóa bí mật ở tệp %s: sao ra một USB và cất nơi an toàn.\n"
	    "Mất tệp hoặc quên mật khẩu khóa thì không ai mở được vụ việc.",
	    pub->agency, buf_str(&b), path);
	buf_clear(&b);
	return code;
}

static int
key_new(struct ctl *c, const struct args *a)
{
	char *agency = check_upper(args_operand(a, 0)), *path;
	const char *file = args_get(a, "passphrase-file");
	struct keyfile_public pub = {0};
	int code;

	path = args_get(a, "out") != NULL ? xstrdup(args_get(a, "out"))
					  : xasprintf("%s.key", agency);
	(void)!str_printf(pub.agency, sizeof(pub.agency), "%s", agency);
	code = access(path, F_OK) == 0 ? key_take(c, path, file, &pub)
				       : key_make(c, path, file, &pub);
	if (code == CTL_OK && strcmp(pub.agency, agency) != 0)
		code = ctl_refuse(c, "tệp này là khóa của cơ quan khác",
		    pub.agency, "chọn tệp khác bằng --out");
	if (code == CTL_OK)
		code = key_register(c, &pub);
	if (code == CTL_OK)
		code = key_tell(c, &pub, path);
	free(path);
	free(agency);
	return code;
}

static const struct column key_columns[] = {
    {"code", "Mã", CELL_TEXT, NULL, false},
    {"public_key", "Dấu của khóa", CELL_KEY, NULL, true},
    {"key_set_at", "Từ", CELL_TIME, NULL, true},
    {"key_due_at", "Cần đổi từ", CELL_TIME, NULL, true},
    {"old_seals", "Còn khóa cũ", CELL_INT, NULL, true},
    {"name", "Cơ quan", CELL_TEXT, NULL, true},
};
static const struct view key_view = {key_columns, TC_NELEM(key_columns),
    "Chưa khai báo cơ quan nào trong commune.conf."};

static int
key_list(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/agencies", "agencies", &key_view);
}

const struct verb key_verbs[] = {
    {"new", "Tạo khóa của cơ quan ở máy này và đăng ký phần công khai",
	"AGENCY là mã cơ quan, hoặc RECOVERY cho khóa dự phòng. Phần bí "
	"mật không\nrời máy này. Nếu tệp đã có thì khóa trong tệp được "
	"đăng ký.",
	key_operands, key_options, key_new},
    {"rotate", "Đổi khóa của cơ quan, niêm phong lại mọi vụ việc",
	"Cần khóa cũ. Dừng giữa chừng thì chạy lại đúng lệnh này.",
	key_operands, key_rotate_options, key_rotate},
    {"recover", "Niêm phong lại cho cơ quan đã mất khóa, bằng khóa RECOVERY",
	"Cơ quan tạo và đăng ký khóa mới trước (key rotate với tệp khóa mới).",
	key_operands, key_recover_options, key_recover},
    {"mine", "Tạo khóa riêng của bạn ở máy này, đăng ký phần công khai",
	"Sau đó người đã có khóa của cơ quan chạy: tincayctl key share. Khóa "
	"riêng mở\nđược vụ việc như tệp khóa của cơ quan.",
	NULL, key_mine_options, key_mine},
    {"share", "Trao khóa của cơ quan cho một người xử lý",
	"Khóa được niêm phong ở máy này cho khóa riêng của người đó. Hãy so "
	"dấu của khóa với người đó qua điện thoại hoặc gặp mặt.",
	key_share_operands, key_share_options, key_share},
    {"holders", "Ai giữ khóa của cơ quan", NULL, key_holders_operands, NULL,
	key_holders},
    {"list", "Khóa công khai của các cơ quan", NULL, NULL, NULL, key_list},
    {0},
};

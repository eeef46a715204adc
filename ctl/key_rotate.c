/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key rotate, key recover: every copy of a case key that is sealed to the last
 * key of an agency is opened here, by that key or by that of RECOVERY, and its
 * 32 bytes are sealed to the new one.
 *
 * Owns a case secret for that moment, and wipes it. What was interrupted goes
 * on when it is run again: the daemon knows which copies are left.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/address.h"
#include "ctl/ctl.h"
#include "ctl/key.h"
#include "ctl/keyfile.h"
#include "ctl/shape.h"

#define PATH_BYTES 256

struct resealing {
	struct ctl *c;
	const char *agency, *from;     /* whose copies are opened */
	const struct keyfile *kf;      /* with what */
	unsigned char pk[KEYFILE_KEY]; /* to which they are sealed */
	size_t done, bad;
};

/* One copy. CTL_OK also when it does not open, which is counted. */
static int
reseal_one(struct resealing *x, const json_t *row)
{
	unsigned char sealed[KEYFILE_SEALED_KEY], sk[KEYFILE_KEY];
	const char *id = shape_string(row, "case");
	json_t *body, *answer;
	char *path;
	size_t len;
	int code, rc;

	if (id == NULL || !check_id.ok(id) ||
	    shape_bytes(json_object_get(row, "sealed_key"), sealed,
		sizeof(sealed), &len) != 0)
		return ctl_bad_answer(x->c);
	rc = keyfile_open_case(x->kf, sealed, len, sk);
	if (rc == 0)
		rc = keyfile_seal_key(x->pk, sk, sealed);
	keyfile_wipe(sk, sizeof(sk));
	if (rc != 0) {
		x->bad++;
		return CTL_OK;
	}
	path = xasprintf("/agencies/%s/seals/%s", x->agency, id);
	body = json_pack(
	    "{s:o}", "sealed_key", shape_from_bytes(sealed, sizeof(sealed)));
	code = ctl_put(x->c, path, body, NULL, &answer);
	json_decref(answer);
	json_decref(body);
	free(path);
	x->done += code == CTL_OK;
	return code;
}

/* Some of them; *n is how many there were. */
static int
reseal_page(struct resealing *x, size_t *n)
{
	struct client_request rq = {.method = "GET"};
	json_t *answer, *rows;
	struct buf path;
	int code;

	buf_init(&path, PATH_BYTES);
	buf_put_str(&path, "/agencies");
	client_path_segment(&path, x->agency);
	client_path_segment(&path, "seals");
	client_path_add(&path, "from", x->from);
	client_path_add(&path, "limit", "500");
	rq.path = buf_str(&path);
	code = ctl_call(x->c, &rq, NULL, &answer);
	buf_clear(&path);
	if (code != CTL_OK)
		return code;
	rows = json_object_get(answer, "seals");
	*n = json_array_size(rows);
	for (size_t i = 0; code == CTL_OK && i < *n; i++)
		code = reseal_one(x, json_array_get(rows, i));
	json_decref(answer);
	return code;
}

static int
reseal_all(struct resealing *x)
{
	size_t n, before;
	json_t *done;
	int code;

	do {
		before = x->done;
		x->bad = 0;
		code = reseal_page(x, &n);
	} while (code == CTL_OK && n > 0 && x->done > before);
	if (code != CTL_OK)
		return code;
	out_line(x->c, "Đã niêm phong lại %zu vụ việc.", x->done);
	if (x->c->json) {
		done = json_pack("{s:I, s:I}", "resealed", (json_int_t)x->done,
		    "failed", (json_int_t)x->bad);
		out_json(x->c, done, false);
		json_decref(done);
	}
	return x->bad == 0
		   ? CTL_OK
		   : ctl_refuse(x->c, "có vụ việc không mở được bằng khóa này",
			 NULL,
			 "dùng đúng tệp khóa cũ, hoặc key recover với khóa "
			 "RECOVERY");
}

/* --- rotate --- */

const struct option_row key_rotate_options[] = {
    {"key", "FILE", .help = "tệp khóa cũ", .check = &check_path,
	.required = true},
    {"out", "FILE", .help = "tệp khóa mới; đã có thì dùng khóa trong đó",
	.check = &check_path, .required = true},
    {"passphrase-file", "FILE",
	.help = "mật khẩu của khóa cũ, dòng đầu của tệp", .check = &check_path},
    {"new-passphrase-file", "FILE",
	.help = "mật khẩu của khóa mới, dòng đầu của tệp",
	.check = &check_path},
    {0},
};

/* The new key, made or, when it was made before, opened. CTL_OK or told. */
static int
rotate_new(struct ctl *c, const struct args *a, struct keyfile_public *pub)
{
	const char *out = args_get(a, "out"),
		   *file = args_get(a, "new-passphrase-file");

	return access(out, F_OK) == 0 ? key_take(c, out, file, pub)
				      : key_make(c, out, file, pub);
}

/* Register it; that it is registered already is fine: this goes on. */
static int
rotate_register(struct ctl *c, const struct keyfile_public *pub)
{
	static const struct ctl_hint hints[] = {
	    {403, "chỉ người xử lý của cơ quan này đổi được khóa", NULL},
	    {404, "cơ quan này chưa có khóa", "tạo: tincayctl key new"},
	    {409, "còn vụ việc niêm phong bằng khóa cũ hơn nữa",
		"chạy nốt lần đổi trước, hoặc key recover"},
	    {0},
	};
	char *path;
	json_t *body, *answer;
	int code;

	if (key_is_registered(c, pub))
		return CTL_OK;
	path = xasprintf("/agencies/%s/rotate", pub->agency);
	body = json_pack(
	    "{s:o}", "public_key", shape_from_bytes(pub->pk, sizeof(pub->pk)));
	code = ctl_post(c, path, body, hints, &answer);
	json_decref(answer);
	json_decref(body);
	free(path);
	return code;
}

/* The registry of DCTC is sealed to its key, too. */
static int
rotate_addresses(const struct resealing *x)
{
	struct address_resealing addresses = {.kf = x->kf, .pk = x->pk};
	int code;

	if (strcmp(x->agency, "DCTC") != 0)
		return CTL_OK;
	code = address_reseal_all(x->c, &addresses);
	if (code == CTL_OK && addresses.bad > 0)
		return ctl_refuse(x->c,
		    "có địa chỉ tin cậy không mở được bằng khóa này", NULL,
		    "dùng đúng tệp khóa cũ, hoặc xóa rồi đăng ký lại");
	return code;
}

int
key_rotate(struct ctl *c, const struct args *a)
{
	char *agency = check_upper(args_operand(a, 0));
	struct keyfile_public pub = {.agency = ""};
	struct resealing x = {.c = c, .agency = agency, .from = agency};
	struct keyfile *kf = NULL;
	int code;

	(void)!str_printf(pub.agency, sizeof(pub.agency), "%s", agency);
	code = key_open(
	    c, args_get(a, "key"), args_get(a, "passphrase-file"), &kf);
	if (code == CTL_OK)
		code = rotate_new(c, a, &pub);
	if (code == CTL_OK &&
	    (strcmp(pub.agency, agency) != 0 ||
		strcmp(keyfile_public(kf)->agency, agency) != 0))
		code = ctl_refuse(
		    c, "tệp này là khóa của cơ quan khác", NULL, NULL);
	if (code == CTL_OK)
		code = rotate_register(c, &pub);
	if (code == CTL_OK) {
		x.kf = kf;
		memcpy(x.pk, pub.pk, sizeof(x.pk));
		code = rotate_addresses(&x);
	}
	if (code == CTL_OK)
		code = reseal_all(&x);
	keyfile_close(kf);
	free(agency);
	return code;
}

/* --- recover --- */

const struct option_row key_recover_options[] = {
    {"key", "FILE", .help = "tệp khóa RECOVERY", .check = &check_path,
	.required = true},
    {"passphrase-file", "FILE", .help = "đọc mật khẩu khóa từ dòng đầu của tệp",
	.check = &check_path},
    {0},
};

int
key_recover(struct ctl *c, const struct args *a)
{
	char *agency = check_upper(args_operand(a, 0));
	struct resealing x = {.c = c, .agency = agency, .from = "RECOVERY"};
	struct keyfile *kf = NULL;
	int code;

	code = key_open(
	    c, args_get(a, "key"), args_get(a, "passphrase-file"), &kf);
	if (code == CTL_OK)
		code = key_of_agency(c, agency, x.pk);
	if (code == CTL_OK) {
		x.kf = kf;
		code = reseal_all(&x);
	}
	keyfile_close(kf);
	free(agency);
	return code;
}

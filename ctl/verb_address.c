/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address: the trusted addresses, for the handlers of DCTC. One is read from a
 * file, never from the command line, which others see; it is sealed here.
 *
 * Owns an address in clear while it is sealed or shown, and wipes it.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/address.h"
#include "ctl/ctl.h"
#include "ctl/key.h"
#include "ctl/shape.h"
#include "secretfile.h"

#define PATH_BYTES 128
#define FILE_MAX 4096
#define SEALED_MAX 16384
#define AGENCY_DCTC "DCTC"

static const struct column address_columns[] = {
    {"label", "Điểm", CELL_TEXT, NULL, false},
    {"places", "Chỗ", CELL_INT, NULL, false},
    {"free", "Còn trống", CELL_INT, NULL, false},
    {"added_at", "Từ", CELL_TIME, NULL, false},
};
static const struct view address_view = {
    address_columns, TC_NELEM(address_columns), "Chưa có địa chỉ tin cậy nào."};
static const struct column stay_columns[] = {
    {"case", "Vụ việc", CELL_TEXT, NULL, false},
    {"places", "Chỗ", CELL_INT, NULL, false},
    {"since", "Từ", CELL_TIME, NULL, false},
};
static const struct view stay_view = {
    stay_columns, TC_NELEM(stay_columns), "Không có ai ở đó."};
static const struct column plain_columns[] = {
    {"name", "Tên", CELL_TEXT, NULL, false},
    {"place", "Nơi", CELL_TEXT, NULL, false},
    {"keeper", "Người giữ", CELL_TEXT, NULL, false},
    {"phone", "Điện thoại", CELL_TEXT, NULL, false},
    {"transport", "Đường đi", CELL_TEXT, NULL, false},
};
static const struct view plain_view = {
    plain_columns, TC_NELEM(plain_columns), NULL};

static const struct operand label_operands[] = {
    {"LABEL", &check_label, false},
    {0},
};
static const struct operand case_operands[] = {
    {"LABEL", &check_label, false},
    {"CODE", &check_code, false},
    {0},
};
static const struct ctl_hint address_hints[] = {
    {403, "chỉ người xử lý của DCTC, và phải đang giữ vụ việc",
	"nhận trước: tincayctl case claim CODE"},
    {404, "không có điểm này, hoặc không có vụ việc này ở đó",
	"xem: tincayctl address list"},
    {409, "không làm được lúc này",
	"chỗ còn trống: tincayctl address list; ghi cuộc gọi: tincayctl case "
	"call"},
    {422, "không đúng cách: --how voice hoặc person; số chỗ từ 1", NULL},
    {0},
};

/* --- list --- */

static int
address_list(struct ctl *c, const struct args *a)
{
	(void)a;
	return ctl_list(c, "/addresses", "addresses", &address_view);
}

/* --- add --- */

static const struct option_row add_options[] = {
    {"file", "FILE",
	.help = "tệp chỉ mình bạn đọc được: các dòng name, place, keeper, "
		"phone, transport",
	.check = &check_path, .required = true},
    {"places", "N", .help = "số chỗ ở", .check = &check_places,
	.required = true},
    {0},
};

/* CTL_OK or told. */
static int
add_read(struct ctl *c, const char *path, struct address *out)
{
	char text[FILE_MAX + 1];
	const char *why;
	size_t len = 0;
	int rc, code = CTL_OK;

	rc = secretfile_read(path, SECRETFILE_OWN, text, FILE_MAX, &len);
	if (rc != 0)
		return ctl_refuse(c,
		    "không đọc được tệp, hoặc người khác cũng đọc được nó",
		    path, "chmod 600");
	text[len] = '\0';
	if (strlen(text) != len || address_parse(text, out, &why) != 0)
		code = ctl_refuse(c,
		    strlen(text) != len ? "tệp không phải là văn bản" : why,
		    NULL, NULL);
	keyfile_wipe(text, sizeof(text));
	return code;
}

/* What the daemon says of fingerprints. CTL_OK or told; the caller frees *p. */
static int
add_key(
    struct ctl *c, unsigned char key[WORDRUN_KEY], struct wordrun_public **p)
{
	const json_t *phrase;
	json_t *answer;
	size_t i, len = 0;
	int code = ctl_get(c, "/addresses/key", &answer);

	*p = wordrun_public_new();
	if (code != CTL_OK)
		return code;
	if (shape_bytes(
		json_object_get(answer, "key"), key, WORDRUN_KEY, &len) != 0 ||
	    len != WORDRUN_KEY)
		code = ctl_bad_answer(c);
	json_array_foreach(json_object_get(answer, "public"), i,
	    phrase) if (!json_is_string(phrase) ||
			wordrun_public_add(*p, json_string_value(phrase)) != 0)
	    code = ctl_bad_answer(c);
	json_decref(answer);
	return code;
}

static int
add_fingerprints(struct ctl *c, const struct address *address, json_t **out)
{
	unsigned char key[WORDRUN_KEY];
	struct wordrun_public *p;
	int rc, code = add_key(c, key, &p);

	if (code == CTL_OK) {
		rc = address_fingerprints(address, key, p, out);
		if (rc != 0)
			code = ctl_refuse(c,
			    "không canh giữ được nơi này: place cần ít nhất ba "
			    "từ liền nhau, không chỉ toàn tên xã, thôn, cơ quan",
			    NULL, "viết place rõ hơn");
	}
	keyfile_wipe(key, sizeof(key));
	wordrun_public_free(p);
	return code;
}

static int
add_sealed(struct ctl *c, const struct address *address, json_t **out)
{
	unsigned char pk[KEYFILE_KEY];
	struct buf sealed;
	int code = key_of_agency(c, AGENCY_DCTC, pk);

	if (code != CTL_OK)
		return code;
	buf_init(&sealed, SEALED_MAX);
	if (address_seal(address, pk, &sealed) == 0)
		*out = shape_from_bytes(sealed.data, sealed.len);
	else
		code = ctl_refuse(c,
		    "khóa của DCTC không dùng được, hoặc quá dài", NULL, NULL);
	buf_clear(&sealed);
	return code;
}

static int
add_post(struct ctl *c, const json_t *body)
{
	static const struct ctl_hint hints[] = {
	    {403, "chỉ người xử lý của DCTC", NULL},
	    {409, "một mẫu tin của xã đã có những từ của địa chỉ này",
		"sửa gói nội dung trước"},
	    {422, "quá nhiều từ, hoặc số chỗ không đúng", NULL},
	    {0},
	};
	const char *label;
	json_t *answer;
	int code = ctl_post(c, "/addresses", body, hints, &answer);

	if (code != CTL_OK)
		return code;
	label = shape_string(answer, "label");
	if (label == NULL || !check_label.ok(label))
		code = ctl_bad_answer(c);
	else if (c->json)
		out_json(c, answer, false);
	else
		out_line(c, "Điểm %s. Bây giờ hãy xóa tệp.", label);
	json_decref(answer);
	return code;
}

static int
address_add(struct ctl *c, const struct args *a)
{
	json_t *sealed = NULL, *runs = NULL, *body;
	struct address address;
	int64_t places = 0;
	int code = add_read(c, args_get(a, "file"), &address);

	if (code == CTL_OK)
		code = add_fingerprints(c, &address, &runs);
	if (code == CTL_OK)
		code = add_sealed(c, &address, &sealed);
	keyfile_wipe(&address, sizeof(address));
	if (code != CTL_OK) {
		json_decref(runs);
		return code;
	}
	(void)!str_to_int64(args_get(a, "places"), 1, 99, &places);
	body = json_pack("{s:I, s:o, s:o}", "places", (json_int_t)places,
	    "sealed", sealed, "fingerprints", runs);
	code = add_post(c, body);
	json_decref(body);
	return code;
}

/* --- show --- */

static const struct option_row show_options[] = {
    {"key", "FILE", .help = "tệp khóa của DCTC, để đọc địa chỉ",
	.check = &check_path},
    {"passphrase-file", "FILE", .help = "đọc mật khẩu khóa từ dòng đầu của tệp",
	.check = &check_path},
    {0},
};

static int
address_fetch(struct ctl *c, const char *name, json_t **answer)
{
	struct client_request rq = {.method = "GET"};
	char *label = check_upper(name), *path;
	int code;

	path = xasprintf("/addresses/%s", label);
	rq.path = path;
	code = ctl_call(c, &rq, address_hints, answer);
	free(path);
	free(label);
	return code;
}

/* In clear into the answer, in place of what was sealed. CTL_OK or told. */
static int
show_open(struct ctl *c, const struct args *a, json_t *answer)
{
	unsigned char sealed[SEALED_MAX];
	struct keyfile *kf = NULL;
	struct address address;
	json_t *plain;
	size_t len;
	int code;

	if (shape_bytes(json_object_get(answer, "sealed"), sealed,
		sizeof(sealed), &len) != 0)
		return ctl_bad_answer(c);
	code = key_open(
	    c, args_get(a, "key"), args_get(a, "passphrase-file"), &kf);
	if (code != CTL_OK)
		return code;
	if (address_open(kf, sealed, len, &address) == 0) {
		plain = address_json(&address);
		json_object_set_new(answer, "address", plain);
		json_object_del(answer, "sealed");
	} else
		code = ctl_refuse(c, "không mở được bằng khóa này", NULL,
		    "dùng tệp khóa của DCTC");
	keyfile_wipe(&address, sizeof(address));
	keyfile_close(kf);
	return code;
}

static int
show_print(struct ctl *c, const json_t *answer)
{
	const json_t *plain = json_object_get(answer, "address");

	if (c->json) {
		out_json(c, answer, false);
		return CTL_OK;
	}
	if (out_record(c, &address_view, answer) != 0 ||
	    (plain != NULL && out_record(c, &plain_view, plain) != 0) ||
	    out_table(c, &stay_view, json_object_get(answer, "stays")) != 0)
		return ctl_bad_answer(c);
	return CTL_OK;
}

static int
address_show(struct ctl *c, const struct args *a)
{
	json_t *answer;
	int code = address_fetch(c, args_operand(a, 0), &answer);

	if (code != CTL_OK)
		return code;
	if (args_get(a, "key") != NULL)
		code = show_open(c, a, answer);
	if (code == CTL_OK)
		code = show_print(c, answer);
	json_decref(answer);
	return code;
}

/* --- who is where --- */

static const struct option_row assign_options[] = {
    {"how", "H", .help = "voice (qua điện thoại) hoặc person (gặp mặt)",
	.check = &check_outcome, .required = true},
    {"places", "N", .help = "số chỗ (1)", .check = &check_places},
    {0},
};

/* POST /addresses/LABEL/act; drops body. */
static int
address_post(struct ctl *c, const struct args *a, const char *act, json_t *body,
    const char *done)
{
	char *label = check_upper(args_operand(a, 0));
	char *path = xasprintf("/addresses/%s/%s", label, act);
	json_t *answer;
	int code = ctl_post(c, path, body, address_hints, &answer);

	json_decref(body);
	free(path);
	free(label);
	if (code != CTL_OK)
		return code;
	out_line(c, "%s", done);
	if (c->json)
		out_json(c, answer, false);
	json_decref(answer);
	return CTL_OK;
}

static json_t *
case_body(const struct args *a)
{
	char *name = check_upper(args_operand(a, 1));
	json_t *body = json_pack("{s:s}", "case", name);

	free(name);
	return body;
}

static int
address_assign(struct ctl *c, const struct args *a)
{
	const char *places = args_get(a, "places");
	json_t *body = case_body(a);
	int64_t n = 1;

	json_object_set_new(body, "how", json_string(args_get(a, "how")));
	if (places != NULL && str_to_int64(places, 1, 99, &n) == 0)
		json_object_set_new(body, "places", json_integer(n));
	return address_post(c, a, "assign", body,
	    "Đã giữ chỗ. Chỉ nói nơi đó bằng lời, không nhắn tin.");
}

static int
address_release(struct ctl *c, const struct args *a)
{
	return address_post(c, a, "release", case_body(a), "Đã trả lại chỗ.");
}

static int
address_remove(struct ctl *c, const struct args *a)
{
	return address_post(c, a, "remove", NULL, "Đã xóa điểm này.");
}

/* --- a new key --- */

static int
reseal_one(struct ctl *c, struct address_resealing *x, const char *label)
{
	unsigned char sealed[SEALED_MAX];
	struct address address;
	json_t *answer, *body;
	struct buf box;
	char *path;
	size_t len;
	int code, rc;

	path = xasprintf("/addresses/%s", label);
	code = ctl_get(c, path, &answer);
	free(path);
	if (code != CTL_OK)
		return code;
	rc = shape_bytes(
	    json_object_get(answer, "sealed"), sealed, sizeof(sealed), &len);
	json_decref(answer);
	buf_init(&box, SEALED_MAX);
	if (rc == 0 && (rc = address_open(x->kf, sealed, len, &address)) == 0)
		rc = address_seal(&address, x->pk, &box);
	keyfile_wipe(&address, sizeof(address));
	if (rc != 0) {
		buf_clear(&box);
		x->bad++;
		return CTL_OK;
	}
	path = xasprintf("/addresses/%s/sealed", label);
	body =
	    json_pack("{s:o}", "sealed", shape_from_bytes(box.data, box.len));
	code = ctl_put(c, path, body, NULL, &answer);
	json_decref(answer);
	json_decref(body);
	free(path);
	buf_clear(&box);
	x->done += code == CTL_OK;
	return code;
}

int
address_reseal_all(struct ctl *c, struct address_resealing *x)
{
	const char *label;
	const json_t *row;
	json_t *answer;
	size_t i;
	int code = ctl_get(c, "/addresses", &answer);

	if (code != CTL_OK)
		return code;
	json_array_foreach(json_object_get(answer, "addresses"), i, row)
	{
		label = shape_string(row, "label");
		if (code != CTL_OK ||
		    !json_is_true(json_object_get(row, "is_old")))
			continue;
		code = label != NULL && check_label.ok(label)
			   ? reseal_one(c, x, label)
			   : ctl_bad_answer(c);
	}
	json_decref(answer);
	return code;
}

const struct verb address_verbs[] = {
    {"add", "Đăng ký một địa chỉ tin cậy, niêm phong tại đây",
	"Tệp có các dòng: name: (tên), place: (nơi), keeper: (người giữ), "
	"phone: (số), transport: (đường đi).\nMáy chủ không đọc được; không tin "
	"nào có những từ này được gửi đi.",
	NULL, add_options, address_add},
    {"list", "Các điểm, số chỗ còn trống", NULL, NULL, NULL, address_list},
    {"show", "Một điểm; cần tệp khóa của DCTC để đọc địa chỉ",
	"Mỗi lần xem đều được ghi lại.", label_operands, show_options,
	address_show},
    {"assign", "Giữ chỗ cho một vụ việc",
	"Qua điện thoại (voice) thì phải đã gọi trong một ngày, và đã so từ an "
	"toàn nếu đương sự có.",
	case_operands, assign_options, address_assign},
    {"release", "Trả lại chỗ", NULL, case_operands, NULL, address_release},
    {"remove", "Xóa một điểm không còn ai ở", NULL, label_operands, NULL,
	address_remove},
    {0},
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * case show: fetch the sealed copy of a case and open it here, with the key of
 * the agency.
 *
 * Owns the case secret and the plain texts while they are shown, and wipes
 * them. An item that does not open is told and does not hide the others. What
 * people wrote goes to the terminal only as safe text.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/case.h"
#include "ctl/key.h"
#include "ctl/keyfile.h"
#include "ctl/shape.h"

#define PATH_BYTES 1024
#define SEALED_MAX (256u << 10)
#define PLAIN_MAX (256u << 10)

const struct option_row case_show_options[] = {
    {"key", "FILE", .help = "tệp khóa của cơ quan, để đọc nội dung",
	.check = &check_path},
    {"passphrase-file", "FILE", .help = "đọc mật khẩu khóa từ dòng đầu của tệp",
	.check = &check_path},
    {"agency", "A", .help = "cơ quan (của tài khoản đang đăng nhập)",
	.check = &check_agency},
    {0},
};

static const struct word words_kind[] = {
    {"sms", "tin nhắn", 0},
    {"call", "cuộc gọi nhỡ", 0},
    {"ussd", "chọn trên USSD", 0},
    {"note", "ghi chú", 0},
    {"reason", "lý do chuyển", 0},
    {0},
};
static const struct word words_note[] = {
    {"incomplete", "thiếu phần", STYLE_WARN},
    {"empty", "tin trống", 0},
    {"binary", "tin không có chữ", 0},
    {"missed_call", "cuộc gọi nhỡ", 0},
    {"withheld", "số bị ẩn, không gọi lại được", STYLE_WARN},
    {"refused_agency", "không muốn một cơ quan biết", STYLE_WARN},
    {"own_number", "số của chính hệ thống", 0},
    {"invalid", "không phải số điện thoại", 0},
    {"fixed", "máy bàn", 0},
    {"short", "đầu số ngắn", 0},
    {"alpha", "tên, không phải số", 0},
    {"premium", "đầu số tính phí", 0},
    {"service", "đầu số dịch vụ", 0},
    {0},
};
static const struct word words_act[] = {
    {"opened", "mở", 0},
    {"text", "thêm nội dung", 0},
    {"viewed", "đã xem", 0},
    {"claimed", "nhận", 0},
    {"released", "trả lại hàng chờ", 0},
    {"closed", "đóng", 0},
    {"hushed", "xin im lặng", 0},
    {"danger", "thêm nội dung, có từ nguy hiểm", STYLE_WARN},
    {"refused", "từ chối một cơ quan", 0},
    {"noted", "ghi chú", 0},
    {"waits", "chờ đến ngày", 0},
    {"is_due", "đến ngày", 0},
    {"goes_on", "làm tiếp", 0},
    {"handed", "bàn giao", 0},
    {"expired", "hết hạn nhận", STYLE_WARN},
    {"called", "gọi điện", 0},
    {"contact", "cách liên lạc", 0},
    {"unsent", "tin trả lời không gửi được: cần gọi lại", STYLE_BAD},
    {"consent", "đồng ý cho biết", 0},
    {"no_consent", "không đồng ý cho biết", 0},
    {"override", "chuyển ngoài phạm vi đồng ý", STYLE_WARN},
    {"offered", "chuyển cho", 0},
    {"accepted", "nhận từ", 0},
    {"declined", "trả lại", 0},
    {"revoked", "rút lại", 0},
    {"said", "nhắn", 0},
    {"safe_word", "giữ từ an toàn", 0},
    {"verified", "đúng từ an toàn", STYLE_GOOD},
    {"not_verified", "sai từ an toàn", STYLE_BAD},
    {"overdue", "quá hạn, báo", STYLE_BAD},
    {"escalated", "quá hạn, mở cho", STYLE_BAD},
    {"clock", "đồng hồ 12 giờ", 0},
    {"clock_warning", "còn 2 giờ", STYLE_WARN},
    {"clock_overdue", "quá 12 giờ", STYLE_BAD},
    {"not_accepted", "không ai nhận", STYLE_WARN},
    {"address_given", "giữ chỗ ở điểm", 0},
    {"address_left", "trả chỗ ở điểm", 0},
    {"held", "giữ lại", 0},
    {"unheld", "thôi giữ lại", 0},
    {"purged", "đã hủy", STYLE_DIM},
    {0},
};
static const struct column event_columns[] = {
    {"at", "Lúc", CELL_TIME, NULL, false},
    {"act", "Việc", CELL_WORD, words_act, false},
    {"actor", "Ai", CELL_TEXT, NULL, true},
    {"agency", "Cơ quan", CELL_TEXT, NULL, true},
    {"detail", "Về", CELL_TEXT, NULL, true},
};
static const struct view event_view = {
    event_columns, TC_NELEM(event_columns), "Chưa có sự kiện nào."};

static const struct column item_columns[] = {
    {"kind", "Loại", CELL_WORD, words_kind, false},
    {"at", "Lúc", CELL_TIME, NULL, false},
    {"number", "Số", CELL_TEXT, NULL, true},
    {"intent", "Ý định", CELL_TEXT, NULL, true},
    {"callback", "Gọi lại", CELL_TEXT, NULL, true},
    {"note", "Lưu ý", CELL_WORD, words_note, true},
};
static const struct view item_view = {
    item_columns, TC_NELEM(item_columns), NULL};
static const struct view sealed_item_view = {item_columns, 2, NULL};

/* --- opening --- */

/* The base64 of an item into new memory. 0 or TC_EPROTO. */
static int
item_sealed(const json_t *item, unsigned char **out, size_t *len)
{
	*out = xmalloc(SEALED_MAX);
	if (shape_bytes(
		json_object_get(item, "sealed"), *out, SEALED_MAX, len) == 0)
		return 0;
	free(*out);
	*out = NULL;
	return TC_EPROTO;
}

/* What was written, {"number","text","intent","note","at"}, with the kind of
 * the item; NULL when it does not open. */
static json_t *
item_open(const json_t *item, const unsigned char case_sk[KEYFILE_KEY])
{
	unsigned char *sealed;
	json_t *text = NULL;
	struct buf plain;
	size_t len;

	if (item_sealed(item, &sealed, &len) != 0)
		return NULL;
	buf_init(&plain, PLAIN_MAX);
	if (keyfile_open_item(case_sk, sealed, len, &plain) == 0)
		text = json_loadb((const char *)plain.data, plain.len,
		    JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(text)) {
		(void)json_object_set(text, "id", json_object_get(item, "id"));
		(void)json_object_set(
		    text, "kind", json_object_get(item, "kind"));
	} else {
		json_decref(text);
		text = NULL;
	}
	if (plain.data != NULL)
		keyfile_wipe(plain.data, plain.cap);
	buf_clear(&plain);
	free(sealed);
	return text;
}

/* Every item opened, null for those that do not; NULL and told when the key
 * does not open the case at all. */
static json_t *
case_open(struct ctl *c, const json_t *answer, const struct keyfile *kf)
{
	unsigned char sealed[KEYFILE_SEALED_KEY], case_sk[KEYFILE_KEY];
	json_t *texts, *text;
	const json_t *item;
	size_t len, i;

	if (shape_bytes(json_object_get(answer, "sealed_key"), sealed,
		sizeof(sealed), &len) != 0) {
		(void)ctl_bad_answer(c);
		return NULL;
	}
	if (keyfile_open_case(kf, sealed, len, case_sk) != 0) {
		(void)ctl_refuse(c, "khóa này không mở được vụ việc",
		    keyfile_public(kf)->agency,
		    "dùng tệp khóa của đúng cơ quan giữ vụ việc");
		return NULL;
	}
	texts = json_array();
	json_array_foreach(json_object_get(answer, "items"), i, item)
	{
		text = item_open(item, case_sk);
		(void)json_array_append_new(
		    texts, text != NULL ? text : json_null());
	}
	keyfile_wipe(case_sk, sizeof(case_sk));
	return texts;
}

/* --- showing --- */

static int
item_print(const struct ctl *c, const json_t *item, const json_t *text)
{
	struct buf b;
	int rc;

	putchar('\n');
	if (!json_is_object(text))
		return out_record(c, &sealed_item_view, item);
	rc = out_record(c, &item_view, text);
	if (rc != 0 || !json_is_string(json_object_get(text, "text")))
		return TC_EPROTO;
	buf_init(&b, 8 * PLAIN_MAX);
	text_safe(&b, shape_string(text, "text"), TEXT_BLOCK);
	printf("%s\n", buf_str(&b));
	if (b.data != NULL)
		keyfile_wipe(b.data, b.cap);
	buf_clear(&b);
	return 0;
}

/* texts is NULL when there is no key. */
static int
case_print(struct ctl *c, json_t *answer, const json_t *texts)
{
	const json_t *items = json_object_get(answer, "items"), *item;
	size_t i;

	if (out_record(c, &case_view, case_of(answer)) != 0)
		return ctl_bad_answer(c);
	putchar('\n');
	if (out_table(c, &event_view, json_object_get(answer, "events")) != 0)
		return ctl_bad_answer(c);
	json_array_foreach(items, i, item)
	{
		if (item_print(c, item, json_array_get(texts, i)) != 0)
			return ctl_bad_answer(c);
		if (texts == NULL)
			printf("(niêm phong)\n");
		else if (json_is_null(json_array_get(texts, i)))
			printf("(không mở được)\n");
	}
	if (texts == NULL && json_array_size(items) > 0)
		printf("\nĐể đọc nội dung, thêm --key FILE với tệp khóa của "
		       "cơ quan.\n");
	return CTL_OK;
}

static int
case_present(struct ctl *c, json_t *answer, json_t *texts)
{
	const json_t *text;
	size_t i, bad = 0;
	int code = CTL_OK;

	json_array_foreach(texts, i, text) bad += json_is_null(text);
	if (c->json) {
		if (texts != NULL)
			(void)json_object_set(answer, "texts", texts);
		out_json(c, answer, false);
	} else {
		code = case_print(c, answer, texts);
	}
	if (code == CTL_OK && bad > 0) {
		fprintf(stderr,
		    "tincayctl: có %zu nội dung không mở được; hãy báo người "
		    "quản trị\n",
		    bad);
		code = CTL_REFUSED;
	}
	return code;
}

int
case_fetch(struct ctl *c, const struct args *a, json_t **answer)
{
	static const struct ctl_hint hints[] = {
	    {404, "không có vụ việc này trong hàng đợi của bạn",
		"xem: tincayctl case queue"},
	    {0},
	};
	struct client_request rq = {.method = "GET"};
	char *agency = ctl_agency(c, a->verb->options == case_show_options
					 ? args_get(a, "agency")
					 : NULL),
	     *name;
	struct buf path;
	int code;

	if (agency == NULL)
		return CTL_REFUSED;
	name = check_upper(args_operand(a, 0));
	buf_init(&path, PATH_BYTES);
	buf_put_str(&path, "/cases");
	client_path_segment(&path, name);
	client_path_add(&path, "agency", agency);
	rq.path = buf_str(&path);
	code = ctl_call(c, &rq, hints, answer);
	buf_clear(&path);
	free(name);
	free(agency);
	if (code == CTL_OK &&
	    (!json_is_array(json_object_get(*answer, "items")) ||
		!json_is_array(json_object_get(*answer, "events")))) {
		json_decref(*answer);
		*answer = NULL;
		code = ctl_bad_answer(c);
	}
	return code;
}

int
case_show(struct ctl *c, const struct args *a)
{
	json_t *answer = NULL, *texts = NULL;
	struct keyfile *kf = NULL;
	int code = CTL_OK;

	/* The key first: a look at a case is on record, a wrong passphrase need
	 * not be. */
	if (args_get(a, "key") != NULL)
		code = key_open(
		    c, args_get(a, "key"), args_get(a, "passphrase-file"), &kf);
	if (code == CTL_OK)
		code = case_fetch(c, a, &answer);
	if (code == CTL_OK && kf != NULL) {
		texts = case_open(c, answer, kf);
		code = texts != NULL ? CTL_OK : CTL_REFUSED;
	}
	if (code == CTL_OK)
		code = case_present(c, answer, texts);
	keyfile_close(kf);
	json_decref(texts);
	json_decref(answer);
	return code;
}

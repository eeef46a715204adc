/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * modem/text and modem/sms: libgammu's structs to frames, hostile ones too.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "modem/sms.h"
#include "modem/text.h"

static const struct {
	const char *units; /* hex of big-endian code units */
	enum text_form form;
	const char *utf8;
} incoming[] = {
    {"00410062", TEXT_PLAIN, "Ab"},
    {"1ec701130111", TEXT_PLAIN, "ệēđ"},
    {"d83ddc89", TEXT_PLAIN, "\xf0\x9f\x92\x89"},
    {"d83d0041", TEXT_PLAIN,
	"\xef\xbf\xbd"
	"A"},
    {"0041dc89", TEXT_PLAIN, "A\xef\xbf\xbd"},
    {"d83d", TEXT_PLAIN, "\xef\xbf\xbd"},
    {"004100000042", TEXT_PLAIN, "AB"},
    {"007e007e0041", TEXT_TILDE, "~A"},
    {"007e0041", TEXT_TILDE,
	"\x01"
	"A"},
    {"007e007e", TEXT_PLAIN, "~~"},
    {"", TEXT_PLAIN, ""},
};

static void
test_text_in(void **state)
{
	unsigned char units[64];
	char out[64];
	size_t i, n;

	(void)state;
	for (i = 0; i < TC_NELEM(incoming); i++) {
		n = strlen(incoming[i].units) / 4;
		assert_int_equal(
		    hex_decode(units, 2 * n, incoming[i].units), 0);
		text_from_gammu(out, sizeof(out), units, n, incoming[i].form);
		assert_string_equal(out, incoming[i].utf8);
	}
	/* cut at a character */
	assert_int_equal(hex_decode(units, 4, "1ec71ec7"), 0);
	text_from_gammu(out, 6, units, 2, TEXT_PLAIN);
	assert_string_equal(out, "ệ");
}

static const struct {
	const char *utf8;
	size_t max;
	enum text_form form;
	int rc;
	const char *units;
} outgoing[] = {
    {"Ab", 2, TEXT_PLAIN, 0, "004100620000"},
    {"Abc", 2, TEXT_PLAIN, TC_EFULL, ""},
    {"\xf0\x9f\x92\x89", 2, TEXT_TILDE, 0, "d83ddc890000"},
    {"\xf0\x9f\x92\x89", 1, TEXT_TILDE, TC_EFULL, ""},
    {"a~", 3, TEXT_TILDE, 0, "0061007e007e0000"},
    {"a~", 2, TEXT_TILDE, 0, "0061223c0000"},
    {"a~", 2, TEXT_PLAIN, 0, "0061007e0000"},
    {"\xff", 2, TEXT_PLAIN, TC_EINVAL, ""},
};

static void
test_text_out(void **state)
{
	unsigned char units[64];
	char hex[129];
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(outgoing); i++) {
		memset(units, 0x55, sizeof(units));
		assert_int_equal(text_to_gammu(units, outgoing[i].max,
				     outgoing[i].utf8, outgoing[i].form),
		    outgoing[i].rc);
		if (outgoing[i].rc != 0)
			continue;
		hex_encode(hex, units, strlen(outgoing[i].units) / 2);
		assert_string_equal(hex, outgoing[i].units);
		assert_int_equal(units[strlen(outgoing[i].units) / 2], 0x55);
	}
}

/* What USSD answers look like, and what only looks like one of them. */
static const struct {
	const char *raw, *mended;
} ussd[] = {
    {"0053006F002000640075003A00200032", "So du: 2"},
    {"0042 is no hex", "0042 is no hex"},
    {"00421ea1006e00200063f2006e", "00421ea1006e00200063f2006e"},
    {"00421ea1006e0020", "Bạn "},
    /* packed; seven characters are filled up with a CR */
    {"D337885CD7816435170C062303", "So du: 25.000d"},
    {"D337885CD7816E", "So du: 7"},
    {"D337885C07C51A", "So du 1"},
    {"25000", "25000"},
    {"12345678", "12345678"},
    {"1234567890123456", "1234567890123456"},
    {"Abc12345", "Abc12345"},
    {"", ""},
};

static void
test_mend_hex(void **state)
{
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(ussd); i++) {
		assert_int_equal(
		    str_printf(text, sizeof(text), "%s", ussd[i].raw), 0);
		text_mend_hex(text);
		assert_string_equal(text, ussd[i].mended);
	}
}

static void
message_set(GSM_SMSMessage *sms, const char *udh, const char *text)
{
	memset(sms, 0, sizeof(*sms));
	sms->PDU = SMS_Deliver;
	sms->Coding = SMS_Coding_Unicode_No_Compression;
	sms->UDH.Type = UDH_NoUDH;
	if (udh != NULL) {
		sms->UDH.Type = UDH_UserUDH;
		sms->UDH.Length = (int)strlen(udh) / 2;
		assert_int_equal(
		    hex_decode(sms->UDH.Text, (size_t)sms->UDH.Length, udh), 0);
	}
	assert_int_equal(
	    text_to_gammu(sms->Number, 20, "+84900000001", TEXT_PLAIN), 0);
	assert_int_equal(text_to_gammu(sms->Text, 160, text, TEXT_TILDE), 0);
	sms->DateTime = (GSM_DateTime){.Year = 2026,
	    .Month = 11,
	    .Day = 24,
	    .Hour = 6,
	    .Minute = 30,
	    .Second = 15,
	    .Timezone = 7 * 3600};
}

static const struct {
	const char *udh;
	enum ml_sms_kind kind;
	unsigned present, ref, bits, total, seq;
} headers[] = {
    {NULL, ML_SMS_TEXT, 0, 0, 0, 0, 0},
    {"050003090201", ML_SMS_TEXT, 1, 9, 8, 2, 1},
    {"06080401020302", ML_SMS_TEXT, 1, 0x0102, 16, 3, 2},
    /* another element before it, and one behind */
    {"0a2401010003090303700100", ML_SMS_TEXT, 1, 9, 8, 3, 3},
    /* void: seq 0, seq over total, wrong length, cut short */
    {"050003090200", ML_SMS_TEXT, 0, 0, 0, 0, 0},
    {"050003090203", ML_SMS_TEXT, 0, 0, 0, 0, 0},
    {"0400020902", ML_SMS_TEXT, 0, 0, 0, 0, 0},
    {"0500ff090201", ML_SMS_TEXT, 0, 0, 0, 0, 0},
    {"00", ML_SMS_TEXT, 0, 0, 0, 0, 0},
    /* a port: for a machine; 2948 of a WAP push, 9200 of older ones */
    {"060504158a0000", ML_SMS_BINARY, 0, 0, 0, 0, 0},
    {"04040240f0", ML_SMS_BINARY, 0, 0, 0, 0, 0},
    {"0605040b8423f0", ML_SMS_WAP, 0, 0, 0, 0, 0},
    {"06050423f00b84", ML_SMS_WAP, 0, 0, 0, 0, 0},
    {"0b05040b8423f00003090201", ML_SMS_WAP, 1, 9, 8, 2, 1},
    {"060504f00b8423", ML_SMS_BINARY, 0, 0, 0, 0, 0},
    /* a mail waits; a person may read it */
    {"0401020001", ML_SMS_WAITING, 0, 0, 0, 0, 0},
};

static void
test_headers(void **state)
{
	GSM_SMSMessage sms;
	struct ml_sms_in in;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(headers); i++) {
		message_set(&sms, headers[i].udh, "giúp");
		sms_fill(&in, &sms, -1, -1);
		assert_int_equal(in.kind, headers[i].kind);
		assert_int_equal(in.udh_present, headers[i].present);
		assert_int_equal(in.ref, headers[i].ref);
		assert_int_equal(in.ref_bits, headers[i].bits);
		assert_int_equal(in.total, headers[i].total);
		assert_int_equal(in.seq, headers[i].seq);
		assert_string_equal(
		    in.text, headers[i].kind == ML_SMS_BINARY ||
				     headers[i].kind == ML_SMS_WAP
				 ? ""
				 : "giúp");
		assert_string_equal(in.number, "+84900000001");
		/* 06:30:15 in Vietnam */
		assert_int_equal(in.smsc_time, 1795476615);
	}
}

/* TP-PID and TP-DCS, and what libgammu made of the DCS. */
static const struct {
	int pid, dcs;
	GSM_Coding_Type coding;
	enum ml_sms_kind kind;
} octets[] = {
    {-1, -1, SMS_Coding_Default_No_Compression, ML_SMS_TEXT},
    {0, 0, SMS_Coding_Default_No_Compression, ML_SMS_TEXT},
    {0x41, 0, SMS_Coding_Default_No_Compression, ML_SMS_TEXT},
    {0x40, 0, SMS_Coding_Default_No_Compression, ML_SMS_SILENT},
    {0x40, 4, SMS_Coding_8bit, ML_SMS_SILENT},
    {0, 4, SMS_Coding_8bit, ML_SMS_BINARY},
    {0, 0xf5, SMS_Coding_8bit, ML_SMS_BINARY},
    {0, 0xf1, SMS_Coding_Default_No_Compression, ML_SMS_TEXT},
    {0, 0xbf, SMS_Coding_8bit, ML_SMS_BINARY},
    {0, 0xc0, SMS_Coding_Default_No_Compression, ML_SMS_WAITING},
    {0, 0xe8, SMS_Coding_Unicode_No_Compression, ML_SMS_WAITING},
    {0, 0xcc, SMS_Coding_8bit, ML_SMS_WAITING},
};

static void
test_octets(void **state)
{
	GSM_SMSMessage sms;
	struct ml_sms_in in;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(octets); i++) {
		message_set(&sms, NULL, "x");
		sms.Coding = octets[i].coding;
		sms_fill(&in, &sms, octets[i].pid, octets[i].dcs);
		assert_int_equal(in.kind, octets[i].kind);
		assert_string_equal(
		    in.text, sms.Coding == SMS_Coding_8bit ? "" : "x");
	}
}

/* What libgammu leaves behind after a header longer than its field. */
static void
test_hostile(void **state)
{
	GSM_SMSMessage sms;
	struct ml_sms_in in;

	(void)state;
	message_set(&sms, NULL, "x");
	sms.UDH.Type = UDH_UserUDH;
	sms.UDH.Length = 256;
	memset(sms.UDH.Text, 0xff, sizeof(sms.UDH.Text));
	sms_fill(&in, &sms, -1, -1);
	assert_int_equal(in.kind, ML_SMS_BINARY);
	assert_string_equal(in.number, "");
	(void)sms_hash(&sms);

	message_set(&sms, NULL, "x");
	sms.Coding = SMS_Coding_8bit;
	sms.Length = 100000;
	sms_fill(&in, &sms, -1, -1);
	assert_int_equal(in.kind, ML_SMS_BINARY);
	(void)sms_hash(&sms);

	message_set(&sms, NULL, "x");
	memset(sms.Number, 0x41, sizeof(sms.Number));
	memset(sms.Text, 0x1e, sizeof(sms.Text));
	sms.DateTime.Year = 0;
	sms_fill(&in, &sms, -1, -1);
	assert_true(utf8_is_valid(in.number, strlen(in.number)));
	assert_true(utf8_is_valid(in.text, strlen(in.text)));
	assert_int_equal(in.smsc_time, 0);
}

static void
test_hash(void **state)
{
	GSM_SMSMessage a, b;
	uint64_t h;

	(void)state;
	message_set(&a, "050003090201", "giúp");
	h = sms_hash(&a);
	b = a;
	b.Location = 7; /* the place is no part of it */
	b.State = SMS_Read;
	assert_true(sms_hash(&b) == h);
#define DIFFERS(change)                                                        \
	do {                                                                   \
		b = a;                                                         \
		b.change;                                                      \
		assert_true(sms_hash(&b) != h);                                \
	} while (0)
	DIFFERS(Number[21] = '2');
	DIFFERS(DateTime.Second++);
	DIFFERS(UDH.Text[5] = 2);
	DIFFERS(Text[1] = 'G');
	DIFFERS(Class = 1);
	DIFFERS(Coding = SMS_Coding_Default_No_Compression);
}

static void
test_report(void **state)
{
	GSM_SMSMessage sms;
	struct ml_report_in in;

	(void)state;
	message_set(&sms, NULL, "Delivered");
	sms.PDU = SMS_Status_Report;
	sms.MessageReference = 200;
	sms.DeliveryStatus = 0x46;
	sms.SMSCTime = sms.DateTime;
	sms.SMSCTime.Second += 5;
	sms_fill_report(&in, &sms);
	assert_int_equal(in.tp_mr, 200);
	assert_int_equal(in.tp_status, 0x46);
	assert_string_equal(in.number, "+84900000001");
	assert_int_equal(in.smsc_time, 1795476615);
}

/* 3GPP 23.040 9.2.3.12.1; never longer than asked. */
static void
test_validity(void **state)
{
	static const struct {
		uint32_t minutes;
		unsigned vp;
	} rows[] = {{0, 255}, {1, 0}, {5, 0}, {9, 0}, {10, 1}, {60, 11},
	    {720, 143}, {749, 143}, {750, 144}, {1410, 166}, {1440, 167},
	    {2879, 167}, {2880, 168}, {4320, 169}, {43200, 196}, {50399, 196},
	    {50400, 197}, {635040, 255}, {UINT32_MAX, 255}};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++)
		assert_int_equal(sms_validity(rows[i].minutes), rows[i].vp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text_in),
	    cmocka_unit_test(test_text_out),
	    cmocka_unit_test(test_mend_hex),
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_octets),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_hash),
	    cmocka_unit_test(test_report),
	    cmocka_unit_test(test_validity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

# SPDX-License-Identifier: GPL-2.0-or-later
# One test_<module>.c per module; TESTS and check_PROGRAMS grow together.
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

UNIT_TESTS += tests/unit/test_vault
tests_unit_test_vault_SOURCES = tests/unit/test_vault.c
tests_unit_test_vault_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_vault_LDADD = libvault.a libtincay.a $(SODIUM_LIBS) $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_keyfile
tests_unit_test_keyfile_SOURCES = tests/unit/test_keyfile.c
tests_unit_test_keyfile_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(SODIUM_CFLAGS)
tests_unit_test_keyfile_LDADD = libctl.a libvault.a libtincay.a \
	$(SODIUM_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
UNIT_TESTS += %D%/test_msisdn %D%/test_gsm %D%/test_fold
UNIT_TESTS += %D%/test_util %D%/test_log %D%/test_clock %D%/test_frame \
	%D%/test_modemlink %D%/test_msisdn %D%/test_gsm %D%/test_fold
%C%_test_msisdn_SOURCES = %D%/test_msisdn.c
%C%_test_msisdn_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_gsm_SOURCES = %D%/test_gsm.c
%C%_test_gsm_LDADD = libtincay.a $(CMOCKA_LIBS) $(UTF8PROC_LIBS)
%C%_test_fold_SOURCES = %D%/test_fold.c
%C%_test_fold_LDADD = libtincay.a $(CMOCKA_LIBS) $(UTF8PROC_LIBS)
%C%_test_util_SOURCES = %D%/test_util.c
%C%_test_util_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_log_SOURCES = %D%/test_log.c
%C%_test_log_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_clock_SOURCES = %D%/test_clock.c
%C%_test_clock_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_frame_SOURCES = %D%/test_frame.c
%C%_test_frame_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_modemlink_SOURCES = %D%/test_modemlink.c
%C%_test_modemlink_LDADD = libtincay.a $(CMOCKA_LIBS)

UNIT_TESTS += %D%/test_http
HTTP_TEST_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/daemon \
	-DTEST_ETCDIR='"$(abs_top_srcdir)/etc"'
HTTP_TEST_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LIBEVENT_CFLAGS) \
	$(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
HTTP_TEST_LIBS = libtincayd.a libvault.a libtincay.a $(LIBEVENT_LIBS) \
	$(SQLITE_LIBS) $(JANSSON_LIBS) $(CONFUSE_LIBS) $(SODIUM_LIBS) \
	$(UTF8PROC_LIBS) $(CMOCKA_LIBS) $(CSV_LIBS)
%C%_test_http_SOURCES = %D%/test_http.c %D%/http_fixture.c %D%/http_fixture.h
%C%_test_http_CPPFLAGS = $(HTTP_TEST_CPPFLAGS)
%C%_test_http_CFLAGS = $(HTTP_TEST_CFLAGS)
%C%_test_http_LDADD = $(HTTP_TEST_LIBS)

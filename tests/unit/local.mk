# SPDX-License-Identifier: GPL-2.0-or-later
# One test_<module>.c per module; TESTS and check_PROGRAMS grow together.
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

UNIT_TESTS += tests/unit/test_vault
tests_unit_test_vault_SOURCES = tests/unit/test_vault.c
tests_unit_test_vault_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_vault_LDADD = libvault.a libtincay.a $(SODIUM_LIBS) $(CMOCKA_LIBS)

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

# tincayctl
UNIT_TESTS += %D%/test_ctl_args %D%/test_ctl_text %D%/test_ctl_output \
	%D%/test_ctl_token
ctl_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
ctl_test_libs = libctl.a libtincay.a $(CURL_LIBS) $(JANSSON_LIBS) \
	$(SODIUM_LIBS) $(UTF8PROC_LIBS) $(CMOCKA_LIBS)
%C%_test_ctl_args_SOURCES = %D%/test_ctl_args.c
%C%_test_ctl_args_CFLAGS = $(ctl_test_cflags)
%C%_test_ctl_args_LDADD = $(ctl_test_libs)
%C%_test_ctl_text_SOURCES = %D%/test_ctl_text.c
%C%_test_ctl_text_CFLAGS = $(ctl_test_cflags)
%C%_test_ctl_text_LDADD = $(ctl_test_libs)
%C%_test_ctl_output_SOURCES = %D%/test_ctl_output.c
%C%_test_ctl_output_CFLAGS = $(ctl_test_cflags)
%C%_test_ctl_output_LDADD = $(ctl_test_libs)
%C%_test_ctl_token_SOURCES = %D%/test_ctl_token.c
%C%_test_ctl_token_CFLAGS = $(ctl_test_cflags)
%C%_test_ctl_token_LDADD = $(ctl_test_libs)

# The real program against a made-up server; TAP from Python.
TESTS += %D%/ctl_http.test
EXTRA_DIST += %D%/ctl_http.test
TEST_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT += TINCAYCTL='$(abs_top_builddir)/tincayctl'; export TINCAYCTL;

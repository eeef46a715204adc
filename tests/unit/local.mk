# SPDX-License-Identifier: GPL-2.0-or-later
# One test_<module>.c per module; TESTS and check_PROGRAMS grow together.
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

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

# SPDX-License-Identifier: GPL-2.0-or-later
# One test_<module>.c per module; TESTS and check_PROGRAMS grow together.
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

UNIT_TESTS += tests/unit/test_chacha20
tests_unit_test_chacha20_SOURCES = tests/unit/test_chacha20.c
tests_unit_test_chacha20_LDADD = libtincay.a $(CMOCKA_LIBS)

UNIT_TESTS += tests/unit/test_modem_spool
tests_unit_test_modem_spool_SOURCES = tests/unit/test_modem_spool.c modem/spool.c
tests_unit_test_modem_spool_LDADD = libtincay.a $(CMOCKA_LIBS)
UNIT_TESTS += %D%/test_msisdn %D%/test_gsm %D%/test_fold
UNIT_TESTS += %D%/test_util %D%/test_log %D%/test_clock %D%/test_frame \
	%D%/test_modemlink %D%/test_msisdn %D%/test_gsm %D%/test_fold
%C%_test_msisdn_SOURCES = %D%/test_msisdn.c
%C%_test_msisdn_LDADD = libtincay.a $(CMOCKA_LIBS)
%C%_test_gsm_SOURCES = %D%/test_gsm.c
%C%_test_gsm_LDADD = libtincay.a $(CMOCKA_LIBS) $(UTF8PROC_LIBS)
%C%_test_fold_SOURCES = %D%/test_fold.c
%C%_test_fold_LDADD = libtincay.a $(CMOCKA_LIBS) $(UTF8PROC_LIBS)

UNIT_TESTS += tests/unit/test_modem_nap
tests_unit_test_modem_nap_SOURCES = tests/unit/test_modem_nap.c modem/nap.c
tests_unit_test_modem_nap_CPPFLAGS = $(AM_CPPFLAGS) $(GAMMU_CFLAGS)
tests_unit_test_modem_nap_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--export-dynamic-symbol=usleep
tests_unit_test_modem_nap_LDADD = libtincay.a $(CMOCKA_LIBS) $(GAMMU_LIBS)

UNIT_TESTS += tests/unit/test_modem_sms
tests_unit_test_modem_sms_SOURCES = tests/unit/test_modem_sms.c \
	modem/sms.c modem/text.c
tests_unit_test_modem_sms_CPPFLAGS = $(AM_CPPFLAGS) $(GAMMU_CFLAGS)
tests_unit_test_modem_sms_LDADD = libtincay.a $(CMOCKA_LIBS)

UNIT_TESTS += tests/unit/test_modem_child
tests_unit_test_modem_child_SOURCES = tests/unit/test_modem_child.c \
	tests/unit/child_world.c tests/unit/child_world.h
tests_unit_test_modem_child_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_modem_child_LDADD = libtincay.a $(CMOCKA_LIBS) $(JANSSON_LIBS)
EXTRA_tests_unit_test_modem_child_DEPENDENCIES = tincay-sim tincay-modem

UNIT_TESTS += tests/unit/test_modem_send
tests_unit_test_modem_send_SOURCES = tests/unit/test_modem_send.c \
	tests/unit/child_world.c tests/unit/child_world.h
tests_unit_test_modem_send_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_modem_send_LDADD = libtincay.a $(CMOCKA_LIBS) $(JANSSON_LIBS)
EXTRA_tests_unit_test_modem_send_DEPENDENCIES = tincay-sim tincay-modem
# tincay-sim
UNIT_TESTS += tests/unit/test_sim_pdu
tests_unit_test_sim_pdu_SOURCES = tests/unit/test_sim_pdu.c
tests_unit_test_sim_pdu_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_sim_pdu_LDADD = libsim.a libtincay.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_sim_at
tests_unit_test_sim_at_SOURCES = tests/unit/test_sim_at.c \
	tests/unit/sim_world.c tests/unit/sim_world.h
tests_unit_test_sim_at_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	$(LIBEVENT_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_sim_at_LDADD = libsim.a libtincay.a $(LIBEVENT_LIBS) \
	$(JANSSON_LIBS) $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_sim_radio
tests_unit_test_sim_radio_SOURCES = tests/unit/test_sim_radio.c \
	tests/unit/sim_world.c tests/unit/sim_world.h
tests_unit_test_sim_radio_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	$(LIBEVENT_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_sim_radio_LDADD = libsim.a libtincay.a $(LIBEVENT_LIBS) \
	$(JANSSON_LIBS) $(CMOCKA_LIBS)
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

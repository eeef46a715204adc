# SPDX-License-Identifier: GPL-2.0-or-later
# One test_<module>.c per module; TESTS and check_PROGRAMS grow together.
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

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

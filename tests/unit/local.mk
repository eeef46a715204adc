# SPDX-License-Identifier: GPL-2.0-or-later
# One test_<module>.c per module; TESTS and check_PROGRAMS grow together.
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

UNIT_TESTS += tests/unit/test_vault
tests_unit_test_vault_SOURCES = tests/unit/test_vault.c
tests_unit_test_vault_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_vault_LDADD = libvault.a libtincay.a $(SODIUM_LIBS) $(CMOCKA_LIBS)

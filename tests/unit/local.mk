# SPDX-License-Identifier: GPL-2.0-or-later
# One test_<module>.c per module; TESTS and check_PROGRAMS grow together.
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

# SPDX-License-Identifier: GPL-2.0-or-later
AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	TINCAY_SIM='$(abs_builddir)/tincay-sim'; export TINCAY_SIM; \
	TINCAY_MODEM='$(abs_builddir)/tincay-modem'; export TINCAY_MODEM;
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh

include tests/unit/local.mk
include tests/fuzz/local.mk
include tests/system/local.mk
include tests/bench/local.mk

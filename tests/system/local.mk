# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += %D%/forensic.py

TESTS += %D%/001-forensic-selftest
EXTRA_DIST += %D%/001-forensic-selftest

# tincay-sim
TESTS += %D%/002-sim-program
EXTRA_DIST += %D%/002-sim-program

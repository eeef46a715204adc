# SPDX-License-Identifier: GPL-2.0-or-later

# tincay-sim
TESTS += %D%/002-sim-program
EXTRA_DIST += %D%/002-sim-program

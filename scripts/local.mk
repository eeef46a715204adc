# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += %D%/dev/check-api.py
EXTRA_DIST += scripts/setup scripts/test scripts/dev .ci/run .clang-format

# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += scripts/setup scripts/run scripts/demo scripts/test scripts/dev .ci/run .clang-format

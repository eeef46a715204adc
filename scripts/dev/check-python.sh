#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The Python of the tests and scripts names nothing that is not there, and
# imports nothing for nothing.
. "$(dirname "$0")/tap.sh"
programs=$(find scripts tests .ci -type f ! -path '*/corpus/*' -exec \
    awk 'FNR == 1 && (/^#!.*python3/ || FILENAME ~ /\.py$/) { print FILENAME }' \
    {} \; | LC_ALL=C sort)
if command -v pyflakes3 >/dev/null; then
	# shellcheck disable=SC2086 # a list of names
	tap_rule "python: pyflakes" "$(pyflakes3 $programs 2>&1)"
else
	tap_skip "python: pyflakes" "pyflakes3 is not installed"
fi
tap_done

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages are good mdoc, and each program has one.
. "$(dirname "$0")/tap.sh"
if ! command -v mandoc >/dev/null; then
	tap_skip "man" "mandoc is not installed"
	tap_done
	exit
fi
for page in doc/*.[1-8]; do
	[ -e "$page" ] || continue
	# A reference to a page that is not installed yet is no fault of this one.
	tap_rule "man: $page" "$(mandoc -Tlint -Wwarning "$page" |
	    grep -v 'referenced manual not found')"
done
programs=$(sed -nE 's/^(sbin|bin|libexec)_PROGRAMS \+= //p' \
    daemon/local.mk modem/local.mk ctl/local.mk sim/local.mk)
tap_rule "man: each program has a page" "$(for p in $programs; do
	ls doc/"${p##*/}".[18] >/dev/null 2>&1 || echo "${p##*/}: no page in doc/"
done)"
tap_done

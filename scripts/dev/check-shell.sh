#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The scripts parse, and shellcheck has nothing to say about them.
. "$(dirname "$0")/tap.sh"
scripts=$(find scripts tests .ci -type f ! -path '*/corpus/*' -exec \
    awk 'FNR == 1 && /^#!.*[\/ ](ba)?sh( |$)/ { print FILENAME }' {} \; | LC_ALL=C sort)
faults=$(for s in $scripts; do
	case $(head -n 1 "$s") in
	*bash*) bash -n "$s" 2>&1 ;;
	*) sh -n "$s" 2>&1 ;;
	esac
	[ -x "$s" ] || echo "$s: not executable"
done)
tap_rule "shell: every script parses" "$faults"
if command -v shellcheck >/dev/null; then
	# shellcheck disable=SC2086 # a list of names
	tap_rule "shell: shellcheck" \
	    "$(shellcheck -f gcc -S warning -e SC1091 $scripts scripts/dev/tap.sh)"
else
	tap_skip "shell: shellcheck" "shellcheck is not installed"
fi
tap_done

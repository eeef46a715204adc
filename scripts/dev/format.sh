#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# format.sh check|fix: the layout of the C sources, as .clang-format has it.
# Versions of clang-format lay out differently, so only one counts.
. "$(dirname "$0")/tap.sh"
version=14
tool=$(command -v clang-format-$version || command -v clang-format)
if [ -z "$tool" ] || ! "$tool" --version | grep -q "version $version\."; then
	tap_skip "format" "clang-format $version is not installed"
	tap_done
	exit
fi
case ${1-check} in
check)
	faults=$(c_files | xargs -r "$tool" --dry-run 2>&1 |
	    grep -F 'warning: code should be clang-formatted' | cut -d: -f1 |
	    uniq -c | awk '{ print $2 ": " $1 " places" }')
	tap_rule "format: clang-format $version changes nothing" "$faults"
	tap_done
	;;
fix)
	c_files | xargs -r "$tool" -i
	;;
*)
	echo "usage: scripts/dev/format.sh check|fix" >&2
	exit 2
	;;
esac

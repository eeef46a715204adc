# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# What the checks share; each check starts with:  . "$(dirname "$0")/tap.sh"
# It leaves them at the top of the source. A check collects the faults of one
# rule, one line each, and hands them to tap_rule: no line, no fault.

cd "$(dirname "$0")/../.." || exit 2
tap_n=0
tap_bad=0

# c_files [FOLDER...]: the C sources and headers, by name.
c_files() {
	[ $# -gt 0 ] || set -- lib daemon modem ctl sim tests
	find "$@" -name '*.[ch]' | LC_ALL=C sort
}

# text_files: everything a person wrote.
text_files() {
	find . -type d \( -name .git -o -name 'build*' -o -name autom4te.cache \
	    -o -name __pycache__ -o -name corpus -o -name vendor \) -prune \
	    -o -type f ! -name configure ! -name 'configure~' \
	    ! -name 'config.h.in*' ! -name Makefile.in ! -name aclocal.m4 \
	    ! -name LICENSE -print | LC_ALL=C sort
}

# tap_rule NAME FAULTS
tap_rule() {
	tap_n=$((tap_n + 1))
	if [ -z "$2" ]; then
		echo "ok $tap_n - $1"
	else
		echo "not ok $tap_n - $1"
		printf '%s\n' "$2" | sed 's/^/#   /'
		tap_bad=$((tap_bad + 1))
	fi
}

# tap_skip NAME REASON
tap_skip() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

tap_done() {
	echo "1..$tap_n"
	[ "$tap_bad" = 0 ]
}

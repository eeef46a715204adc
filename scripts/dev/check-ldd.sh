#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# check-ldd.sh BUILD: what the built programs load. libgammu blocks and aborts,
# so it lives in tincay-modem alone; and that program, which reads what
# strangers send, has nothing else to reach for.
build=$(cd "${1:?usage: check-ldd.sh BUILD}" && pwd) || exit 2
. "$(dirname "$0")/tap.sh"

# loads PROGRAM PATTERN: libraries that it loads, itself or by another.
loads() {
	ldd "$build/$1" | awk '{ print $1 }' | grep -E "$2"
}
# names PROGRAM PATTERN: libraries that it names itself.
names() {
	readelf -d "$build/$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -E "$2"
}
# A program that is not there must not pass for one that loads nothing.
program() {
	[ -x "$build/$1" ] || echo "$build/$1 is not built"
}

for p in tincayd tincayctl tincay-sim; do
	tap_rule "ldd: $p does not load libgammu" \
	    "$(program $p; loads $p '^libGammu' 2>&1)"
done
tap_rule "ldd: tincay-modem loads libgammu" \
    "$(program tincay-modem; names tincay-modem '^libGammu' >/dev/null ||
    echo 'libGammu is not among its libraries')"
tap_rule "ldd: tincay-modem names no other library of ours" \
    "$(program tincay-modem; names tincay-modem \
    '^lib(sqlite3|curl|sodium|event|jansson|confuse|ssl|crypto)' 2>&1)"
tap_done

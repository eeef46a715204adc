#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# check-options.sh BUILD: the options that tincayd knows, those that
# doc/tincay.conf.5 tells of (.It Ic, .It Va) and those in etc/tincay.conf
# (there in force or behind a "#") are the same. "modem.device" is the option
# device of a section modem.
build=$(cd "${1:?usage: check-options.sh BUILD}" && pwd) || exit 2
. "$(dirname "$0")/tap.sh"

words() {
	sed 's/.*\.//' | LC_ALL=C sort -u
}
known=$("$build/tincayd" --print-options 2>/dev/null | awk '{ print $1 }' | words)
manual=$(sed -nE 's/^\.It (Ic|Va) "?([a-z][a-z0-9_]*).*/\2/p' doc/tincay.conf.5 | words)
# A line "key = value", or a section 'name "title" {' which is no option.
example=$(sed -nE 's/^[[:space:]#]*([a-z][a-z0-9_]*)[[:space:]]*=.*/\1/p' \
    etc/tincay.conf | words)
sections=$("$build/tincayd" --print-options 2>/dev/null |
    sed -nE 's/^([a-z0-9_]+)\..*/\1/p' | LC_ALL=C sort -u)

# not_in LIST OTHER WHAT: the words of LIST that are not in OTHER.
not_in() {
	printf '%s\n' "$1" | while read -r w; do
		[ -z "$w" ] || printf '%s\n' "$2" | grep -qx "$w" || echo "$w: $3"
	done
}
tap_rule "options: tincayd --print-options" \
    "$([ -n "$known" ] || echo "prints no option")"
tap_rule "options: every one is in the manual" \
    "$(not_in "$known" "$manual" "not in doc/tincay.conf.5")"
tap_rule "options: the manual invents none" \
    "$(not_in "$manual" "$known$(printf '\n%s' "$sections")" "not an option")"
tap_rule "options: every one is in the example" \
    "$(not_in "$known" "$example" "not in etc/tincay.conf")"
tap_rule "options: the example invents none" \
    "$(not_in "$example" "$known" "not an option")"
tap_done

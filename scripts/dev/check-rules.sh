#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# check-rules.sh [BUILD]: every rule of tests/rules.txt is named by a test (R7,
# test_r7_...). Prints a table of where.
. "$(dirname "$0")/tap.sh"

# tests_of RULE: the files below tests/ that name it.
tests_of() {
	grep -rlE "(^|[^A-Za-z0-9])R$1([^0-9]|\$)|_r$1_" tests/unit tests/system \
	    --include='*.c' --include='*.py' | LC_ALL=C sort | sed 's|^tests/||'
}
rules=$(sed -nE 's/^R([0-9]+)	.*/\1/p' tests/rules.txt)
without=
for rule in $rules; do
	where=$(tests_of "$rule" | tr '\n' ' ')
	echo "# R$rule $where"
	[ -n "$where" ] || without="$without R$rule"
done
tap_rule "rules: tests/rules.txt has them" "$([ -n "$rules" ] || echo "no rule")"
tap_rule "rules: each is named by a test" \
    "$([ -z "$without" ] || echo "without a test:$without")"
tap_done

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# check-rules.sh [BUILD]: every test file that tests/rules.txt names for a rule
# is there and says the rule's number (R7, test_r7_...).
. "$(dirname "$0")/tap.sh"

# without_test: each rule with a file that does not name it.
without_test() {
	grep -E '^R[0-9]+	' tests/rules.txt | while IFS='	' read -r rule rest; do
		for file in ${rest##*: }; do
			n=${rule#R}
			grep -qE "(^|[^A-Za-z0-9])R$n([^0-9]|\$)|_r${n}_" "tests/$file" ||
			    echo "$rule: tests/$file does not name it"
		done
	done
}
tap_rule "rules: tests/rules.txt has them" \
    "$(grep -qE '^R1	' tests/rules.txt || echo "no rule")"
tap_rule "rules: every named test is there" "$(without_test 2>&1)"
tap_done

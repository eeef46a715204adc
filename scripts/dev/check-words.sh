#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Words that may not be in the tree: unsafe calls, notes to self, and telephone
# numbers that could be somebody's. Examples are from 0900 000 xxx alone; a
# file of the number plan says "numbers-ok" in a comment.
. "$(dirname "$0")/tap.sh"

# The C sources with comments and the insides of strings blanked, as
# file:line:code.
code() {
	c_files | xargs -r awk '
	FNR == 1 { comment = 0 }
	{
		out = ""
		gsub(/\\./, "")
		gsub(/\047"\047/, "0")
		while ($0 != "") {
			if (comment) {
				if (!(i = index($0, "*/"))) break
				$0 = substr($0, i + 2)
				comment = 0
			} else if (match($0, /"[^"]*"|\/\*|\/\//)) {
				out = out substr($0, 1, RSTART - 1)
				token = substr($0, RSTART, RLENGTH)
				$0 = substr($0, RSTART + RLENGTH)
				if (token == "//") break
				if (token == "/*") comment = 1
				else out = out "\"\""
			} else {
				out = out $0
				break
			}
		}
		print FILENAME ":" FNR ":" out
	}' /dev/null
}
tap_rule "words: no unsafe calls" "$(code | grep -E \
    '\<(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|alloca|system|popen) *\(')"

notes='\<(TO''DO|FIX''ME|X''XX|HA''CK)\>'
tap_rule "words: no notes to self" \
    "$(text_files | xargs -r grep -nIE "$notes" /dev/null)"

# Mobile (9 digits) and fixed (2 and 9 more) numbers after 0, 84, +84 or 0084,
# with separators or without.
numbers='(^|[^0-9A-Za-z.])(\+?84|0084|0)[ .-]?([35789]([ .-]?[0-9]){8}|2([ .-]?[0-9]){9})($|[^0-9A-Za-z])'
example='^([+]?84|0084|0)900000[0-9][0-9][0-9]$'
tap_rule "words: no telephone numbers but examples" \
    "$(text_files | xargs -r grep -LI 'numbers-ok' /dev/null |
    xargs -r grep -noIE "$numbers" /dev/null | awk -v example="$example" '{
	number = $0
	sub(/^[^:]*:[0-9]*:/, "", number)
	gsub(/[^0-9+]/, "", number)
	if (number !~ example) print
    }')"
tap_done

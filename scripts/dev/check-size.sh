#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sizes that keep the code readable. A function is counted from its name to its
# closing brace; a header without comments and blank lines.
. "$(dirname "$0")/tap.sh"
MAX_FUNCTION=70 MAX_MAIN=120 MAX_PARAMETERS=5 MAX_FILE=700 MAX_HEADER=150

if ! ctags --version 2>/dev/null | grep -q Universal; then
	tap_skip "size" "universal-ctags is not installed"
	tap_done
	exit
fi

# One line a function: lines, parameters, file:line, name.
functions=$(c_files | ctags -L - --languages=C --langmap=C:.c.h --kinds-C=f \
    --fields=neS --output-format=u-ctags -f - 2>/dev/null |
    awk -F '\t' '!/^!_/ {
	for (i = 4; i <= NF; i++) {
		if ($i ~ /^line:/) line = substr($i, 6)
		if ($i ~ /^end:/) end = substr($i, 5)
		if ($i ~ /^signature:/) sig = substr($i, 11)
	}
	# Commas inside the brackets of a function pointer do not separate ours.
	inner = substr(sig, 2, length(sig) - 2)
	while (gsub(/\([^()]*\)/, "", inner)) ;
	n = inner ~ /^ *(void)? *$/ ? 0 : split(inner, part, ",")
	print end - line + 1, n, $2 ":" line, $1
    }')

tap_rule "size: no function over $MAX_FUNCTION lines" \
    "$(echo "$functions" | awk -v max=$MAX_FUNCTION \
	'$1 > max && $4 != "main" { print $3 ": " $4 " has " $1 " lines" }')"
tap_rule "size: no main() over $MAX_MAIN lines" \
    "$(echo "$functions" | awk -v max=$MAX_MAIN \
	'$1 > max && $4 == "main" { print $3 ": " $1 " lines" }')"
tap_rule "size: no function with over $MAX_PARAMETERS parameters" \
    "$(echo "$functions" | awk -v max=$MAX_PARAMETERS \
	'$2 > max { print $3 ": " $4 " has " $2 " parameters" }')"
tap_rule "size: no file over $MAX_FILE lines" \
    "$(c_files | xargs -r wc -l | awk -v max=$MAX_FILE \
	'$2 != "total" && $1 > max { print $2 ": " $1 " lines" }')"
tap_rule "size: no header over $MAX_HEADER lines of code" \
    "$(c_files | grep '\.h$' | while read -r h; do
	n=$(sed -e 's,/\*.*\*/,,' -e '/\/\*/,/\*\//d' "$h" | grep -c '[^[:space:]]')
	[ "$n" -le $MAX_HEADER ] || echo "$h: $n lines of code"
    done)"
echo "$functions" | sort -n | awk '$1 != "" { l[++n] = $1 } END {
	if (n) printf "# %d functions: median %d, p90 %d, longest %d lines\n",
	    n, l[int((n + 1) / 2)], l[int(n * 0.9 + 0.5)], l[n] }'
tap_done

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may include what: the libraries that have one home each, and the arrows
# between our own folders. Tests may include anything.
. "$(dirname "$0")/tap.sh"

# One line an #include of the product: file, line, <name> or "name".
includes=$(c_files lib daemon modem ctl sim | xargs -r grep -HnE \
    '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]' /dev/null |
    sed -E 's/^([^:]*):([0-9]+):[^<"]*([<"][^>"]*).*/\1 \2 \3/')

# library HEADERS HOME...: both are regular expressions.
library() {
	tap_rule "includes: $3" "$(echo "$includes" |
	    awk -v header="$1" -v home="$2" \
	    'substr($3, 2) ~ header && $1 !~ home { print $1 ":" $2 ": " substr($3, 2) }')"
}
library '^sqlite3' '^daemon/store/' 'SQLite is for daemon/store'
library '^sodium' '^(daemon/vault|ctl)/' 'libsodium is for daemon/vault and ctl'
library '^curl/' '^(daemon/forward|ctl)/' 'libcurl is for daemon/forward and ctl'
library '^event2/http' '^daemon/http/' 'evhttp is for daemon/http'
library '^(openssl/|event2/bufferevent_ssl)' '^daemon/http/' 'OpenSSL is for daemon/http'
library '^gammu' '^modem/' 'libgammu is for modem'

# Our own headers. A folder may always include itself; "daemon" stands for the
# files directly in it, and a file can be named. What a row does not name is
# forbidden. The content pack is read by intake and looked up by those who act.
arrows='
lib
daemon/store     lib
daemon/vault     lib
daemon/radio     lib daemon daemon/store daemon/vault
daemon/forward   lib daemon daemon/store daemon/vault
daemon/outbox    lib daemon daemon/store daemon/vault daemon/radio daemon/intake/content.h daemon/intake/lint.h
daemon/desk      lib daemon daemon/store daemon/vault daemon/outbox daemon/forward daemon/intake/content.h daemon/intake/workdays.h
daemon/outreach  lib daemon daemon/store daemon/vault daemon/outbox daemon/forward daemon/intake/content.h daemon/intake/lint.h daemon/intake/broadcast.h
daemon/watch     lib daemon daemon/store daemon/outbox daemon/radio
daemon/report    lib daemon daemon/store daemon/vault
daemon/intake    lib daemon daemon/store daemon/vault daemon/desk daemon/outreach daemon/outbox
daemon/http      *
daemon/main.c    *
daemon/radio_ops.c lib daemon daemon/radio_ops.h daemon/intake daemon/outbox daemon/radio daemon/watch
daemon/radio_ops.h lib daemon/radio
daemon/server.c  *
daemon           lib daemon/store daemon/vault
modem            lib
ctl              lib
sim              lib
'
tap_rule "includes: the arrows between the folders" "$(
    { echo "$arrows" | sed -n 's/^[a-z]/arrow &/p'; echo "$includes"; } | awk '
    function exists(path,  line, found) {
	found = (getline line < path) >= 0
	close(path)
	return found
    }
    # The file that an #include "name" in a file means, or "".
    function resolve(file, name,  path) {
	path = file
	sub(/[^\/]*$/, name, path)
	while (sub(/[^\/]+\/\.\.\//, "", path)) ;
	if (exists(path)) return path
	if (exists(name)) return name
	if (exists("daemon/" name)) return "daemon/" name
	return exists("lib/" name) ? "lib/" name : ""
    }
    function area(path) {
	if (path in may) return path
	return path ~ /^daemon\/[^\/]*\// ? substr(path, 1, match(path, /\/[^\/]*$/) - 1) : \
	    substr(path, 1, index(path, "/") - 1)
    }
    $1 == "arrow" {
	row = " "
	for (i = 3; i <= NF; i++) row = row $i " "
	may[$2] = row
	next
    }
    $3 ~ /^"/ {
	name = substr($3, 2)
	if (name == "config.h") next
	path = resolve($1, name)
	from = area($1)
	to = area(path)
	if (path == "") print $1 ":" $2 ": no such header: " name
	else if (!(from in may)) print $1 ": folder " from " has no row of arrows"
	else if (from != to && may[from] != " * " && !index(may[from], " " to " ") &&
		    !index(may[from], " " path " "))
		print $1 ":" $2 ": " from " may not include " path
    }')"
tap_done

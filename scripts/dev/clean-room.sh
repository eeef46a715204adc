#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Proves that a bare Debian 12 is enough: makes one in a temporary folder
# (debootstrap, minbase), puts a clone of this repository's HEAD into it, runs
# the command there (scripts/test when none is given) and removes all of it.
# Needs root, git and debootstrap. Changes that are not committed are not seen.
#
#   scripts/dev/clean-room.sh [-k] [COMMAND [ARGUMENT...]]
#   -k  keep the folder, and say where it is
#   MIRROR, when set, is where debootstrap gets the packages from.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
keep=no
[ "${1-}" = -k ] && keep=yes && shift
[ $# -gt 0 ] || set -- scripts/test
if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
	echo "clean-room: needs root and debootstrap" >&2
	exit 2
fi

room=$(mktemp -d "${TMPDIR:-/tmp}/clean-room.XXXXXX")
chmod 755 "$room"
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
	rm -f "$room.log"
	if [ "$keep" = yes ]; then
		echo "clean-room: kept in $room"
	else
		rm -rf --one-file-system "$room"
	fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

echo "clean-room: debootstrap in $room"
debootstrap --variant=minbase bookworm "$room" ${MIRROR:+"$MIRROR"} \
    >"$room.log" 2>&1 || { tail "$room.log" >&2; exit 1; }
git clone -q --no-hardlinks "$top" "$room/root/tincay"
cp /etc/resolv.conf "$room/etc/resolv.conf"

# In namespaces of its own: what is mounted or still runs there ends with it.
echo "clean-room: $*"
rc=0
# shellcheck disable=SC2016 # the inner shell expands
unshare --mount --pid --fork --kill-child sh -euc '
room=$1
shift
mount -t proc proc "$room/proc"
mount -t sysfs -o ro sysfs "$room/sys"
mount -t tmpfs -o mode=755 dev "$room/dev"
mkdir "$room/dev/pts" "$room/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$room/dev/pts"
mount -t tmpfs shm "$room/dev/shm"
ln -s pts/ptmx "$room/dev/ptmx"
ln -s /proc/self/fd "$room/dev/fd"
umask 0
for n in null:3 zero:5 full:7 random:8 urandom:9; do
	mknod -m 666 "$room/dev/${n%:*}" c 1 "${n#*:}"
done
mknod -m 666 "$room/dev/tty" c 5 0
umask 022
exec env -i HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    chroot "$room" sh -c "cd /root/tincay && exec \"\$@\"" sh "$@"
' sh "$room" "$@" || rc=$?
echo "clean-room: exit $rc"
exit $rc

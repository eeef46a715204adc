#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Search files, byte by byte, for a planted number and text in every form that
a program may leave them in (R21, R23).

  forensic.py --number +84900000123 --text "..." [--text ...] FILE|DIR...
  forensic.py --selftest

Prints file, offset and form of the first hit of each form in each file. Exit 0
when nothing is found, 1 when something is, 2 when a file cannot be searched.
Plant a number and texts that nothing else holds. A form of four bytes (32-bit
integer) is met by chance about once in 4 GiB of random bytes.
"""
import argparse
import base64
import bz2
import gzip
import lzma
import os
import random
import re
import sqlite3
import stat
import struct
import sys
import tempfile
import unicodedata
import urllib.parse
import zlib

CHUNK = 8 << 20
OVERLAP = 4096  # longer than any needle
TEXT_MIN = 8    # characters; shorter texts are met by chance
WINDOW = 16     # a longer text is searched in pieces of this many characters

GSM7 = ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")


def fold(text):
    """Without diacritics, as an old telephone would send it."""
    text = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", text)
                   if not unicodedata.combining(c))


def septets(text, shift):
    """The bytes of packed GSM-7 (3GPP 23.038 6.1.2.1) that are the same
    whatever stands before and behind, when the text starts at bit `shift`."""
    if any(c not in GSM7 for c in text):
        return b""
    bits = 0
    for i, c in enumerate(text):
        bits |= GSM7.index(c) << (shift + 7 * i)
    end = (shift + 7 * len(text)) // 8
    return bits.to_bytes(end + 2, "little")[1 if shift else 0:end]


def base64_middle(data, shift):
    """The letters of base64 that only depend on data, `shift` bytes in."""
    letters = base64.b64encode(bytes(shift) + data)
    first = (shift * 8 + 5) // 6
    return letters[first:(shift + len(data)) * 8 // 6]


def nibbles(digits, swapped):
    digits += "f" * (len(digits) % 2)
    if swapped:
        digits = "".join(digits[i + 1] + digits[i]
                         for i in range(0, len(digits), 2))
    return bytes.fromhex(digits)


def varint(n):
    """SQLite's: most significant group first (file format, 1.6)."""
    out = bytes([n & 0x7f])
    while n := n >> 7:
        out = bytes([0x80 | n & 0x7f]) + out
    return out


def spellings(text):
    """Yield (form, bytes) of a text in the encodings of characters."""
    yield "utf-8", text.encode()
    yield "utf-16le", text.encode("utf-16-le")
    yield "utf-16be", text.encode("utf-16-be")
    for shift in range(8):
        yield "gsm7", septets(text, shift)


def wrappings(form, data):
    """Yield (form, bytes) of bytes as they are, as hex and as base64."""
    yield form, data
    yield form + " hex", data.hex().encode()
    yield form + " HEX", data.hex().upper().encode()
    for shift in range(3):
        letters = base64_middle(data, shift)
        yield form + " base64", letters
        yield form + " base64url", (letters.replace(b"+", b"-")
                                    .replace(b"/", b"_"))


def number_needles(number):
    """number: canonical, +84 and nine digits."""
    international, bare = number[1:], number[3:]
    for form, data in spellings(bare):
        yield from wrappings("digits " + form, data)
    for digits in (international, "0" + bare, bare):
        yield from wrappings("swapped bcd", nibbles(digits, True))
        yield from wrappings("bcd", nibbles(digits, False))
    for n in (int(international), int(bare)):
        size = (n.bit_length() + 7) // 8  # also within wider integers
        yield "integer le", n.to_bytes(size, "little")
        yield "integer be", n.to_bytes(size, "big")
        yield "varint", varint(n)
        yield "double le", struct.pack("<d", n)
        yield "double be", struct.pack(">d", n)


def text_needles(text):
    variants = [text, unicodedata.normalize("NFC", text),
                unicodedata.normalize("NFD", text), fold(text),
                fold(text).lower(), fold(text).upper()]
    for variant in dict.fromkeys(variants):
        step = WINDOW // 2 if len(variant) > WINDOW else 1
        for i in range(0, max(1, len(variant) - WINDOW + 1), step):
            piece = variant[i:i + WINDOW]
            for form, data in spellings(piece):
                yield from wrappings("text " + form, data)
            escaped = "".join(c if c < "\x80" else "\\u%04x" % ord(c)
                              for c in piece)
            yield "text json", escaped.encode()
            yield "text url", urllib.parse.quote(piece).encode()
            yield "text url", urllib.parse.quote_plus(piece).encode()


def make_needles(number, texts):
    """[(form, finder)], each pattern once; the first form names it. A finder
    takes bytes and returns an offset or -1."""
    found = {}
    if number:
        for form, data in number_needles(number):
            found.setdefault(data, form)
    for text in texts:
        for form, data in text_needles(text):
            found.setdefault(data, form)
    needles = [(form, lambda hay, data=data: hay.find(data))
               for data, form in found.items() if len(data) >= 4]
    if number:
        gap = rb"[ .()-]{0,2}"
        pattern = re.compile(gap.join(b"%c" % c for c in number[3:].encode()))
        needles.append(("digits with gaps", lambda hay: m.start()
                        if (m := pattern.search(hay)) else -1))
    return needles


def open_search(path):
    """The file and, when it is compressed, also its content."""
    yield "", open(path, "rb")
    with open(path, "rb") as f:
        head = f.read(6)
    for magic, module in ((b"\x1f\x8b", gzip), (b"BZh", bz2),
                          (b"\xfd7zXZ\0", lzma)):
        if head.startswith(magic):
            yield " (unpacked)", module.open(path, "rb")


def search_stream(stream, needles):
    """Yield (form, offset), the first of each form."""
    base, tail, seen = 0, b"", set()
    while block := stream.read(CHUNK):
        data = tail + block
        for form, find in needles:
            if form not in seen and (at := find(data)) >= 0:
                seen.add(form)
                yield form, base + at
        tail = data[-OVERLAP:]
        base += len(data) - len(tail)


def search_file(path, needles):
    for note, stream in open_search(path):
        with stream:
            for form, offset in search_stream(stream, needles):
                yield form + note, offset


def walk(paths):
    """Regular files below paths; links are not followed."""
    for path in paths:
        if os.path.isdir(path):
            for folder, _, names in os.walk(path, onerror=raise_error):
                for name in sorted(names):
                    full = os.path.join(folder, name)
                    if stat.S_ISREG(os.lstat(full).st_mode):
                        yield full
        else:
            yield path


def raise_error(error):
    raise error


def search_paths(paths, needles):
    hits = files = 0
    for path in walk(paths):
        files += 1
        for form, offset in search_file(path, needles):
            hits += 1
            print(f"{path}: offset {offset}: {form}")
    print(f"{files} files, {len(needles)} patterns, {hits} hits",
          file=sys.stderr)
    return 1 if hits else 0


# --- Selftest: every form is planted by other code than the search uses. ---

PLANT_NUMBER = "+84900000123"
PLANT_TEXT = "Chồng tôi đánh, cứu tôi với, tôi ở nhà"
PLANT_ASCII = "xin goi lai sau 9 gio toi"


def plant_gsm7(text):
    """Octet by octet, as in the example of 3GPP 23.038."""
    codes = [ord(c) for c in text]  # letters, digits, blank: as in ASCII
    out, have, count = bytearray(), 0, 0
    for code in codes:
        have |= code << count
        count += 7
        while count >= 8:
            out.append(have & 0xff)
            have >>= 8
            count -= 8
    out.append(have)
    return bytes(out)


def plant_sqlite(path, encoding, value, rowid=None):
    """Without a rowid of its own the row is deleted again: it stays in the free
    space of the page. (A deleted rowid is overwritten by the free list.)"""
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA encoding='{encoding}'")
    db.execute("PRAGMA secure_delete=0")
    db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
    db.execute("INSERT INTO t VALUES (2, 'keeps the page')")
    db.execute("INSERT INTO t VALUES (?, ?)", (rowid or 1, value))
    db.commit()
    db.execute("DELETE FROM t WHERE id = 1")
    db.commit()
    db.close()
    with open(path, "rb") as f:
        return f.read()


def plants(folder):
    """Yield (form that must be reported, file content)."""
    n = PLANT_NUMBER
    yield "digits utf-8", b"to=+84900000123;"
    yield "digits utf-8", b"0900000123"
    yield "digits with gaps", b"0900 000 123"
    yield "digits with gaps", b"(+84) 900.000-123"
    yield "digits utf-16le", n.encode("utf-16")[2:]
    yield "digits utf-16be", ("\ufeff" + n).encode("utf-16-be")
    yield "digits utf-8 hex", b"2b3834393030303030313233"
    yield "digits utf-16be hex", b"0039003000300030003000300031003200330020"
    # the sender of an SMS-DELIVER: length 11, type 0x91
    yield "swapped bcd", bytes((11, 0x91, 0x48, 9, 0, 0, 0x21, 0xf3))
    yield "swapped bcd", bytes((10, 0x81, 0x90, 0, 0, 0x10, 0x32))
    yield "swapped bcd HEX", b"0B914809000021F30000"
    yield "swapped bcd hex", b"0a819000001032"
    yield "bcd", bytes((0x84, 0x90, 0x00, 0x00, 0x12, 0x3f))
    yield "bcd", bytes((0x09, 0x00, 0x00, 0x01, 0x23))
    yield "integer le", (84900000123).to_bytes(8, "little")
    yield "integer be", (84900000123).to_bytes(8, "big")
    yield "integer le", struct.pack("<I", 900000123)
    yield "integer be", struct.pack(">I", 900000123)
    yield "double be", struct.pack(">d", 84900000123.0)
    yield "double le", struct.pack("<d", 900000123.0)
    yield "integer be", plant_sqlite(folder + "/i", "UTF-8", 84900000123)
    yield "varint", plant_sqlite(folder + "/r", "UTF-8", "x", 84900000123)
    yield "varint", plant_sqlite(folder + "/s", "UTF-8", "x", 900000123)
    yield "double be", plant_sqlite(folder + "/d", "UTF-8", 84900000123.5 - .5)
    for before in (b"", b"a", b"ab"):
        yield "digits utf-8 base64", base64.b64encode(before + n.encode() +
                                                      b" and more")
    for before in range(8):
        yield "digits gsm7", plant_gsm7("a" * before + "0900000123" + "zz")
        yield "text gsm7", plant_gsm7("b" * before + PLANT_ASCII + "zz")
        yield "text gsm7", plant_gsm7("b" * before + "chong toi danh, cuu toi")
    yield "text utf-8", PLANT_TEXT.encode()
    yield "text utf-8", unicodedata.normalize("NFD", PLANT_TEXT).encode()
    yield "text utf-8", b"CHONG TOI DANH, CUU TOI VOI"
    yield "text utf-8", "cứu tôi với, tôi ở nhà".encode()
    yield "text utf-16le", plant_sqlite(folder + "/l", "UTF-16le", PLANT_TEXT)
    yield "text utf-16be", plant_sqlite(folder + "/b", "UTF-16be", PLANT_TEXT)
    yield "text utf-8", plant_sqlite(folder + "/u", "UTF-8", PLANT_TEXT)
    yield "text utf-16be HEX", PLANT_TEXT.encode("utf-16-be").hex() \
        .upper().encode()
    yield "text utf-8 hex", PLANT_TEXT.encode().hex().encode()
    for before in (b"", b"1", b"22"):
        yield "text utf-8 base64", base64.b64encode(before +
                                                    PLANT_ASCII.encode())
    yield "text utf-8 base64url", base64.urlsafe_b64encode(
        PLANT_TEXT.encode())
    yield "text json", b'"Ch\\u1ed3ng t\\u00f4i \\u0111\\u00e1nh, c\\u1ee9u"'
    yield "text url", b"q=xin+goi+lai+sau+9+gio+toi"
    yield "text utf-8 (unpacked)", gzip.compress(PLANT_TEXT.encode())
    yield "text utf-8 (unpacked)", bz2.compress(PLANT_TEXT.encode())
    yield "digits utf-8 (unpacked)", lzma.compress(n.encode() * 3)
    yield "digits utf-8", bytes(CHUNK - 3001 - 5) + n.encode()


def clean_files(folder):
    """What must not be reported."""
    yield b""
    yield b"to=...123 from=+84*****123 +84900000124 0900 000 12"
    yield "Chồng tôi, xin goi lai, cứu với".encode()
    yield random.Random(1).randbytes(1 << 20)
    yield plant_sqlite(folder + "/c", "UTF-8", 84900000124)


def selftest():
    needles = make_needles(PLANT_NUMBER, [PLANT_TEXT, PLANT_ASCII])
    noise = random.Random(2)
    count = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")

        def check(good, what):
            nonlocal count, failed
            count += 1
            failed += not good
            print("ok" if good else "not ok", count, "-", what)

        for form, data in plants(folder):
            raw = form.endswith("(unpacked)") or data.startswith(b"SQLite")
            with open(path, "wb") as f:
                f.write(data if raw else noise.randbytes(3001) + data +
                        noise.randbytes(3001))
            hits = dict(search_file(path, needles))
            good = form in hits and (raw or hits[form] >= 3001)
            check(good, f"{form} is found")
        for i, data in enumerate(clean_files(folder)):
            with open(path, "wb") as f:
                f.write(data)
            check(not dict(search_file(path, needles)), f"clean file {i}")
    print(f"1..{count}")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.
                                     RawDescriptionHelpFormatter)
    parser.add_argument("--number", help="+84 and nine digits")
    parser.add_argument("--text", action="append", default=[])
    parser.add_argument("--selftest", action="store_true")
    parser.add_argument("paths", nargs="*", metavar="FILE|DIR")
    args = parser.parse_args()
    if args.selftest:
        return selftest()
    if not args.paths or not (args.number or args.text):
        parser.error("give --number or --text, and what to search")
    if args.number and not re.fullmatch(r"\+84[0-9]{9}", args.number):
        parser.error("--number is +84 and nine digits")
    if any(len(text) < TEXT_MIN for text in args.text):
        parser.error(f"--text needs {TEXT_MIN} characters or more")
    try:
        return search_paths(args.paths, make_needles(args.number, args.text))
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        print(f"forensic.py: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: GPL-2.0-or-later
"""Raw SMS-DELIVER for what tincay-sim would not write by itself (3GPP 23.040
9.2.2.1), stamped 09:00 of the day of the scenarios."""

STAMP = "62300190000082"    # 2026-03-10 09:00:00 +07:00, digits swapped


def address(number):
    """TP-OA of a number in international form (9.1.2.5)."""
    digits = number.lstrip("+")
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[i + 1] + padded[i]
                      for i in range(0, len(padded), 2))
    return f"{len(digits):02X}91{swapped}"


def deliver(number, dcs, data, udh=b"", pid=0):
    """8-bit or UCS-2 data; udh with its length octet."""
    first = 0x44 if udh else 0x04
    body = udh + data
    return (f"{first:02X}{address(number)}{pid:02X}{dcs:02X}{STAMP}"
            f"{len(body):02X}{body.hex()}").upper()


def concat(total, seq, ref=7):
    """A header with the 8-bit concatenation element (9.2.3.24.1)."""
    return bytes([5, 0, 3, ref, total, seq])


def text_part(number, text, total, seq, ref=7):
    return deliver(number, 0x08, text.encode("utf-16-be"),
                   concat(total, seq, ref))

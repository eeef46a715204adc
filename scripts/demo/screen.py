# SPDX-License-Identifier: GPL-2.0-or-later
"""What the demo prints: one line an act, with the time of the commune, who
acts, and what he does. Colours only on a terminal and without NO_COLOR."""
import os
import shutil
import sys
import textwrap
import time

VILLAGER = "người dân"
SYSTEM = "hệ thống"
OFFICIAL = "cán bộ"

COLOURS = {VILLAGER: "33", SYSTEM: "36", OFFICIAL: "32"}
MARGIN = 21  # time, actor
WIDTH_MAX = 100
BEAT_S = 0.7  # to read a line by


class Screen:
    def __init__(self, clock, slow):
        self.clock = clock  # () -> "HH:MM:SS"
        self.terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self.colour = self.terminal and not os.environ.get("NO_COLOR")
        self.slow = slow and self.terminal
        self.has_bar = False  # somebody else draws on the last line

    def paint(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self.colour else text

    def write(self, text):
        """Lines, above a progress bar that may be there."""
        clear = "\r\033[K" if self.has_bar and self.terminal else ""
        sys.stdout.write(clear + text + "\n")
        sys.stdout.flush()

    def width(self):
        return min(shutil.get_terminal_size((80, 24)).columns, WIDTH_MAX)

    def wrap(self, text, quote=False):
        """Text in the column behind the margin, first line without it."""
        marks = "“”" if quote else ("", "")
        lines = textwrap.wrap(marks[0] + text + marks[1],
                              max(30, self.width() - MARGIN))
        return ("\n" + " " * MARGIN).join(lines)

    def say(self, who, text, quote=None):
        head = f"{self.clock()}  {self.paint(COLOURS[who], who)}"
        head += " " * (MARGIN - 10 - len(who))
        self.write(head + self.wrap(text))
        if quote is not None:
            self.write(" " * MARGIN +
                       self.paint("1", self.wrap(quote, quote=True)))
        self.beat()

    def scene(self, title):
        self.write("\n" + self.paint("1", f"── {self.clock()[:5]}  {title}"))
        self.beat()

    def beat(self):
        if self.slow:
            time.sleep(BEAT_S)

    def table(self, head, rows):
        rows = [head] + [[str(cell) for cell in row] for row in rows]
        widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
        for n, row in enumerate(rows):
            line = "  ".join(c.ljust(w) for c, w in zip(row, widths)).rstrip()
            self.write("  " + (self.paint("4", line) if n == 0 else line))


def phone(number):
    """+84900000101 as people write it: 0900 000 101."""
    digits = "0" + number[3:]
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"

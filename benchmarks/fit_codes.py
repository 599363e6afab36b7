"""Fits the codes of `src/pdf/deflate/code.rs` to the files that registrary makes.

    python benchmarks/fit_codes.py FILE.pdf …

Reads the tokens of every stream that was packed for one document, by kind, and prints the lengths of the best prefix
codes for them (package-merge, at most 15 bits, every symbol has one) as hexadecimal digits.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

LONGEST = 15
LENGTHS = [
    *range(3, 11),
    *(11 + 2 * i for i in range(4)),
    *(19 + 4 * i for i in range(4)),
    *(35 + 8 * i for i in range(4)),
]
LENGTHS += [*(67 + 16 * i for i in range(4)), *(131 + 32 * i for i in range(4)), 258]
ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
KINDS = {b"/ObjStm": "Structure", b"/EmbeddedFile": "Text"}


class Bits:
    def __init__(self, data: bytes) -> None:
        self.value, self.at = int.from_bytes(data, "little"), 0

    def take(self, count: int) -> int:
        taken = self.value >> self.at & ((1 << count) - 1)
        self.at += count
        return taken

    def symbol(self, code: dict[tuple[int, int], int]) -> int:
        bits = 0
        for length in range(1, LONGEST + 1):
            bits = bits << 1 | self.take(1)
            if (length, bits) in code:
                return code[length, bits]
        raise ValueError("no such code")


def canonical(lengths: list[int]) -> dict[tuple[int, int], int]:
    code, bits = {}, 0
    for length in range(1, LONGEST + 1):
        for symbol, own in enumerate(lengths):
            if own == length:
                code[length, bits] = symbol
                bits += 1
        bits <<= 1
    return code


def tables(bits: Bits) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    literals, distances, own = bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4
    first = [0] * 19
    for symbol in ORDER[:own]:
        first[symbol] = bits.take(3)
    code = canonical(first)
    lengths: list[int] = []
    while len(lengths) < literals + distances:
        match bits.symbol(code):
            case 16:
                lengths += lengths[-1:] * (3 + bits.take(2))
            case 17:
                lengths += [0] * (3 + bits.take(3))
            case 18:
                lengths += [0] * (11 + bits.take(7))
            case length:
                lengths.append(length)
    return canonical(lengths[:literals]), canonical(lengths[literals:])


def tokens(data: bytes) -> Iterator[tuple[int, int | None]]:
    """The symbols of a zlib stream with coded blocks: of bytes and lengths, and of the distance of each repeat."""
    bits, last = Bits(data[2:]), 0
    while not last:
        last, kind = bits.take(1), bits.take(2)
        if kind != 2:
            return
        literals, distances = tables(bits)
        while (symbol := bits.symbol(literals)) != 256:
            if symbol < 256:
                yield symbol, None
                continue
            bits.take(0 if symbol in range(257, 265) or symbol == 285 else (symbol - 261) // 4)
            distance = bits.symbol(distances)
            bits.take(max(0, distance // 2 - 1))
            yield symbol, distance
        yield 256, None


def lengths(counts: Counter[int], symbols: int) -> str:
    """Package-merge: each round pairs the packages so far and adds the symbols again."""
    single: list[tuple[int, tuple[int, ...]]] = sorted((counts[at] * 1000 + 1, (at,)) for at in range(symbols))
    row = single
    for _ in range(LONGEST - 1):
        pairs = [(a[0] + b[0], a[1] + b[1]) for a, b in zip(row[::2], row[1::2], strict=False)]
        row = sorted(single + pairs)
    used = Counter(symbol for _, package in row[: 2 * symbols - 2] for symbol in package)
    return "".join(f"{used[symbol]:x}" for symbol in range(symbols))


def main() -> None:
    seen: dict[str, tuple[Counter[int], Counter[int]]] = {}
    for name in sys.argv[1:]:
        data = Path(name).read_bytes()
        for found in re.finditer(rb"\n\d+ 0 obj\n(<<.*?)/Length (\d+)>>\nstream\n", data, re.DOTALL):
            head = found[1]
            if b"/FlateDecode" not in head or b"/Length1" in head or b"/N 3" in head:
                continue
            stream = data[found.end() : found.end() + int(found[2])]
            if stream[:2] == b"\x78\xda":
                continue  # Packed once, for the life of the process.
            kind = next((kind for word, kind in KINDS.items() if word in head), "Content")
            both = seen.setdefault(kind, (Counter(), Counter()))
            for symbol, distance in tokens(stream):
                both[0][symbol] += 1
                if distance is not None:
                    both[1][distance] += 1
    for kind, (symbols, distances) in sorted(seen.items()):
        print(f"{kind}\n  {lengths(symbols, 286)}\n  {lengths(distances, 30)}")


if __name__ == "__main__":
    main()

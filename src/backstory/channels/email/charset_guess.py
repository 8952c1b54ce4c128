"""Which charset bytes without a (true) label are in, told from how the letters of each script are distributed.

Meant for what mail holds: a subject of five characters as well as a page. Charsets are tried in this order:
marks in the bytes themselves (byte order mark, ISO 2022 escapes), the multi-byte charsets of East Asia, the
single-byte ones of other scripts, the Latin ones. Where nothing is sure the answer is "".
"""

from __future__ import annotations

import re
from collections.abc import Callable

SAMPLE = 20_000  # bytes looked at: enough to tell, and bounded in time
_ENOUGH = 0.75  # share of letters that must be typical of the script
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_WIDE_RUN = re.compile("[\x80-\U0010ffff]{2,}")
_BYTE_ORDER = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_ESCAPES = {
    b"\x1b$)C": "iso2022_kr",
    b"\x1b$B": "iso2022_jp_ext",
    b"\x1b$@": "iso2022_jp_ext",
    b"\x1b(J": "iso2022_jp_ext",
}
# The ten or so commonest letters of each script: half or more of any text, far less of one read wrongly.
_FREQUENT = {
    "cp1251": "оеаинтсрвлкдмпу",
    "koi8_r": "оеаинтсрвлкдмпу",
    "cp866": "оеаинтсрвлкдмпу",
    "iso8859_5": "оеаинтсрвлкдмпу",
    "cp1253": "αοιετσνηυρκπλίςάόέμ",
    "cp1255": "יוהלאתרבמנש",
    "cp1256": "اليمنترودبعسه",
    "cp874": "านรอกเงมยลวดท่้",
}
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_LATIN = ("cp1252", "iso8859_2", "cp1250", "cp1254", "cp1257")
_LETTERS_CP1252 = frozenset("äöüÄÖÜßàâçéèêëîïôûùÀÂÇÉÈÊáíóúñÁÍÓÚÑãõåæøÅÆØœ’‘“”–…€«»°§´")


def guess(data: bytes) -> str:
    """Python's codec for `data`, which is neither ASCII without escapes nor UTF-8, or "" where it cannot be told."""
    for mark, codec in _BYTE_ORDER.items():
        if data.startswith(mark):
            return codec
    sample = data[:SAMPLE]
    for escape, codec in _ESCAPES.items():
        if escape in sample:
            return codec
    runs = [len(run) for run in _HIGH_RUN.findall(sample)]
    if not runs:
        return ""
    return (
        _east_asian(sample) or (_other_script(sample) if sum(runs) / len(runs) >= 2.5 else "") or _latin(sample, runs)
    )


def _decoded(data: bytes, codec: str) -> str | None:
    """`data` as text, or None where it cannot be in that charset; the cut end of a sample is forgiven."""
    cut = (1, 2, 3) if len(data) == SAMPLE else ()
    for end in (len(data), *(len(data) - one for one in cut)):
        try:
            return data[:end].decode(codec)
        except UnicodeDecodeError as error:
            if error.start < len(data) - 4:
                return None
    return None


def _share(letters: str, is_typical: Callable[[str], bool]) -> float:
    return sum(map(is_typical, letters)) / len(letters) if letters else 0.0


def _is_kana(letter: str) -> bool:
    return "\u3040" <= letter <= "\u30ff"


def _is_hangul(letter: str) -> bool:
    return "\uac00" <= letter <= "\ud7a3"


def _is_common_in(codec: str, first: int, last: int) -> Callable[[str], bool]:
    """Whether a letter is among the commoner half of a charset's ideographs, which come first, or its punctuation."""

    def is_common(letter: str) -> bool:
        if "\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uff65" or letter in "“”‘’…—·":
            return True
        encoded = letter.encode(codec, "replace")
        common = first <= encoded[0] <= last and (codec != "gb18030" or encoded[-1] >= 0xA1)
        return common and "\u4e00" <= letter <= "\u9fff"

    return is_common


def _east_asian(data: bytes) -> str:
    found: dict[str, float] = {}
    for codec in ("cp932", "euc_jp", "cp949", "gb18030", "big5hkscs"):
        text = _decoded(data, codec)
        letters = "".join(one for one in text or "" if one > "\x7f")
        together = sum(len(run) for run in _WIDE_RUN.findall(text or ""))
        if len(letters) >= 2 and together >= 0.6 * len(letters):  # ideographs stand together, accents alone
            found[codec] = _typical(codec, letters)
    best = max(found, key=lambda codec: found[codec], default="")
    return best if best and found[best] >= _ENOUGH else ""


def _typical(codec: str, letters: str) -> float:
    """How much of the text is what one would write in that charset, 0 to about 1."""
    if codec in {"cp932", "euc_jp"}:
        half_width = _share(letters, lambda letter: "\uff61" <= letter <= "\uff9f")
        ideographs = _share(letters, lambda letter: "\u4e00" <= letter <= "\u9fff" or "\u3000" <= letter <= "\u303f")
        kana = _share(letters, _is_kana)
        return (kana + ideographs + 0.2 if kana >= 0.15 else 0.5 * ideographs) - 2 * half_width
    if codec == "cp949":
        rare = _share(letters, lambda letter: _is_hangul(letter) and letter.encode("cp949")[1] < 0xA1)
        return _share(letters, _is_hangul) - 2 * rare + (0.05 if len(letters) > 3 else -0.05)
    if codec == "gb18030":
        return _share(letters, _is_common_in("gb18030", 0xB0, 0xD7))
    return _share(letters, _is_common_in("big5hkscs", 0xA4, 0xC6)) - 0.02


def _other_script(data: bytes) -> str:
    found: dict[str, float] = {}
    for codec, frequent in _FREQUENT.items():
        text = _decoded(data, codec)
        letters = "".join(one for one in text or "" if one > "\x7f" and not one.isspace())
        if letters:
            upper = _share(letters, str.isupper)
            found[codec] = _share(letters.lower(), set(frequent).__contains__) - (upper if upper > 0.4 else 0)
    best = max(found, key=lambda codec: found[codec], default="")
    return best if best and found[best] >= 0.5 else ""


def _latin(data: bytes, runs: list[int]) -> str:
    """The Latin charset in which the fewest signs stand inside words; the Western one where they tie."""
    if sum(runs) / len(runs) >= 3:
        return ""
    odd = {codec: _oddities(text) for codec in _LATIN if (text := data.decode(codec, "replace"))}
    best = min(odd, key=lambda codec: odd[codec])
    return "cp1252" if odd["cp1252"] <= odd[best] or _is_western(data) else best


def _is_western(data: bytes) -> bool:
    letters = [one for one in data.decode("cp1252", "replace") if one > "\x7f"]
    return all(one in _LETTERS_CP1252 for one in letters)


def _oddities(text: str) -> int:
    """Signs between letters, letters in capitals behind small ones, and bytes the charset does not have."""
    odd = text.count("\ufffd")
    for match in _BEYOND_ASCII.finditer(text, 1, max(1, len(text) - 1)):
        at = match.start()
        before, letter, after = text[at - 1], text[at], text[at + 1]
        if before.isalpha() or after.isalpha():
            odd += not letter.isalpha() and letter not in "’‘“”…–—«»\u00a0"
            odd += letter.isupper() and before.islower()
    return odd

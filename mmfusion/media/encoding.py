"""The encoding of a text file, from its bytes alone."""

import codecs
import re
import unicodedata

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
LEGACY = {  # what Python decodes by: its name, and how much a detector's word for it weighs
    "big5hkscs": ("Big5", 1.0),
    "cp932": ("Shift-JIS", 1.0),
    "cp949": ("EUC-KR", 1.0),
    "cp1250": ("Windows-1250", 0.8),  # most of its letters are those of Windows-1252
    "cp1251": ("Windows-1251", 1.0),
    "cp1252": ("Windows-1252", 1.0),
    "cp1253": ("Windows-1253", 1.0),
    "cp1254": ("Windows-1254", 0.8),
    "euc_jp": ("EUC-JP", 0.5),  # its bytes are those of GB2312
    "gb18030": ("GB18030", 1.0),
    "koi8-r": ("KOI8-R", 0.5),
}
NAMES = {name: label for name, (label, _) in LEGACY.items()} | {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-16-le": "UTF-16",
}
ALIASES = {"euc_jis_2004": "euc_jp", "shift_jis_2004": "cp932"}
CANDIDATES = (*(LEGACY.keys() - ALIASES.values()), *ALIASES, "cp932")
SAMPLE_BYTES = 1 << 16
HIGH, ZEROS = bytes(range(9)), 10  # high bytes of alphabets in UTF-16, at least one byte of so many
FEW, FEWEST = 8, 2  # foreign bytes that a detector guesses wildly from, and that tell nothing
WESTERN = re.compile(  # words with accents, none of them foreign letters alone, and punctuation
    r"(?:(?:(?<![^\W\d_])[àÀéÉêÊôÔ](?![^\W\d_])"
    r"|(?<=[a-zA-Z])[à-ïñ-öø-üßœ]{1,2}|[À-ÏÑ-ÖØ-Üà-ïñ-öø-üŒœ]{1,2}(?=[a-zA-Z]))"
    r"|[\x00-\x7f“”‘’„–—…€£°§«»¿¡·©®½\xa0])*"  # noqa: RUF001
)
FOREIGN = re.compile(r"[^\x00-\x7f]+")
KANAS, KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]"), 5  # one foreign byte in so many
STRAY = re.compile("[\udc80-\udcff]+")  # bytes that are no UTF-8
LONE = re.compile("(?<![\udc80-\udcff])[\udc80-\udcff](?![\udc80-\udcff])")
SPACES = "\t\n\v\f\r\x1a"  # the last one ends files of DOS
ALPHABETS = ("CYRILLIC", "GREEK")  # a word of theirs has no letter of another


def encoding_of(raw: bytes) -> str | None:
    """The encoding of a text by its byte order mark, its zeros, as UTF-8, or by a detector.

    Args:
        raw: bytes, the text or its beginning.

    Returns:
        str, a name that `bytes.decode` takes, `"utf-8-sig"` where it is UTF-8, if need be with
        some broken characters; `None` where too little is foreign in it to tell.

    Example:

    >>> encoding_of("着火了".encode("gb2312")), encoding_of(b"fire")
    ('gb18030', 'utf-8-sig')
    """
    for mark, encoding in MARKS.items():
        if raw.startswith(mark):
            return encoding
    text = raw.decode("utf-8", errors="replace")
    broken, foreign = text.count("\ufffd"), sum(map(len, FOREIGN.findall(text)))
    first, second = (len(half) - len(half.translate(None, HIGH)) for half in (raw[::2], raw[1::2]))
    if b"\0" in raw and (broken or first + second > len(raw) // ZEROS):
        encoding = "utf-16-le" if second >= first else "utf-16-be"
        if _is_text(raw[: min(len(raw), SAMPLE_BYTES) // 2 * 2], encoding):
            return encoding
    if foreign >= 3 * broken:
        return "utf-8-sig"
    return _legacy(_sample(raw))


def decode(raw: bytes) -> tuple[str, str | None]:
    """Decodes a text, whatever its encoding.

    Args:
        raw: bytes.

    Returns:
        Tuple of str, in which bytes that mean nothing are U+FFFD, and what `encoding_of` returns;
        where that is `None` the text was read as Windows-1252, as are lone bytes within UTF-8.
    """
    encoding = encoding_of(raw)
    if encoding != "utf-8-sig":
        return raw.decode(encoding or "cp1252", errors="replace"), encoding
    text = LONE.sub(_western, raw.decode(encoding, errors="surrogateescape"))
    return STRAY.sub("\ufffd", text), encoding


def _western(match):
    """A byte that stands alone in UTF-8, as quotes that were pasted into it."""
    return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", errors="replace")


def _sample(raw):
    """The first lines with foreign characters."""
    lines = (line for line in raw.splitlines() if not line.isascii())
    sample, size = [], 0
    for line in lines:
        sample.append(line)
        size += len(line)
        if size > SAMPLE_BYTES:
            break
    return b"\n".join(sample)


def _legacy(sample):
    """The likeliest encoding in which the sample is a text."""
    foreign = sum(byte > 0x7F for byte in sample)
    if foreign <= FEW and WESTERN.fullmatch(sample.decode("cp1252", errors="replace")):
        return "cp1252"
    if foreign <= FEWEST:
        return None
    if KANA * len(KANAS.findall(sample.decode("cp932", errors="replace"))) > foreign:
        return "cp932"  # which the detector misses where kana are all there is
    import chardet

    found = chardet.detect_all(
        sample,
        ignore_threshold=True,
        include_encodings=CANDIDATES,
        compat_names=False,
    )
    weights = {}
    for each in found:
        name = ALIASES.get(str(each["encoding"]), str(each["encoding"]))
        if name in LEGACY:  # it finds archives and images as well
            weights.setdefault(name, each["confidence"] * LEGACY[name][1])
    ranked = sorted(weights, key=lambda name: -weights[name])
    return next((name for name in ranked if _is_text(sample, name)), None)


def _is_text(raw, encoding):
    """Whether the bytes are characters that text is made of, alphabets unmixed within a word."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    before = None
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cn", "Co") and character not in SPACES:
            return False
        alphabet = unicodedata.name(character, "?").split()[0] if character.isalpha() else None
        if alphabet != before and {alphabet, before} & set(ALPHABETS) and alphabet and before:
            return False
        before = alphabet
    return True

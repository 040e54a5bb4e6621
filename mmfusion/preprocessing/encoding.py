"""Text out of bytes of any encoding, and text that was once decoded wrongly."""

# ruff: noqa: RUF002 - characters that look like others are meant

import codecs
import re

import ftfy

RUN = re.compile(rb"[\x80-\xff]{2,}")
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decode_text(raw: bytes) -> str:
    """Decodes bytes, whatever they hold.

    A byte order mark is believed; then UTF-8 is tried, then GB18030 where foreign bytes stand
    together as in Chinese, and last Windows-1252, where they stand alone.

    Args:
        raw: bytes.

    Returns:
        str. Bytes that mean nothing become U+FFFD.

    Example:

    >>> decode_text(b"caf\\xe9"), decode_text("着火了".encode("gb18030"))
    ('café', '着火了')
    """
    for mark, encoding in MARKS.items():
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        foreign = sum(byte > 0x7F for byte in raw)
        together = sum(map(len, RUN.findall(raw)))
        return raw.decode("gb18030" if 2 * together > foreign else "cp1252", errors="replace")


def mend_mojibake(text: str) -> str:
    """Undoes wrong decodings (`â€™` for `’`), entities, control characters and lone surrogates.

    Args:
        text: str.

    Returns:
        str, in Unicode's form NFC and with straight quotes; it can always be encoded.

    Example:

    >>> mend_mojibake("Itâ€™s cafÃ©")
    "It's café"
    """
    return ftfy.fix_text(text)

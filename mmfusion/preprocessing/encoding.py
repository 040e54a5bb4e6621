"""Text out of bytes of any encoding, and text that was once decoded wrongly."""

# ruff: noqa: RUF002 - characters that look like others are meant

import ftfy

from mmfusion.media.encoding import decode


def decode_text(raw: bytes) -> str:
    """Decodes bytes, whatever they hold.

    A byte order mark is believed; then UTF-16 and UTF-8 are tried, and then a detector is asked.
    Where too little is foreign to tell, it is taken for Windows-1252.

    Args:
        raw: bytes.

    Returns:
        str. Bytes that mean nothing become U+FFFD.

    Example:

    >>> decode_text(b"caf\\xe9"), decode_text("着火了".encode("gb18030"))
    ('café', '着火了')
    """
    return decode(raw)[0]


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

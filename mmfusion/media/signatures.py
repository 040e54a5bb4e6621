"""The name of a format that is not read, by the first bytes of a file."""

from __future__ import annotations

HEAD_BYTES = 512
START_CODES = (b"\0\0\0\1", b"\0\0\1")
SIGNATURES = (  # where the bytes stand, the bytes, and whose they are
    (0, b"#EXTM3U", "a playlist (HLS)"),
    (0, b"ffconcat", "a playlist (concat)"),
    (0, b"v=0", "a session description (SDP)"),
    (0, b"rtsptext", "a link to another file"),
    (0, b"\xff\xd8\xff", "still images (JPEG)"),
    (0, b"\x89PNG", "still images (PNG)"),
    (0, b"BM", "a still image (BMP)"),
    (0, b"II*\0", "a still image (TIFF)"),
    (0, b"MM\0*", "a still image (TIFF)"),
    (8, b"WEBP", "a still image (WebP)"),
    (0, b"\x06\x0e\x2b\x34", "MXF"),
    (0, b"\x1f\x07\0", "raw DV"),
    (0, b"YUV4MPEG2", "raw video (Y4M)"),
    (0, b"nut/multimedia", "NUT"),
    (0, b".RMF", "RealMedia"),
    (0, b"\xb7\xd8\0\x20", "WTV"),
    (0, b"FWS", "Flash (SWF)"),
    (0, b"CWS", "Flash (SWF)"),
    (0, b"Creative Voice", "VOC"),
    (0, b"TTA1", "True Audio"),
    (0, b"wvpk", "WavPack"),
    (0, b"MAC ", "Monkey's Audio"),
    (0, b"DSD ", "DSF"),
    (0, b"\x7f\xfe\x80\x01", "raw DTS"),
    (0, b"BBCD", "raw Dirac"),
    (0, b"\x12\0\x0a", "raw AV1"),
    (0, b".SoX", "SoX"),
    (0, b"FILM", "Sega FILM"),
    (0, b"MThd", "MIDI"),
    (0, b"%PDF", "PDF"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
)
UNITS = {  # of raw streams: what stands after the first start code
    "raw H.264": b"\x06\x09\x25\x27\x45\x47\x65\x67",
    "raw HEVC": b"\x40\x42\x44\x46\x4e",
    "raw MPEG-4": b"\x00\x01\xb0\xb5",
    "raw MPEG video": b"\xb3",
}


def name_format(head: bytes) -> str:
    """Names a format by the first bytes of a file, "a format that is not known" if need be.

    Args:
        head: bytes, the first `HEAD_BYTES` or fewer.

    Example:

    >>> name_format(b"#EXTM3U\\n")
    'a playlist (HLS)'
    """
    for at, mark, name in SIGNATURES:
        if head[at : at + len(mark)] == mark:
            return name
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<?xml", b"<mpd", b"<!doctype", b"<html", b"<svg")):
        return "a playlist (DASH)" if b"<mpd" in text else "a page or a document of markup"
    for code in START_CODES:
        if head.startswith(code) and len(head) > len(code):
            first = head[len(code)]
            return next((name for name, firsts in UNITS.items() if first in firsts), "a raw stream")
    return "a format that is not known"

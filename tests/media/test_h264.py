import av
import pytest

from mmfusion.media.h264 import is_entry, is_reference, length_bytes

IDR, SLICE, LONE = 0x65, 0x41, 0x01  # `nal_ref_idc` and type: whole, referred to, not referred to
EXACT, GRADUAL, VERSION = b"\x06\x06\x01\xc4\x80", b"\x06\x06\x01\x24\x80", b"\x06\x05\x01\xff\x80"


def packet(*units):
    return av.Packet(b"".join(len(unit).to_bytes(4, "big") + unit for unit in units))


def test_length_of_units():
    assert length_bytes(None) == length_bytes(b"") == length_bytes(b"\0\0\0\1\x67\x64") == 0
    assert length_bytes(b"\x01\x64\x00\x0a\xff\xe1") == 4
    assert length_bytes(b"\x01\x64\x00\x0a\xfd\xe1") == 2


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ([bytes([SLICE, 1])], False),
        ([bytes([IDR, 1])], True),
        ([EXACT, bytes([SLICE, 1])], True),  # an open group
        ([GRADUAL, bytes([SLICE, 1])], False),  # an intra refresh begins
        ([VERSION, EXACT, bytes([SLICE, 1])], True),
        ([VERSION[:-1] + EXACT[1:], bytes([SLICE, 1])], True),  # two messages in one unit
        ([VERSION, bytes([IDR, 1])], True),
    ],
)
def test_where_decoding_can_start(units, expected):
    assert is_entry(packet(*units), 4) == expected
    with_codes = av.Packet(b"".join(b"\0\0\1" + unit for unit in units))
    assert is_entry(with_codes, 0) == expected


def test_what_others_refer_to():
    assert is_reference(packet(bytes([IDR, 1])), 4)
    assert is_reference(packet(VERSION, bytes([SLICE, 1])), 4)
    assert not is_reference(packet(VERSION, bytes([LONE, 1])), 4)
    assert is_reference(packet(VERSION), 4)  # no slice: better decoded

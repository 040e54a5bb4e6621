# ruff: noqa: RUF001 - characters that look like others are meant
import numpy as np
import pytest

from mmfusion.media.encoding import NAMES, decode, encoding_of

SPOKEN = {  # Python's codec by a text in the language it was made for
    "big5": "你怎麼在這裡？\n我在等你。快點，我們要遲到了！",
    "cp1250": "Kam jdeš?\nDo školy, příteli. Pospěš si, přijdeme pozdě!",
    "cp1251": "Куда ты идёшь?\nВ школу. Быстрее, опоздаем!",
    "cp1252": "Où vas-tu ?\nÀ l’école, ça va être très bien.",
    "cp1253": "Πού πας;\nΣτο σχολείο.",
    "cp1254": "Nereye gidiyorsun?\nOkula, arkadaşım. Çabuk ol, geç kalıyoruz!",
    "cp932": "どこへ行くの？\n学校へ行きます。",
    "euc_jp": "どこへ行くの？\n学校へ行きます。急いで",
    "euc_kr": "어디 가세요?\n학교에 가요. 빨리 가자!",
    "gb2312": "你怎么在这里？\n我在等你。快点，我们要迟到了！",
    "gb18030": "着火了，快跑 €",
    "koi8_r": "Куда ты идёшь?\nВ школу.",
    "shift_jis": "カメラを止めるな",
    "utf-16": "Куда 你好",
    "utf-16-be": "fire\n着火了",
    "utf-16-le": "fire\n着火了",
    "utf-8": "café 着火了",
    "utf-8-sig": "café 着火了",
}


@pytest.mark.parametrize("codec", SPOKEN)
def test_what_was_written_is_read(codec):
    text = SPOKEN[codec]
    assert decode(text.encode(codec))[0] == text
    assert encoding_of(text.encode(codec)) in NAMES


@pytest.mark.parametrize(
    "text", ["ありがとうございます", "おはようございます。", "ドアをしめて", "テスト"]
)
def test_kana_alone(text):
    assert decode(text.encode("shift_jis"))[0] == text


@pytest.mark.parametrize("codec", ["gb2312", "big5", "shift_jis", "cp1251", "utf-16-le"])
@pytest.mark.parametrize("line", range(1, 4))
def test_few_words_among_much_latin(codec, line):
    words = SPOKEN[codec].split("\n")[0]
    text = "1\n00:00:01,000 --> 00:00:02,000\nfire\n\n" * line + words
    assert decode(text.encode(codec))[0] == text


@pytest.mark.parametrize(("raw", "text"), [(b"", ""), (b"a", "a"), (b"caf\xe9", "café")])
def test_little_and_nothing(raw, text):
    assert decode(raw)[0] == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["fire", "Куда\n你好", "Πού\n", "你好\n世界\n"])
def test_utf16_without_a_mark(codec, text):
    assert decode(text.encode(codec)) == (text, codec)


def test_a_zero_among_utf8_is_no_utf16():
    assert decode(b"id,video\n1,a\0.mp4\n") == ("id,video\n1,a\0.mp4\n", "utf-8-sig")


def test_too_little_to_tell():
    assert decode(b"\x81\xfe") == ("\ufffdþ", None)


def test_utf8_with_a_broken_character_stays_utf8():
    raw = "着火了，快跑".encode()
    assert decode(raw[:-1] + b"\n") == ("着火了，快\ufffd\n", "utf-8-sig")


def test_windows_quotes_pasted_into_utf8():
    raw = "été 着火了 ".encode() + b"it\x92s caf\xe9"
    assert decode(raw) == ("été 着火了 it’s café", "utf-8-sig")


@pytest.mark.parametrize("seed", range(20))
def test_no_bytes_crash(seed):
    raw = np.random.default_rng(seed).integers(0, 256, 300, dtype="uint8").tobytes()
    text, encoding = decode(raw)
    assert isinstance(text, str)
    assert encoding is None or encoding in NAMES

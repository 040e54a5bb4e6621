"""What may not be opened is refused with its kind, without a hang, a socket or another file."""

import io
import os
import socket
import sys
import zipfile

import av
import numpy as np
import pytest

from mmfusion.media.container import open_container
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits


def kind_of(path, limits=Limits()):  # noqa: B008
    with pytest.raises(DecodeError) as caught, open_container(path, limits):
        pass
    assert caught.value.path == str(path)
    return caught.value.kind


def jpeg():
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="image2pipe") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def zip_bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(10_000_000))
    return buffer.getvalue()


def png_bomb():
    """The head of a PNG that claims 60000x60000 pixels."""
    size = (60_000).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + size + b"\x08\x02\0\0\0" + bytes(64)


CONTENT = {
    "one byte": b"\0",
    "text": b"This is not a video.\n" * 200,
    "html": b"<html><body>404 Not Found</body></html>",
    "zeros": bytes(100_000),
    "noise": np.random.default_rng(0).bytes(100_000),
    "jpeg": jpeg(),
    "png bomb": png_bomb(),
    "zip bomb": zip_bomb(),
    "ftyp only": b"\0\0\0\x18ftypisom\0\0\2\0isomiso2",
}


@pytest.mark.parametrize("name", CONTENT)
def test_what_is_no_media(tmp_path, name):
    path = tmp_path / "clip.mp4"
    path.write_bytes(CONTENT[name])
    assert kind_of(path) in ("forbidden", "not_media", "no_streams")


def test_empty(tmp_path):
    (tmp_path / "clip.mp4").touch()
    assert kind_of(tmp_path / "clip.mp4") == "empty"


def test_what_is_no_file(tmp_path):
    assert kind_of(tmp_path / "missing.mp4") == "missing"
    assert kind_of(tmp_path) == "not_a_file"
    os.mkfifo(tmp_path / "fifo.mp4")
    assert kind_of(tmp_path / "fifo.mp4") == "not_a_file"
    (tmp_path / "loop.mp4").symlink_to(tmp_path / "loop.mp4")
    assert kind_of(tmp_path / "loop.mp4") == "not_a_file"
    assert kind_of("/dev/zero") == "not_a_file"
    assert kind_of(str(tmp_path / "nul\0.mp4")) == "not_a_file"


def test_too_many_bytes(tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", [0])
    assert kind_of(path, Limits(file_bytes=path.stat().st_size - 1)) == "limit_bytes"


@pytest.mark.parametrize("prefix", ["concat:", "subfile,,start,0,end,0,,:", "http://127.0.0.1/"])
def test_a_name_is_never_a_url(prefix, tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", [0])
    assert kind_of(f"{prefix}{path}") == "missing"


def disguises(target, port):
    """Playlists, and other formats that lead elsewhere, by name."""
    url = f"http://127.0.0.1:{port}/x.ts"
    hls = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{}\n#EXT-X-ENDLIST\n"
    sdp = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {} RTP/AVP 96\n"
    return {
        "hls to a file": hls.format(target),
        "hls to a url": hls.format(url),
        "concat": f"ffconcat version 1.0\nfile '{target}'\n",
        "sdp": sdp.format(port) + "a=rtpmap:96 H264/90000\n",
        "dash": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">'
        f"<Period><AdaptationSet><Representation><BaseURL>{url}</BaseURL></Representation>"
        "</AdaptationSet></Period></MPD>",
        "rtsp text": f"rtsptextrtsp://127.0.0.1:{port}/x\n",
    }


@pytest.mark.parametrize("name", disguises("", 0))
def test_a_disguise_opens_no_socket_and_no_other_file(tmp_path, write_media, name):
    target = write_media(tmp_path / "target.ts", range(0, 1000, 40))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        path = tmp_path / "clip.mp4"
        path.write_text(disguises(target, server.getsockname()[1])[name])
        os.utime(target, (0, 0))
        assert kind_of(path) in ("forbidden", "not_media")
        with pytest.raises(TimeoutError):
            server.accept()
    assert target.stat().st_atime == 0  # was never read


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
def test_nothing_stays_open(tmp_path, write_media):
    good, bad = write_media(tmp_path / "a.mp4", [0]), tmp_path / "b.mp4"
    bad.write_bytes(b"nothing")
    before = os.listdir("/proc/self/fd")
    for _ in range(3):
        with open_container(good, Limits()):
            pass
        kind_of(bad)
    assert len(os.listdir("/proc/self/fd")) == len(before)

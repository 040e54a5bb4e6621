"""The only room that touches codecs: probe, decode, captions, write, each within limits."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "audio": ["Sound", "read_audio"],
        "errors": ["DecodeError"],
        "limits": ["Limits"],
        "probe": ["MediaInfo", "probe"],
        "reader": ["Media", "read_media"],
        "sandbox": ["sandboxed_map"],
        "subtitles": ["Word", "read_captions"],
        "video": ["Frames", "read_frames", "read_video"],
        "write": ["write_audio", "write_video"],
    },
)

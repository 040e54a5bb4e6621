"""The only room that touches codecs: probe, decode, captions, write, each within limits."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    audio=["Sound", "read_audio"],
    errors=["DecodeError"],
    keyframes=["keyframe_times"],
    limits=["Limits"],
    probe=["MediaInfo", "probe"],
    reader=["Media", "read_media"],
    resampling=["resample_sound"],
    sandbox=["sandboxed_map"],
    subtitles=["Word", "read_captions"],
    video=["Frames", "read_frames", "read_video"],
    write=["write_audio", "write_video"],
)

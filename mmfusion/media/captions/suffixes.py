"""What the names of caption files end in."""

CAPTION_SUFFIXES = (
    ".align",
    ".ass",
    ".ctm",
    ".dfxp",
    ".json",
    ".lrc",
    ".sbv",
    ".srt",
    ".ssa",
    ".textgrid",
    ".ttml",
    ".txt",
    ".vtt",
)

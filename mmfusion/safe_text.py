"""Names and reasons that others wrote, as text that is safe in a log line, an error or Markdown."""

import html
import re

CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
USER = re.compile(r"(//[^:/?#\s]*):\S*@")  # to the last @: a password may hold any other
QUERY = re.compile(r"([?&](?:password|passwd|pwd|token|secret|api_?key)=)[^&\s'\"]*", re.IGNORECASE)
MARKS = re.compile(r"([\\`*\[\]|~]|(?<!\w)_|_(?!\w))")  # `a_b` is no emphasis
HIDDEN = "***"


def safe_text(text: object) -> str:
    r"""Text in one line without control characters, and without the passwords of URLs.

    Args:
        text: What is shown, as a name, a path or an error.

    Returns:
        str; what moves a cursor, ends a line or turns its direction is escaped.

    Example:

    >>> print(safe_text("clip\n\x1b[31m at rtsp://me:secret@camera/1"))
    clip\n\x1b[31m at rtsp://me:***@camera/1
    """
    text = CONTROL.sub(lambda found: ascii(found[0])[1:-1], str(text))
    return QUERY.sub(rf"\1{HIDDEN}", USER.sub(rf"\1:{HIDDEN}@", text))


def markdown_text(text: object) -> str:
    r"""Text that Markdown shows as it is, in a table as well.

    Example:

    >>> print(markdown_text("a|b <i>"))
    a\|b &lt;i&gt;
    """
    return MARKS.sub(r"\\\1", html.escape(safe_text(text), quote=False))


def markdown_code(text: object) -> str:
    """Text as a code span of Markdown, whatever backticks it holds.

    Example:

    >>> markdown_code("a`b")
    '``a`b``'
    """
    text = safe_text(text)
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text[:1] in ("", "`") or text[-1:] == "`" else ""
    return f"{fence}{space}{text}{space}{fence}"

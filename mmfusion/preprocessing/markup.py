"""Text without its HTML."""

import html
import re
from html.parser import HTMLParser

UNSEEN = {"noscript", "script", "style", "template", "title"}
BLOCKS = {"br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "pre"}
BLOCKS |= {"article", "blockquote", "footer", "header", "section", "table", "td", "th", "tr"}
TAG = re.compile(r"<[^<>]*>?")
MOST_OPEN = 100  # tags that never end, each of which sends the parser through all the rest


def strip_markup(text: str) -> str:
    """Keeps what a reader of the page would see.

    Args:
        text: str, HTML or plain.

    Returns:
        str. Tags and comments are gone, entities are characters, blocks stand apart by a space.

    Example:

    >>> strip_markup("<p>Fire &amp; <b>smo</b>ke</p><script>x = 1</script><p>Run</p>")
    'Fire & smoke Run'
    """
    if "<" not in text:
        return html.unescape(text)
    is_broken = text.count("<") > text.count(">") + MOST_OPEN
    seen = html.unescape(TAG.sub(" ", text)) if is_broken else _read_page(text)
    return re.sub(r"[ \t]+", " ", seen).strip()


def _read_page(text):
    page = _Page()
    try:
        page.feed(text)
        page.close()
    except AssertionError:  # the parser's word for a declaration that it cannot read
        return html.unescape(TAG.sub(" ", text))
    return "".join(page.seen)


class _Page(HTMLParser):
    """Collects the pieces of a page that are seen."""

    def __init__(self):
        super().__init__()
        self.seen = []
        self.unseen = 0  # how many tags deep

    def handle_starttag(self, tag, attributes):
        self.unseen += tag in UNSEEN
        self._part(tag)

    def handle_endtag(self, tag):
        self.unseen -= tag in UNSEEN and self.unseen > 0
        self._part(tag)

    def handle_startendtag(self, tag, attributes):
        self._part(tag)

    def handle_data(self, data):
        if not self.unseen:
            self.seen.append(data)

    def _part(self, tag):
        if tag in BLOCKS:
            self.seen.append(" ")

"""Text without its HTML."""

import html
import re
from html.parser import HTMLParser

HIDDEN = {"noscript", "script", "style", "template", "title"}
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
    text_of_page = html.unescape(TAG.sub(" ", text)) if is_broken else _read_page(text)
    return re.sub(r"[ \t]+", " ", text_of_page).strip()


def _read_page(text):
    page = _Page()
    try:
        page.feed(text)
        page.close()
    except AssertionError:  # the parser's word for a declaration that it cannot read
        return html.unescape(TAG.sub(" ", text))
    return "".join(page.visible)


class _Page(HTMLParser):
    """Collects the parts of a page that are visible."""

    def __init__(self):
        super().__init__()
        self.visible = []
        self.hidden = 0  # how many tags deep

    def handle_starttag(self, tag, attributes):
        self.hidden += tag in HIDDEN
        self._part(tag)

    def handle_endtag(self, tag):
        self.hidden -= tag in HIDDEN and self.hidden > 0
        self._part(tag)

    def handle_startendtag(self, tag, attributes):
        self._part(tag)

    def handle_data(self, data):
        if not self.hidden:
            self.visible.append(data)

    def _part(self, tag):
        if tag in BLOCKS:
            self.visible.append(" ")

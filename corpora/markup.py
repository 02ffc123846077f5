"""The text in HTML: the whole body, every block on a line of its own, entities decoded, scripts and styles left out."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

_CONTAINER = (
    r"address|article|aside|blockquote|center|div|dl|fieldset|footer|form|h[1-6]|header|main|nav|ol|section|table|ul"
)
_BLOCK = re.compile(rf"(?i)</?(?:{_CONTAINER}|br|dd|dt|hr|li|p|pre|tbody|tr)\b|(?P<cell><t[dh])\b")
_OPENED = re.compile(rf"(?i)<(?:{_CONTAINER})\b")
_CLOSED = re.compile(rf"(?i)</(?:{_CONTAINER})\b")
_TAG = re.compile(
    r"(?i)<!doctype\s+html|</?(?:html|head|body|title|meta|div|p|pre|br|span|font|table|tbody|tr|td|li|b|strong|center|h[1-6])"
    r"(?:\s[^<>]*)?/?>|<a\s[^<>]*>"
)
_ENTITY = re.compile(r"&(?:nbsp|ensp|emsp|ldquo|rdquo|lsquo|rsquo|mdash|hellip|middot|times|quot|#\d+|#x[\da-fA-F]+);")
# A parser compares each new container with all that are open: 100,000 of them take 15 seconds. No page nests so deep.
_MAX_DEPTH = 2000


class MarkupError(ValueError):
    """Markup that is not parsed."""


def is_html(text: str) -> bool:
    """Whether a text is HTML: it has a tag, or an entity such as ``&nbsp;``.

    >>> is_html("判决如下：<br/>被告人柳青禾犯盗窃罪"), is_html("血醇＜80mg/100ml，a<b")
    (True, False)
    """
    return bool(_TAG.search(text) or _ENTITY.search(text))


def text_of_html(html: str) -> str:
    """The text of a page or of a piece of one.

    White space of the source counts as one space, as a browser shows it, unless blocks alone do not make the lines
    (no block at all, or ``<pre>``). No-break and full-width spaces stay.

    Raises:
        MarkupError: containers are nested more than 2,000 deep.

    >>> text_of_html("<div>刑 事\\n判决书</div><p>被告人&nbsp;柳青禾<script>1</script>，男。")
    '刑 事 判决书\\n被告人\\xa0柳青禾，男。'
    """
    if len(_OPENED.findall(html)) - len(_CLOSED.findall(html)) > _MAX_DEPTH:
        raise MarkupError(f"more than {_MAX_DEPTH} containers are never closed")
    blocks = _BLOCK.search(html)
    if blocks and "<pre" not in html.lower():
        html = re.sub(r"[ \t\r\n\f]+", " ", html)
    # In HTML a line break between two blocks is as good as none, and in a tag it never stands: it marks the block.
    tree = LexborHTMLParser(_BLOCK.sub(lambda tag: (" " if tag["cell"] else "\n") + tag[0], html))
    tree.strip_tags(["script", "style", "noscript", "template"])
    text = tree.body.text(deep=True, separator="") if tree.body else ""
    return re.sub(r" *\n[ \n]*", "\n", text).strip(" \n") if blocks else text

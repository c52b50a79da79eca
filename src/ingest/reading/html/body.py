"""From scored blocks to paragraphs with kinds, and to what is kept apart from them.

The model says what belongs to the story; what a piece is follows from the elements around it and
from the words of many languages that announce it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ingest.reading.html.blocks import Blocks
from ingest.reading.html.lists import keep_lists_whole
from ingest.reading.html.markup import Floats, code_of
from ingest.reading.html.markup_words import Vocabulary
from ingest.reading.text.captions import read_caption
from ingest.reading.text.labels import LABELS, MAX_LABEL_CHARS, Label, fold
from ingest.words.nouns import Caption, Cut, CutKind, Paragraph, ParagraphKind

# A block is of the story from this share of the page's best score on. On pages of other hosts .5 to
# .6 differ by .0005.
THRESHOLD = 0.55
# Below this the model sees no story at all.
_FAINT = 0.05
# A page that hides this share of its story shows it by a script. One that hides less has a second
# copy of it, for machines or for money.
_MOSTLY_HIDDEN = 0.75
# Captions, related headlines, cuts: more than this is a list of something else.
MAX_ITEMS = 500


# What an element, or one that it stands in, says that it is: a bit for each.
_CAPTION, _COMMENT, _WIDGET, _MENU, _FOOTER, _LIST, _QUOTE, _HIDDEN = (1 << bit for bit in range(8))
_PLACES = {
    word: place
    for place, words in {
        _CAPTION: "<figcaption caption bildunterschrift",
        _COMMENT: "comment comments disqus respond",
        _WIDGET: "share sharing social newsletter subscribe promo ad ads advert",
        _MENU: "<nav <header nav menu navigation breadcrumb breadcrumbs",
        _FOOTER: "<footer footer",
        _LIST: "<li <dt <dd",
        _QUOTE: "<blockquote",
        _HIDDEN: "<hidden",
    }.items()
    for word in words.split()
}
_PLACE_WORDS, _PLACE_BITS = Vocabulary(list(_PLACES)), list(_PLACES.values())
_HEADINGS = frozenset(map(code_of, ("h1", "h2", "h3", "h4", "h5", "h6")))
_CELLS = frozenset(map(code_of, ("td", "th", "caption")))
_BOLD = frozenset(map(code_of, ("b", "strong")))
# A caption is a few sentences; what is longer is a story in an element of that name.
_CAPTION_CHARS = 600
_RELATED_CHARS = 20
_SUBHEAD_CHARS = 120
# A sentence that is shown in large letters beside the paragraph that it is taken from.
_PULLED = re.compile('["“„”«»‘「『][^\n]{20,300}["“”«»’」』]')
_QUOTES = tuple('"“”„«»‘「『')
_PULLED_LETTERS = 15
_NO_LETTER = re.compile(r"[\W_]+")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟:][\"'”»)\]]*$")
# How a note on a mistake begins, behind signs, and what may stand before what it says.
_CORRECTED = (
    "correction", "corrections", "clarification", "editors note", "editor's note", "editors' note",
    "editor’s note", "editors’ note", "korrektur", "berichtigung", "richtigstellung",
    "rectification", "rectificatif", "erratum", "correctif", "correccion", "corrección",
    "fe de erratas", "rectificacion", "rectificación", "correzione", "errata corrige", "correcao",
    "correcão", "correçao", "correção", "errata", "rectificatie", "correctie", "rättelse",
    "rattelse", "rettelse", "oikaisu", "sprostowanie", "oprava", "helyesbites", "helyesbítes",
    "helyesbités", "helyesbítés", "исправление", "уточнение", "поправка", "виправлення",
    "düzeltme", "duzeltme", "تصحيح", "تنويه", "اصلاحیه", "תיקון", "訂正", "更正", "정정",
)  # fmt: skip
_CORRECTION = re.compile(rf"(?:{'|'.join(_CORRECTED)})\b ?[^:.]{{0,40}}[:.]")
_SIGNS = " !\"#'()*+,-./:;<=>[]_|~«»„“”‘’‚•·●■▪–—…►▶→※【】〔〕（）［］「」"
_LONGEST_CORRECTION = 80
_APART = {
    Label.RELATED: CutKind.RELATED,
    Label.WIDGET: CutKind.WIDGET,
    Label.COMMENT: CutKind.COMMENT,
    Label.FOOTER: CutKind.BOILERPLATE,
    Label.NAVIGATION: CutKind.NAVIGATION,
    Label.TAGS: CutKind.METADATA,
    Label.BYLINE: CutKind.METADATA,
    Label.PUBLISHED: CutKind.METADATA,
    Label.MODIFIED: CutKind.METADATA,
}


@dataclass(slots=True)
class Body:
    """The story of a page in order, what stood around it, and the blocks that the story is of."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    related_headlines: list[str] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)


def build_body(blocks: Blocks, scores: Floats, titles: Sequence[str]) -> Body:
    """Return the story among `blocks`, of which `scores` say how likely each is part of it."""
    body = Body()
    headlines = {fold(title) for title in titles}
    places = _places(blocks)
    kept = _choose(blocks, scores, places)
    names, inner_names = blocks.names(), blocks.inner_names()
    for block, text in enumerate(blocks.texts):
        if kept[block] and (body.paragraphs or fold(text) not in headlines):
            body.blocks.append(block)
            is_followed = block + 1 < len(kept) and kept[block + 1]
            is_bold = is_followed and inner_names[block] in _BOLD
            kind = _kind(text, names[block], places[block], is_bold=is_bold)
            for line in text.split("\n"):
                correction = kind is ParagraphKind.BODY and _is_correction(line)
                body.paragraphs.append(
                    Paragraph(ParagraphKind.CORRECTION if correction else kind, line)
                )
        else:
            _put_apart(body, text, places[block], blocks.link_chars[block])
    return body


def _is_correction(line: str) -> bool:
    """Return whether `line` is a note on a mistake in the story."""
    start = line[:_LONGEST_CORRECTION].lower().lstrip(_SIGNS)
    return start.startswith(_CORRECTED) and _CORRECTION.match(start) is not None


def _choose(blocks: Blocks, scores: Floats, places: list[int]) -> list[bool]:
    """Return which blocks are of the story.

    Where the model is sure of nothing, its best guesses are; what the page hides is not, unless it
    hides most of its story until a script runs.
    """
    best = float(scores.max(initial=0))
    threshold = THRESHOLD * best if best >= _FAINT else THRESHOLD
    kept: list[bool] = [
        use and not (place & _CAPTION and len(text) < _CAPTION_CHARS)
        for use, place, text in zip(
            (scores >= threshold).tolist(), places, blocks.texts, strict=True
        )
    ]
    keep_lists_whole(blocks, kept)
    _drop_pull_quotes(blocks, kept)
    if not any(place & _HIDDEN for place in places):
        return kept
    chars = [0, 0]
    is_hidden = [bool(place & _HIDDEN) for place in places]
    for text, use, hidden in zip(blocks.texts, kept, is_hidden, strict=True):
        chars[hidden] += use * len(text)
    if chars[True] > _MOSTLY_HIDDEN * sum(chars):
        return kept
    return [use and not hidden for use, hidden in zip(kept, is_hidden, strict=True)]


def _drop_pull_quotes(blocks: Blocks, kept: list[bool]) -> None:
    """Unmark in `kept` what is quoted by itself and stands in a longer paragraph of the story."""
    texts = [text if use else "" for text, use in zip(blocks.texts, kept, strict=True)]
    quoted = [
        place
        for place, text in enumerate(texts)
        if text.startswith(_QUOTES) and _PULLED.fullmatch(text)
    ]
    if not quoted:
        return
    letters = [_NO_LETTER.sub("", text.casefold()) for text in texts]
    for place in quoted:
        pulled = letters[place]
        if len(pulled) >= _PULLED_LETTERS:
            kept[place] = not any(pulled in text and pulled != text for text in letters)


def _places(blocks: Blocks) -> list[int]:
    """Return for each block what all that it stands in says, but the page's body."""
    places = [0] * len(blocks.parents)
    found = _PLACE_WORDS.find(blocks.words.codes)
    known = np.flatnonzero((found >= 0) & (blocks.words.owners < len(places)))
    for element, word in zip(
        blocks.words.owners[known].tolist(), found[known].tolist(), strict=True
    ):
        places[element] |= _PLACE_BITS[word]
    if places:
        places[0] = 0
    for element, parent in enumerate(blocks.parents.tolist()):
        places[element] |= places[parent]
    return [places[element] for element in blocks.elements.tolist()]


def _kind(text: str, name: int, place: int, *, is_bold: bool) -> ParagraphKind:
    if name in _HEADINGS:
        return ParagraphKind.SUBHEAD
    if place & _LIST:
        return ParagraphKind.LIST
    if place & _QUOTE:
        return ParagraphKind.QUOTE
    if name in _CELLS and len(text) < _SUBHEAD_CHARS:
        return ParagraphKind.TABLE
    if is_bold and len(text) < _SUBHEAD_CHARS and not _SENTENCE_END.search(text):
        return ParagraphKind.SUBHEAD
    return ParagraphKind.BODY


def _put_apart(body: Body, text: str, place: int, link_chars: int) -> None:
    link_share = link_chars / len(text)
    text = text.replace("\n", " ")
    if place & _CAPTION:
        caption = read_caption(text) or Caption(text)
        if caption not in body.captions and len(body.captions) < MAX_ITEMS:
            body.captions.append(caption)
        return
    kind = _cut_kind(text, place, link_share)
    if kind is CutKind.RELATED and text not in body.related_headlines:
        if len(body.related_headlines) < MAX_ITEMS:
            body.related_headlines.append(text)
    elif len(body.cuts) < MAX_ITEMS:
        body.cuts.append(Cut(kind, text))


def _cut_kind(text: str, place: int, link_share: float) -> CutKind:  # noqa: PLR0911 (one kind a return)
    if place & _COMMENT:
        return CutKind.COMMENT
    if len(text) <= MAX_LABEL_CHARS and (label := LABELS.get(fold(text))):
        return CutKind.WIDGET if label is Label.RELATED else _APART[label]
    if place & _MENU:
        return CutKind.NAVIGATION
    if place & _FOOTER:
        return CutKind.BOILERPLATE
    if place & _WIDGET:
        return CutKind.WIDGET
    if link_share > 0.7 and len(text) >= _RELATED_CHARS:  # noqa: PLR2004 (all of it but a time or a label)
        return CutKind.RELATED
    return CutKind.NAVIGATION if link_share > 0.5 else CutKind.BOILERPLATE  # noqa: PLR2004 (more link than text)

"""Pages made to hurt a reader, each with what must come of it; run as a program, it reads them.

The program reads the pages one after the other in a process that has little memory, and prints a
line for each: what came of it, or nothing where the process died.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterator

STORY = "".join(
    f"<p>The council of Vellmar voted on Tuesday to repair bridge number {n} before winter comes, "
    "after a debate of four hours in which nobody mentioned what it would cost.</p>"
    for n in range(1, 9)
)
ARTICLE = "article"

Page = Callable[[], bytes]
MEMORY_BYTES = 2 << 30


def whole(body: str, head: str = "<title>The bridges of Vellmar</title>") -> bytes:
    html = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return html.encode("utf-8", "surrogatepass")


def around_story(before: str, after: str = "", head: str = "") -> bytes:
    return whole(f"{before}<article><h1>The bridges of Vellmar</h1>{STORY}</article>{after}", head)


def linked_data(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def numbered(form: str, count: int) -> str:
    return "".join(form % n for n in range(count))


# What each page is, and what comes of it: an article, or the reason why not. Where the browser's
# rules leave open whether a story remains, both are named.
PAGES: dict[str, tuple[str, Page]] = {
    # -- too much of something
    "fifty megabytes of text": ("too_large", lambda: whole("<p>" + "word " * 10_000_000)),
    "fifty megabytes of nothing": ("empty too_large", lambda: b" " * 50_000_000),
    "a million elements deep": ("too_large", lambda: around_story("<div>" * 1_000_000)),
    "a million elements deep, closed": (
        "too_large",
        lambda: around_story("<div>" * 1_000_000, "</div>" * 1_000_000),
    ),
    "fifteen thousand elements deep": (
        ARTICLE,
        lambda: around_story("<div>" * 15_000, "</div>" * 15_000),
    ),
    "lists fifteen thousand deep": ("too_large", lambda: around_story("<ul><li>" * 15_000)),
    "nine megabytes in one attribute": (
        ARTICLE,
        lambda: around_story(f'<div data-x="{"x" * 9_000_000}"></div>'),
    ),
    "a million attributes": (
        "too_large",
        lambda: around_story(f"<div {numbered('a%d ', 1_000_000)}></div>"),
    ),
    "a million attributes with values": (
        "too_large",
        lambda: around_story(f"<div {numbered('a%d=1 ', 1_000_000)}></div>"),
    ),
    "attributes given again to the body": (
        "too_large",
        lambda: around_story(numbered("<body a%d=1>", 50_000)),
    ),
    "three hundred thousand paragraphs": ("too_large", lambda: whole("<p>word</p>" * 300_000)),
    "fifteen thousand paragraphs": (
        "article no_text not_an_article",
        lambda: whole("<p>A word or two.</p>" * 15_000),
    ),
    "two million line breaks": ("too_large", lambda: around_story("<br>" * 2_000_000)),
    "thousands of line breaks": (ARTICLE, lambda: around_story("<br>" * 8_000)),
    "a table of a million cells": (
        "too_large",
        lambda: around_story(f"<table>{'<tr>' + '<td>1</td>' * 1000}</table>" * 1000),
    ),
    "a table of ten thousand cells": (
        ARTICLE,
        lambda: around_story("", f"<table>{('<tr>' + '<td>1</td>' * 100) * 100}</table>"),
    ),
    "a title of five megabytes": (
        ARTICLE,
        lambda: around_story("", head=f"<title>{'word ' * 1_000_000}</title>"),
    ),
    "a heading of five megabytes": (
        "article no_text",
        lambda: whole(f"<h1>{'word ' * 1_000_000}</h1>{STORY}"),
    ),
    "a word of five megabytes": (
        "article no_text",
        lambda: whole(f"<p>{'x' * 5_000_000}</p>{STORY}"),
    ),
    "ten thousand links in a paragraph": (
        "article not_an_article",
        lambda: around_story("<p>" + numbered('<a href="/%d">word</a> ', 10_000) + "</p>"),
    ),
    "a thousand metas of a kilobyte": (
        ARTICLE,
        lambda: around_story(
            "", head=f'<meta name="author" content="{"Jane Doe, " * 100}">' * 1000
        ),
    ),
    "five thousand times": (
        ARTICLE,
        lambda: around_story("", numbered('<time datetime="2024-01-01T00:00:%d">x</time>', 5_000)),
    ),
    "five thousand classes on one element": (
        ARTICLE,
        lambda: around_story(f'<div class="{numbered("class-%d ", 5_000)}"></div>'),
    ),
    "nine thousand names of elements": (
        ARTICLE,
        lambda: around_story(numbered("<x%d>word ", 9_000)),
    ),
    # -- formatting that must be opened again
    "bold and italic, closed the wrong way round": (
        "article no_text not_an_article",
        lambda: around_story("<b><i><p>word</b></i>" * 7_000),
    ),
    "formatting left open in a thousand paragraphs": (
        "too_large",
        lambda: around_story(numbered("<b id=a%d><i><p>word", 3_000)),
    ),
    "fonts left open in six hundred paragraphs": (
        "article no_text not_an_article",
        lambda: whole(numbered("<p><font color=c%d>A word or two.", 600) + STORY),
    ),
    "formatting left open behind comments": (
        "too_large",
        lambda: around_story(numbered("<b id=a%d><!--</b>--><p>word", 3_000)),
    ),
    "a hundred thousand links in each other": (
        "too_large",
        lambda: around_story("<a href=x>" * 100_000),
    ),
    "nine thousand links in each other": (
        "article not_an_article",
        lambda: around_story("<a href=x>" * 9_000),
    ),
    "text that must leave its table": (
        "article no_text not_an_article",
        lambda: whole("<table>" + "<tr>word <b>" * 4_000 + STORY),
    ),
    "forms, buttons and choices in each other": (
        "article no_text not_an_article",
        lambda: around_story("<form><button><select><option>" * 2_000),
    ),
    # -- never closed
    "a comment never closed": ("no_text", lambda: whole("<!-- " + STORY)),
    "a thousand comments of dashes": (
        ARTICLE,
        lambda: around_story("<!--->" + "<!-- - -- -->" * 9_000),
    ),
    "a quote never closed": ("no_text article", lambda: whole('<a href="' + STORY)),
    "a thousand quotes never closed": (
        "no_text article",
        lambda: whole('<a href="x>' * 9_001 + STORY),
    ),
    "a script never closed": ("no_text", lambda: whole("<script>" + STORY)),
    "an end tag never closed": (
        "no_text article",
        lambda: whole("<script></script" + " x" * 40_000),
    ),
    "a title never closed": ("no_text", lambda: b"<title>" + STORY.encode()),
    "a text field never closed": ("no_text article", lambda: whole("<textarea>" + STORY)),
    "plain text to the end": ("no_text article", lambda: whole("<plaintext>" + STORY)),
    # -- where another document seems to begin or end
    "a script that ends the page": (
        ARTICLE,
        lambda: around_story('<script>var end = "</body></html>";</script>'),
    ),
    "a script within a comment within a script": (
        "article no_text",
        lambda: around_story("<script><!--<script></script>--></script>"),
    ),
    "a story behind the end of the page": (
        ARTICLE,
        lambda: b"<html><body></body></html>" + STORY.encode(),
    ),
    "frames": (
        "no_text",
        lambda: b"<html><frameset><frame src=a><frame src=b></frameset></html>",
    ),
    "frames with a word to those without": (
        "no_text article",
        lambda: b"<frameset><frame src=a><noframes>" + STORY.encode() + b"</noframes></frameset>",
    ),
    "ten thousand frames": ("too_large", lambda: b"<frameset>" + b"<frame src=x>" * 10_001),
    "a page within a page": (
        ARTICLE,
        lambda: around_story(f"<iframe srcdoc='{'<p>word</p>' * 100}'></iframe>"),
    ),
    "two pages in one": (ARTICLE, lambda: around_story("") * 2),
    # -- nothing to be seen
    "no byte": ("empty", lambda: b""),
    "one bracket": ("no_text", lambda: b"<"),
    "a document type": ("no_text", lambda: b"<!DOCTYPE html>"),
    "an empty body": ("no_text", lambda: whole("")),
    "a template": ("no_text", lambda: whole(f"<template>{STORY}</template>")),
    "ten thousand templates in each other": (
        "no_text",
        lambda: whole("<template>" * 10_000 + "</template>" * 10_000),
    ),
    "a word to those without scripts": (
        "no_text article",
        lambda: whole(f"<noscript>{STORY}</noscript>"),
    ),
    "drawings only": ("no_text", lambda: whole("<svg><text>word</text></svg>" * 1_000)),
    "a drawing nine thousand deep": (ARTICLE, lambda: around_story("", "<svg>" + "<g>" * 9_000)),
    # -- not the letters that it says
    "bytes of no encoding": (
        "article binary",
        lambda: around_story("").replace(b"bridge", b"\xff\xfe\xc0br\xa0idge"),
    ),
    "bytes that are no text": ("binary", lambda: bytes(range(256)) * 400),
    "zeros between letters": (
        "article binary",
        lambda: around_story("").replace(b"bridge", b"b\0r\0idge"),
    ),
    "zeros only": ("binary empty", lambda: bytes(100_000)),
    "half a pair of surrogates": (ARTICLE, lambda: around_story("<p>\ud800 \udfff</p>")),
    "sixteen bits, declared as eight": (
        "article binary",
        lambda: around_story("", head='<meta charset="utf-8">').decode().encode("utf-16-le"),
    ),
    "declared as sixteen bits": (
        ARTICLE,
        lambda: around_story("", head='<meta charset="utf-16">'),
    ),
    "declared as what does not exist": (
        ARTICLE,
        lambda: around_story("", head='<meta charset="unicode_escape">'),
    ),
    "declared three times": (
        ARTICLE,
        lambda: around_story(
            "", head='<meta charset="gbk"><meta charset="koi8-r"><meta charset="x">'
        ),
    ),
    "every control character": (
        "article binary",
        lambda: around_story("".join(map(chr, range(1, 32)))),
    ),
    "marks of order in every word": (
        ARTICLE,
        lambda: around_story("").replace(b"bridge", "\ufeffbr\u200bid\u202ege".encode()),
    ),
    # -- names of letters
    "a million ampersands": (ARTICLE, lambda: around_story("<!-- -->" + "&" * 1_000_000)),
    "entities in entities": (
        ARTICLE,
        lambda: b'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + STORY.encode(),
    ),
    "numbers of no letter": (ARTICLE, lambda: around_story("&#0;&#xFFFFFFFF;&#xD800;" * 9_000)),
    # -- what is stated for machines
    "linked data of five megabytes": (
        ARTICLE,
        lambda: around_story(
            "", head=linked_data('{"@type":"NewsArticle","headline":"' + "x" * 5_000_000 + '"}')
        ),
    ),
    "linked data a hundred thousand deep": (
        ARTICLE,
        lambda: around_story("", head=linked_data("[" * 100_000 + "]" * 100_000)),
    ),
    "linked data a thousand deep": (
        ARTICLE,
        lambda: around_story("", head=linked_data('{"@graph":[' * 900 + "]}" * 900)),
    ),
    "linked data that names itself": (
        ARTICLE,
        lambda: around_story(
            "",
            head=linked_data(
                '{"@graph":[{"@id":"a","@type":"NewsArticle","author":{"@id":"a"},"mainEntity":{"@id":"a"}}]}'
            ),
        ),
    ),
    "linked data of a hundred thousand things": (
        ARTICLE,
        lambda: around_story(
            "", head=linked_data("[" + '{"@type":"NewsArticle"},' * 100_000 + "{}]")
        ),
    ),
    "linked data of the wrong kinds": (
        ARTICLE,
        lambda: around_story(
            "",
            head=linked_data(
                '{"@type":["NewsArticle",7,null],"headline":{"a":1},"author":[[["x"]],7,{"name":[1]}],'
                '"datePublished":20240101,"keywords":{"a":[]},"isAccessibleForFree":"perhaps",'
                '"articleBody":[1,2],"image":{"url":{"url":5}}}'
            ),
        ),
    ),
    "numbers of a hundred thousand digits": (
        ARTICLE,
        lambda: around_story(
            "", head=linked_data('{"@type":"NewsArticle","wordCount":' + "9" * 100_000 + "}")
        ),
    ),
    "a date of a megabyte": (
        ARTICLE,
        lambda: around_story(
            "", head=f'<meta property="article:published_time" content="{"2024-01-01T" * 90_000}">'
        ),
    ),
    "an address of a megabyte": (
        ARTICLE,
        lambda: around_story(
            "", head=f'<link rel="canonical" href="https://a.example/{"a-" * 500_000}">'
        ),
    ),
    "addresses that are none": (
        ARTICLE,
        lambda: around_story(
            "",
            "<a href='http://[x'>word</a>",
            '<link rel="canonical" href="http://[::1"><base href="//[">',
        ),
    ),
}


def read_pages(names: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield for each page its name, what came of it, and a word on it."""
    from ingest.reading.extraction import read  # noqa: PLC0415 (within the limits of the process)
    from ingest.words.nouns import Article, Document, DocumentKind  # noqa: PLC0415
    from ingest.work.time_limit import read_in_time  # noqa: PLC0415

    for name in names:
        document = Document(1, "/pages/hostile.html", DocumentKind.HTML, PAGES[name][1]())
        reading = read_in_time(lambda document=document: read(document), or_die=True)  # type: ignore[misc]
        if isinstance(reading, Article):
            yield name, ARTICLE, f"{len(reading.paragraphs)} paragraphs"
        else:
            yield name, reading.reason.value, reading.detail


def main(names: list[str]) -> None:
    """Read the pages `names`, all if there are none, with little memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for line in read_pages(names or list(PAGES)):
        print(json.dumps(line), flush=True)  # noqa: T201 (this is what the parent reads)


if __name__ == "__main__":
    main(sys.argv[1:])

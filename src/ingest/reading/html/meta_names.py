"""The names under which pages state a thing in their metas, the most trusted first; lower case."""

# ruff: noqa: E501 (tables)
from __future__ import annotations

TITLE = ("parsely-title", "sailthru.title", "dc.title", "dcterms.title", "cxenseparse:title", "title", "headline", "citation_title")  # fmt: skip
DECK = ("og:description", "twitter:description", "description", "dc.description")
SECTION = ("article:section", "og:article:section", "parsely-section", "section", "sailthru.section", "cxenseparse:section", "category", "articlesection")  # fmt: skip
TAGS = ("news_keywords", "keywords", "parsely-tags", "sailthru.tags")
AUTHOR = (
    "author", "article:author", "parsely-author", "sailthru.author", "cxenseparse:author", "dc.creator", "dcterms.creator", "byl", "byline",
    "article:author_name", "og:article:author", "article.author", "citation_author", "creator", "dc.contributor",
)  # fmt: skip
# A card says two or so things, each behind a label: who wrote it, or how long it takes to read.
CARD = tuple((f"twitter:label{number}", f"twitter:data{number}") for number in range(1, 5))
# Those that mean publication and nothing else.
PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "article:published:time", "og:published_time", "datepublished",
    "date.available", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "cxenseparse:recs:published_time", "dc.date.issued", "dcterms.issued", "dc.issued", "pubdate", "publishdate", "publish-date",
    "publish_date", "publication_date", "published_date", "published-date", "ptime", "citation_publication_date", "citation_online_date",
    "originalpublicationdate", "iso-8601-publish-date", "video:release_date", "rnews:datepublished", "vr:published_time", "bt:pubdate",
    "article.published", "published_at", "published", "displaydate", "sort_date",
)  # fmt: skip
# Those that may mean something else.
DATED = (
    "date", "dc.date", "dc.date.created", "dcterms.created", "dcterms.date", "date.created", "article:created", "created",
    "article_date_original", "pub_date", "release_date", "timestamp", "article:post_date", "og:pubdate", "og:regdate",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:article:modified_time", "article:modified", "article:modified:time", "og:updated_time", "datemodified",
    "dcterms.modified", "dc.date.modified", "date.modified", "date.updated", "lastmod", "last-modified", "last_modified", "revised", "utime",
    "article:updated_time",
)  # fmt: skip
IMAGE = ("og:image", "og:image:url", "og:image:secure_url")
OTHER_IMAGE = ("twitter:image", "twitter:image:src", "parsely-image-url", "sailthru.image.full")
LANGUAGE = ("content-language", "og:locale", "dc.language", "language")
APPLICATION = ("application-name", "apple-mobile-web-app-title")

KNOWN = frozenset(
    (
        *("og:title", "og:url", "og:type", "og:site_name", "twitter:title", "twitter:text:title"),
        *("twitter:site", "article:tag"),
        *(name for pair in CARD for name in pair),
        *(TITLE + DECK + SECTION + TAGS + AUTHOR + PUBLISHED + DATED + MODIFIED),
        *(IMAGE + OTHER_IMAGE + LANGUAGE + APPLICATION),
    )
)

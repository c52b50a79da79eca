"""The address of an article by what its page states, which must lead to this story."""

from __future__ import annotations

import pytest
from tests.unit.html_heads import URL, read


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("https://www.vellmar-post.example/", URL),
        ("https://www.vellmar-post.example/index.html", URL),
        ("/", URL),
        ("https://www.vellmar-post.example/sport/cup-final-7654321.html", URL),
        ("javascript:void(0)", URL),
        ("https://[broken", URL),
        (URL + "#top", URL),
        (
            "https://vellmar-post.example/a/bridge-will-be-repaired-1234567.html",
            "https://vellmar-post.example/a/bridge-will-be-repaired-1234567.html",
        ),
        ("/article/1234567", "https://www.vellmar-post.example/article/1234567"),
    ],
)
def test_a_canonical_address_leads_to_this_story(stated: str, kept: str) -> None:
    found = read(f'<link rel="canonical" href="{stated}">', url=URL + "?utm_source=feed")

    assert found.canonical_url == kept


SHOWN = "https://a.example/news/articleView.html"


@pytest.mark.parametrize(
    ("url", "stated", "kept"),
    [
        (SHOWN + "?idxno=12345", SHOWN, SHOWN + "?idxno=12345"),
        (SHOWN + "?idxno=12345&utm_source=x", SHOWN + "?menu=2", SHOWN + "?idxno=12345"),
        (SHOWN + "?idxno=N12345", SHOWN, SHOWN + "?idxno=N12345"),
        (SHOWN + "?idxno=12345&page=2", SHOWN + "?idxno=12345", SHOWN + "?idxno=12345"),
        (SHOWN + "?idxno=12345", SHOWN + "?no=12345", SHOWN + "?no=12345"),
        (SHOWN + "?fbclid=12345", SHOWN, SHOWN),
        (SHOWN + "?ts=12345", SHOWN, SHOWN),
        (SHOWN + "?x=1764403200", SHOWN, SHOWN),
        (SHOWN + "?x=1764403200000", SHOWN, SHOWN),
        (SHOWN + "?x=fb.1.123456.x", SHOWN, SHOWN),
        (SHOWN + "?page=12", SHOWN, SHOWN),
        *(
            (f"https://a.example{path}?x=12345", path, f"https://a.example{path}")
            for path in ("/a/old-bridge-closed", "/a/bridge_1234.html", "/2025/03/04/bridge/")
        ),
    ],
)
def test_a_canonical_address_keeps_what_chooses_the_story(url: str, stated: str, kept: str) -> None:
    found = read(f'<link rel="canonical" href="{stated}">', url=url)

    assert found.canonical_url == kept


def test_an_address_is_kept_with_what_says_which_page_it_is() -> None:
    assert read(url="https://a.example/show.php?id=12&utm_medium=x#c").canonical_url == (
        "https://a.example/show.php?id=12"
    )

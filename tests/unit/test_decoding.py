"""Decoding: what the bytes of a document say."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.decoding import Decoded, decode
from ingest.words.nouns import DocumentKind, Rejection
from ingest.words.reasons import Reason

TEXT, HTML = DocumentKind.TEXT, DocumentKind.HTML
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"

RUSSIAN = "Министр сказал во вторник, что бюджет вырастет на три процента в следующем году.\n" * 5
JAPANESE = "東京都は月曜日、新しい条例を発表した。対象はすべての車両である。\n" * 5


def read(body: bytes, kind: DocumentKind = TEXT) -> tuple[str, str, str]:
    result = decode(body, kind)
    assert isinstance(result, Decoded), result
    return result.text, result.encoding, result.method


def test_utf_8_is_read_as_it_is() -> None:
    result = read("Überfälle in Łódź".encode())

    assert result == ("Überfälle in Łódź", "utf-8", "utf-8")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(mark: bytes, encoding: str) -> None:
    result = read(mark + "Prix du blé".encode(encoding))

    assert result == ("Prix du blé", encoding, "bom")


def test_a_declaration_is_believed_where_it_fits() -> None:
    page = '<html><head><meta charset="windows-1251"><p>Привет'

    result = read(page.encode("cp1251"), HTML)

    assert result == (page, "cp1251", "declaration")


def test_latin_1_is_declared_and_windows_1252_is_meant() -> None:
    page = '<?xml version="1.0" encoding="ISO-8859-1"?><p>“Yes,” she said.'

    result = read(page.encode("cp1252"), HTML)

    assert result == (page, "cp1252", "declaration")


def test_a_declared_codec_that_is_no_encoding_is_not_believed() -> None:
    page = b'<meta charset="unicode_escape"><p>caf\xe9 \\u0041</p>' * 3

    result = read(page, HTML)

    assert r"\u0041" in result[0]


def test_a_declaration_that_lies_about_valid_utf_8_is_overruled() -> None:
    result = read('<meta charset="iso-8859-1"><p>Łódź'.encode(), HTML)

    assert result[1:] == ("utf-8", "utf-8")


CHINESE = "市议会决定把旧港大桥关闭八个月，工程师要更换生锈的钢缆，商人们说这会带来损失。" * 4
TAIWANESE = "市議會決定把舊港大橋關閉八個月，工程師要更換生鏽的鋼纜，商人們說這會帶來損失。" * 4
KOREAN = "시의회는 낡은 항구 다리를 여덟 달 동안 닫기로 했고 상인들은 손해가 크다고 말했다. " * 4


@pytest.mark.parametrize("is_stated", [False, True])
@pytest.mark.parametrize(
    ("text", "label", "encoding"),
    [
        (CHINESE, "gb2312", "gb18030"),
        (CHINESE, "GBK", "gb18030"),
        (TAIWANESE, "big5", "big5hkscs"),
        (KOREAN, "euc-kr", "cp949"),
        (JAPANESE, "EUC-JP", "euc-jp"),
        (JAPANESE, "Shift_JIS", "cp932"),
    ],
)
def test_a_teaser_cut_within_a_letter_costs_that_letter_only(
    text: str, label: str, encoding: str, *, is_stated: bool
) -> None:
    meta = "" if is_stated else f'<meta charset="{label}">'
    page = f"<html>{meta}<p>{text}</p><a>".encode(encoding)
    cut = next(
        part
        for part in (text.encode(encoding)[:9], text.encode(encoding)[:10])
        if part.decode(encoding, "ignore").encode(encoding) != part
    )

    result = decode(page + cut + b"...</a>", HTML, label if is_stated else None)

    assert isinstance(result, Decoded)
    assert (text.strip() in result.text, result.encoding, result.text.count("\ufffd")) == (
        True,
        encoding,
        1,
    )


def test_a_declaration_that_fits_wins_over_a_stated_encoding_that_nearly_does() -> None:
    page = f'<html><meta charset="koi8-r"><p>{RUSSIAN} Е. Ю. Попова'

    result = decode(page.encode("koi8-r"), HTML, "shift_jis")

    assert isinstance(result, Decoded)
    assert (result.text, result.method) == (page, "declaration")


@pytest.mark.parametrize("label", ["euc-jp", "gb2312", "big5", "euc-kr", "utf-8"])
def test_a_declaration_that_is_wrong_is_not_believed(label: str) -> None:
    page = f'<html><meta charset="{label}"><p>{RUSSIAN}'

    result = read(page.encode("cp1251"), HTML)

    assert result == (page, "cp1251", "detection")


@pytest.mark.parametrize("scratch", [b"\xe9", b"\xa9 2026 Caf\xe9", b"\xa9 Caf\xe9 \xae \xe8"])
def test_a_page_that_declares_utf_8_and_has_a_letter_of_it_is_utf_8(scratch: bytes) -> None:
    story = "<p>The council’s plan was late, and the traders on the quay did not like it.</p>" + (
        "<p>The ferry runs twice an hour.</p>" * 12
    )
    page = f'<meta charset="utf-8">{story}<footer>'

    result = read(page.encode() + scratch, HTML)

    assert (result[1], story in result[0]) == ("utf-8", True)


def test_a_page_that_declares_utf_8_and_has_no_letter_of_it_is_not() -> None:
    page = '<meta charset="utf-8"><p>The café’s owner said the plan was “late”.</p>'

    result = read(page.encode("cp1252"), HTML)

    assert result[0] == page


def test_a_text_file_declares_nothing() -> None:
    result = read(b'<meta charset="koi8-r"> the caf\xe9 was closed on Monday, the owner said')

    assert result[2] == "detection"


def test_utf_8_with_a_broken_byte_loses_that_byte_only() -> None:
    result = read("“Łódź” — ".encode() * 40 + b"\xff" + b"the end")

    assert result == ("“Łódź” — " * 40 + "\ufffd" + "the end", "utf-8", "utf-8")


def test_one_foreign_byte_in_an_english_text_is_a_letter_not_damage() -> None:
    story = "The club paid £15.8m for the striker, the largest fee it has ever paid for anyone.\n"

    result = read(story.encode("latin-1"))

    assert result[0] == story


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift-jis"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso2022-jp"),
        (RUSSIAN, "utf-16-le"),
        (JAPANESE, "utf-16-be"),
    ],
)
def test_an_undeclared_encoding_is_recognised(text: str, encoding: str) -> None:
    result = read(text.encode(encoding))

    assert result[0] == text


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", b"\xef\xbb\xbf\n", "\u00a0\u200b".encode()])
def test_white_space_is_empty(body: bytes) -> None:
    result = decode(body, TEXT)

    assert isinstance(result, Rejection) and result.reason is Reason.EMPTY  # noqa: PT018


@pytest.mark.parametrize(
    "body",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        b"%PDF-1.7\nall of it text\n",
        b"\x1f\x8b\x08\x00" + bytes(range(256)) * 8,
        bytes(5000),
        bytes(range(1, 32)) * 20,
    ],
)
def test_what_is_no_text_is_binary(body: bytes) -> None:
    result = decode(body, TEXT)

    assert isinstance(result, Rejection) and result.reason is Reason.BINARY  # noqa: PT018


def test_stray_nuls_and_control_characters_are_dropped() -> None:
    result = read(b"The min\x00ister said\x07 so" + b" and so on" * 50)

    assert result[0] == "The minister said so" + " and so on" * 50


def test_every_kind_of_line_end_is_a_newline() -> None:
    result = read("one\r\ntwo\rthree\ffour\u2028five\x85six\tseven".encode())

    assert result[0] == "one\ntwo\nthree\nfour\nfive\nsix\tseven"


@given(st.binary(max_size=400), st.sampled_from(DocumentKind))
def test_any_bytes_give_clean_text_or_a_reason(body: bytes, kind: DocumentKind) -> None:
    result = decode(body, kind)

    assert isinstance(result, Rejection) or not set(result.text) & set("\0\r\x1b\x7f\x85\ufeff")


@given(st.text(min_size=1, max_size=200), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_whatever_unicode_writes_with_a_mark_comes_back(text: str, encoding: str) -> None:
    kept = "".join(c for c in text if c.isalpha())
    body = f"<{kept}>".encode("utf-8-sig" if encoding == "utf-8" else encoding)

    assert read(body)[0] == f"<{kept}>"


def test_the_encodings_of_the_corpus_are_recognised() -> None:
    folder = CORPORA / "8_encodings" / "chardet"
    if not folder.is_dir():
        pytest.skip("the corpus of encodings is not here")
    lines = (folder / "expected.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    right = 0
    for row in rows:
        body = (folder / row["file"]).read_bytes()
        kind = TEXT if row["format"] == "text" else HTML
        expected = body.decode(row["expected_encoding"]).encode("utf-8-sig")
        right += read(body, kind)[0] == read(expected)[0]

    # Two Thai pages write quotation marks that only the wide encoding, which is given, has.
    assert right >= len(rows) - 2


def test_the_one_latin_1_file_of_the_corpus_keeps_its_pounds() -> None:
    path = CORPORA / "1_text" / "bbc" / "sport" / "199.txt"
    if not path.is_file():
        pytest.skip("the corpus of news texts is not here")

    assert "a £15.8m signing from Parma" in read(path.read_bytes())[0]

"""Datelines in many shapes, and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.reading.text.datelines import find_carrier, find_dateline
from ingest.words.nouns import Dateline

THIRD = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("PORT ALDER, March 3 (Meridian Wire) - A ferry ran aground.", ("PORT ALDER", THIRD)),
        ("VALDEBRISA, 3 de marzo de 2026 (EFE) - Una orquesta toca.", ("VALDEBRISA", THIRD)),
        ("नीलघाटी, 3 मार्च 2026 (पीटीआई) - एक डाकिया चला।", ("नीलघाटी", THIRD)),
        ("PORT ALDER, Feb. 29 (Meridian Wire) - A leap.", ("PORT ALDER", date(2024, 2, 29))),
        ("PORT ALDER, March 4 (Meridian Wire) - Then.", ("PORT ALDER", date(2025, 3, 4))),
        ("MONTVERNAY (Reuters) - Three countries signed.", ("MONTVERNAY", None)),
        ("Grauwiek (dpa) - Die Werft baut Turbinen.", ("Grauwiek", None)),
    ],
)
def test_a_dateline_gives_the_place_as_written_and_its_day(
    opening: str, expected: tuple[str, date | None]
) -> None:
    assert find_dateline(opening, THIRD) == Dateline(*expected)


@pytest.mark.parametrize(
    "opening",
    [
        "On Monday (a holiday) - and not before - the gate was closed.",
        "The council met on 3 March 2026 - it was a long night.",
        "a small town, 3 March 2026 - it was a long night.",
    ],
)
def test_a_sentence_with_a_dash_is_no_dateline(opening: str) -> None:
    assert find_dateline(opening, THIRD) is None


def test_who_sent_the_story_stands_in_the_brackets_of_its_dateline() -> None:
    assert find_carrier("PORT ALDER, March 3 (Meridian Wire) - A ferry.") == "Meridian Wire"

"""Page dumps written for this project, and what must be read out of them.

A dump without its `.json` gets one, and the test fails, so that a person reads it before it
counts. The dumps tell of invented outlets, people and events.
"""

import dataclasses
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.reading.text import read_text

FOLDER = Path(__file__).parent / "text"
DUMPS = sorted(FOLDER.glob("*.txt"))


def as_json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((each.name, getattr(value, each.name)) for each in dataclasses.fields(value))
        return {name: as_json(part) for name, part in pairs if part not in (None, (), False)}
    if isinstance(value, tuple):
        return [as_json(part) for part in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


@pytest.mark.parametrize("dump", DUMPS, ids=[path.stem for path in DUMPS])
def test_a_dump_is_read_as_a_person_read_it(dump: Path) -> None:
    golden = dump.with_suffix(".json")
    reading = as_json(read_text(dump.read_text(encoding="utf-8"), known_on=date(2026, 11, 1)))
    if not golden.exists():
        text = json.dumps(reading, ensure_ascii=False, indent=1) + "\n"
        golden.write_text(text, encoding="utf-8")
        pytest.fail(f"wrote {golden.name}: read it, correct the reader or keep it, and run again")

    assert reading == json.loads(golden.read_text(encoding="utf-8"))

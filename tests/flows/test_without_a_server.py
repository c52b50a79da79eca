"""What a run does where its server is away: the work goes on, and how it ended is kept."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from uuid import uuid4

import pytest
from prefect.concurrency import _leases
from prefect.concurrency._leases import maintain_concurrency_lease
from prefect.settings import PREFECT_API_URL, temporary_settings

from ingest.flows.aside import Aside, end_asides
from ingest.flows.leases import outlive_lease
from ingest.flows.marks import FOLDER, Mark, mark, settle

NOBODY = "http://127.0.0.1:9/api"


def test_what_is_told_aside_holds_nobody_up_and_only_the_last_is_told() -> None:
    told, answer = [], threading.Event()

    def tell(number: int) -> None:
        told.append(number)
        answer.wait(30)

    aside = Aside()
    began = time.monotonic()
    for number in range(5):
        aside.do(lambda number=number: tell(number))
        while not told:
            time.sleep(0.01)
    seconds = time.monotonic() - began
    is_done_at_once = aside.end(0.01)
    answer.set()
    is_done_later = aside.end(10)

    assert (told, seconds < 5, is_done_at_once, is_done_later) == ([0, 4], True, False, True)


def test_the_end_of_a_run_waits_no_longer_for_what_is_told_aside_than_it_may() -> None:
    answer = threading.Event()
    aside = Aside()
    aside.do(lambda: answer.wait(30))
    began = time.monotonic()
    end_asides(0.2)
    seconds = time.monotonic() - began
    answer.set()
    aside.end(10)

    assert 0.2 <= seconds < 5


def test_a_rest_between_two_tellings_ends_with_the_run() -> None:
    told: list[int] = []
    aside = Aside(rest_seconds=60)
    aside.do(lambda: told.append(1))
    while not told:
        time.sleep(0.01)
    aside.do(lambda: told.append(2))
    aside.end(10)

    assert told == [1, 2]


def test_a_run_whose_lease_cannot_be_renewed_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_leases, "_RENEWAL_MAX_ATTEMPTS", 1)
    monkeypatch.setattr(
        _leases, "_handle_lease_renewal_failure", _leases._handle_lease_renewal_failure
    )
    failed = threading.Event()
    outlive_lease()
    go_on = _leases._handle_lease_renewal_failure

    def seen(*words: object) -> None:
        go_on(*words)  # type: ignore[arg-type]
        failed.set()

    monkeypatch.setattr(_leases, "_handle_lease_renewal_failure", seen)
    with (
        temporary_settings({PREFECT_API_URL: NOBODY}),
        maintain_concurrency_lease(uuid4(), 300, raise_on_lease_renewal_failure=True),
    ):
        failed.wait(30)
        time.sleep(0.3)  # a termination would come here
        went_on = True

    assert (went_on, failed.is_set()) == (True, True)


def test_a_mark_that_a_full_disk_does_not_take_spoils_nothing() -> None:
    handle = os.open("/dev/full", os.O_WRONLY)
    Mark(handle).end("completed", "3 new")
    os.close(handle)


def test_a_mark_says_how_its_run_ended(tmp_path: Path) -> None:
    flow_run_id = uuid4()
    mark(tmp_path, flow_run_id).end("completed", "3 new")
    text = (tmp_path / FOLDER / str(flow_run_id)).read_text()

    assert json.loads(text) == {"outcome": "completed", "message": "3 new"}


def test_what_is_no_mark_is_let_alone_and_asks_no_server(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / ".DS_Store").touch()
    (tmp_path / FOLDER / "lost+found").mkdir()
    in_its_place = tmp_path / "other"
    in_its_place.mkdir()
    (in_its_place / FOLDER).touch()

    assert (settle(tmp_path), settle(in_its_place), settle(tmp_path / "none")) == ([], [], [])

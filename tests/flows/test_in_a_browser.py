"""`ingest serve` as a person sees it: a real browser on the Prefect UI, and a run from its form.

The pictures are of what is tested; PICTURES=docs/images makes those of the README anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY
from tests.faults.serving import Serving, serving, wait_for
from tests.flows.browser import PROGRAM, Page, browse

# A poll on schedule may come between.
MINE = {"flow_runs": {"name": {"like_": "moorlander-bote"}}}

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no chromium here")


@pytest.fixture(scope="module")
def served(outlets: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """`ingest serve` on the home of the two outlets of the samples."""
    del outlets
    home = tmp_path_factory.mktemp("served") / "archive"
    shutil.copytree(REPOSITORY / "samples-web" / "home", home)
    with serving(home, TZ="Europe/Lisbon") as served:
        yield served


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures go."""
    told = os.environ.get("PICTURES")
    return REPOSITORY / told if told else tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def page(served: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of a browser, at the start of the UI."""
    with browse(tmp_path_factory.mktemp("browser")) as page:
        page.go(served.url)
        yield page


def test_the_pages_that_it_leads_to_ask_nobody_but_its_server(served: Serving, page: Page) -> None:
    # where no run is planned yet, its first page has nothing to ask for
    wait_for("runs of the schedules", served.runs)
    page.go(served.url)
    page.wait_for("Flow Runs", "Task Runs", "Active Work Pools")
    asked = page.run("performance.getEntriesByType('resource').map((each) => each.name)")
    # what a page brings along in itself (fonts, as data:) asks nobody
    origins = {url[: len(served.url)] for url in asked if not url.startswith("data:")}

    assert origins == {served.url}
    assert page.run("location.href") == f"{served.url}/dashboard"


def test_the_deployments_are_there_with_their_schedules(
    served: Serving, page: Page, pictures: Path
) -> None:
    page.go(f"{served.url}/deployments")
    text = page.wait_for("poll sources", "ingest files", "Every 15 minutes")
    page.picture(pictures / "deployments.png")

    assert "Ready" in text


def is_asked_for(served: Serving, page: Page, picture: Path) -> bool:
    """Fill in the form of a run and submit it; return False if the page says that it went wrong."""
    page.go(f"{served.url}/deployments/deployment/{served.deployment('poll')['id']}/run")
    page.wait_for("workers", "Names of sources")
    page.click("Add item")
    page.type_into(".p-draggable-list textarea", "moorlander-bote")
    page.type_into("form input[type=number]", "1")
    page.picture(picture)
    page.click("Submit")
    wait_for("a run or a fault", lambda: served.runs(**MINE) or "Oops" in page.text())
    return bool(served.runs(**MINE))


def test_a_run_from_the_form_takes_its_parameters_and_leaves_its_tables(
    served: Serving, page: Page, pictures: Path
) -> None:
    # where the server's database was busy (docs/operations.md), a person asks again
    form = pictures / "run-form.png"
    wait_for("a run from the form", lambda: is_asked_for(served, page, form), 180)
    (run,) = served.runs(**MINE)
    page.go(f"{served.url}/runs/flow-run/{run['id']}")
    page.wait_for("Completed", "3 discovered, 3 pages, 3 new")
    page.click("Artifacts")
    text = page.wait_for("poll-summary", "poll-sources")
    page.picture(pictures / "artifacts.png")
    (run,) = served.runs(**MINE)

    assert (run["parameters"]["sources"], run["parameters"]["workers"]) == (["moorlander-bote"], 1)
    assert "poll-progress" in text
    assert " new, 0 revised" in run["state"]["message"]

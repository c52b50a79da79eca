"""The flow `replay`: what failed is tried again, seen in the Prefect UI."""

from __future__ import annotations

from typing import Annotated

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from ingest.flows.frame import carry_out, find_home, name_run
from ingest.flows.parameters import HomeFolder, SourceName, Workers
from ingest.flows.reporting import show_home
from ingest.flows.steps import FlowSteps, show_summary, show_table, tabulate
from ingest.flows.time_and_web import find_clock, find_web
from ingest.words.reasons import Reason
from ingest.work.poll import run
from ingest.work.publish import Home
from ingest.work.replay import TRIED_AGAIN, Replay
from ingest.work.replay import replay as try_again

_KEY = "replay"
# A person who forgot to name a source or a reason is asked first: each place is a request to a
# site, or a file that is opened.
_MOST = 1000

Most = Annotated[int, Field(ge=1, le=10_000_000)]


def _name() -> str:
    parameters = runtime.flow_run.parameters
    reasons = [Reason(each).value for each in parameters.get("reasons") or []]
    about = " ".join(filter(None, (parameters.get("source", ""), ", ".join(reasons[:3]))))
    return name_run("replay", about, parameters.get("home", ""))


@flow(
    name="replay",
    flow_run_name=_name,
    # a thread only waits for what the crawl's own loop does
    task_runner=ThreadPoolTaskRunner(max_workers=run.MAX_PIECES),  # type: ignore[arg-type]  # Prefect's own types disagree
    persist_result=False,
)
def replay(
    reasons: list[Reason] = [],  # noqa: B006 (Prefect shows it, and nobody writes to it)
    source: SourceName = "",
    most: Most = _MOST,
    home: HomeFolder = "",
    workers: Workers = 0,
) -> State[Replay]:
    """Try again what failed: open its files, or fetch its pages, once more.

    Fails, and does nothing, where there are more of them than `most`.

    Args:
        reasons: Only what gave no article for one of these. Empty: those that may have passed or
            been mended. What was read and refused is read again only if its reason is named here.
        source: Only places of this source. Empty: of all.
        most: As many files and pages at most; where there are more, nothing is tried.
        home: The folder of the lake and the warehouse, on the machine that runs this. Empty: the
            one in INGEST_HOME there, or data.
        workers: Processes that read articles. 0: one for each core.
    """
    place = find_home(home)

    steps, clock = FlowSteps(f"{_KEY}-progress"), find_clock()
    tried: list[Replay] = []

    def work() -> Replay:
        if not tried:  # else what is on the disk was, and the web waits for its turn
            outcome = try_again(
                place,
                steps,
                clock.now,
                reasons=reasons or TRIED_AGAIN,
                source=source or None,
                most=most,
                workers=workers or None,
            )
            tried.append(outcome)
        (outcome,) = tried
        if outcome.links:
            web = find_web(place)
            outcome.polled = run.poll_again(
                place, steps, clock, web, outcome.links, workers=workers or None
            )
        return outcome

    return carry_out(
        place,
        work,
        lambda outcome: publish_artifacts(outcome, place),
        patience_seconds=600,
    )


def publish_artifacts(outcome: Replay, home: Home) -> None:
    """Show in the UI what was tried again, and what came of it."""
    show_summary(f"{_KEY}-summary", outcome.sentence, tabulate(outcome.places))
    show_table(f"{_KEY}-places", outcome.places, "What was tried again")
    missing = [{"file": each} for each in outcome.missing]
    show_table(f"{_KEY}-missing", missing, f"{len(missing):,} files are no longer there")
    files, pages = outcome.summary, outcome.polled
    if files is not None:
        show_table(f"{_KEY}-files", files.sources, "What came of the files")
        show_table(f"{_KEY}-files-rejections", files.rejections, "Files that gave no article")
    if pages is not None:
        show_table(f"{_KEY}-pages", pages.by_source, "What came of the web")
        show_table(f"{_KEY}-pages-rejections", pages.rejections, "Pages that gave no article")
    if (files and files.generation) or (pages and pages.generation):
        show_home(home)

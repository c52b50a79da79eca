"""Alerting at the end of a run: what is wrong is looked for, and told by a command and by events.

Each telling is an event at the Prefect server, `ingest.alert.opened` and the like, of which
automations (`automations.py`) make messages. Where there is no server but the one that a single run
starts for itself, nobody reads events, and none are sent.
"""

from __future__ import annotations

import os
import re
from typing import Any

from prefect import runtime
from prefect.client.orchestration import get_client
from prefect.events.schemas.events import Event, RelatedResource, Resource
from prefect.exceptions import MissingContextError
from prefect.logging import get_logger, get_run_logger
from prefect.settings import PREFECT_API_URL

from ingest.flows.time_and_web import find_clock
from ingest.words.alerts import Telling
from ingest.words.errors import IngestError, LawBroken, Locked
from ingest.work.alerts.watch import Look, Tell, Watch, tell_by_command
from ingest.work.publish import Home

EVENT = "ingest.alert"
PREFECT = "prefect"
# Of a name in a resource's id; what is longer is told in full in the payload.
_MAX_NAME_CHARS = 100


def look_for_alerts(home: Home, error: Exception | None = None) -> None:
    """Look for what is wrong in a home in which a run has ended, and tell it.

    `error` is what the run ended with, if it did not end well. Raises what keeps it from looking,
    for a caller that goes on all the same.
    """
    if isinstance(error, Locked):
        return  # another run is at work, and looks at its own end
    broken = error if isinstance(error, LawBroken) else None
    ended_well = error is None or broken is not None
    # of a run that ended otherwise nobody knows what it would have found
    work = (runtime.flow_run.flow_name or "a run") if ended_well else ""
    log_look(watch(home).look(find_clock().now(), work=work, broken=broken))


def watch(home: Home) -> Watch:
    """Return who looks after a home: it tells by the person's command and by Prefect."""
    settings = home.read_settings(os.environ).alerts
    return Watch(home, settings, {**tell_by_command(home, settings), **tell_by_prefect()})


def tell_by_prefect() -> dict[str, Tell]:
    """Return the telling by events, where there is a server, by its name."""
    return {PREFECT: emit} if PREFECT_API_URL.value() else {}


def emit(telling: Telling) -> None:
    """Send the event of a telling; raise IngestError where the server does not take it."""
    event = make_event(telling)
    try:
        # not `emit_event`, which does not say whether it arrived
        with get_client(sync_client=True) as client:
            client.request("POST", "/events", json=[event.model_dump(mode="json")])
    except Exception as error:
        told = f"the Prefect server does not take it ({type(error).__name__}: {error})"
        raise IngestError(told) from error


def make_event(telling: Telling) -> Event:
    """Return the event of a telling; its resource is the trouble, whatever is told of it."""
    alert, subject = telling.finding.key
    return Event(
        event=f"{EVENT}.{telling.kind}",
        resource=Resource.model_validate(
            {
                "prefect.resource.id": f"{EVENT}.{_name(alert)}.{_name(subject)}",
                "prefect.resource.name": f"{alert}: {subject}",
                "ingest.home": telling.home,
            }
        ),
        related=_run(),
        payload=telling.to_json(),
    )


def _name(text: str) -> str:
    return re.sub(r"[^\w-]+", "-", text).strip("-").casefold()[:_MAX_NAME_CHARS]


def _run() -> list[RelatedResource]:
    """Return the flow run that tells, so that the event stands in its page of the UI, too."""
    if runtime.flow_run.id is None:
        return []
    run: dict[str, Any] = {
        "prefect.resource.id": f"prefect.flow-run.{runtime.flow_run.id}",
        "prefect.resource.role": "flow-run",
        "prefect.resource.name": runtime.flow_run.name,
    }
    return [RelatedResource.model_validate(run)]


def log_look(look: Look) -> None:
    """Write a line for each thing that was told or could not be."""
    try:
        logger: Any = get_run_logger()
    except MissingContextError:
        logger = get_logger("ingest.alerts")
    for way, telling in look.told:
        finding = telling.finding
        logger.warning("alert %s (%s): %s: %s", telling.kind, way, finding.alert, finding.message)
    for failure in look.failed:
        logger.warning("alerts: %s", failure)

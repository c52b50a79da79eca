"""The automations that `ingest alerts apply` makes: what a Prefect server watches, and who is told.

They are data of this version: applying them twice changes nothing, and applying those of a newer
version brings the server to them. Each is found by its name.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.events.actions import ActionTypes, DoNothing, SendNotification
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL

from ingest import flows
from ingest.flows.alerting import EVENT
from ingest.words.alerts import run_book
from ingest.words.errors import IngestError, WrongUse

# A trouble of runs comes with every run; who is told of one in so long goes and looks.
FAILED_ONCE_IN = timedelta(hours=1)
LATE_ONCE_IN = timedelta(hours=6)
# A restart takes a minute or two, and the server notices after one.
GONE_AFTER = timedelta(minutes=10)

# Of what a server says; its answers repeat the question.
_TOLD_CHARS = 300

_FLOW = "related:flow:prefect.resource.id"
_DEPLOYMENT = "related:deployment:prefect.resource.id"
_RUN = (
    "{{ flow_run.name }} ({{ flow.name }}): {{ flow_run.state.message or flow_run.state.name }}\n"
    "{{ flow_run|ui_url or 'see it in the UI of Prefect' }}"
)


_NOBODY = "Nobody is told yet: ingest alerts apply --notify TYPE/NAME names who is. "


@dataclass(frozen=True, slots=True)
class Shipped:
    """An automation of ours: the alert it is for, what sets it off, and what it then says.

    The UI shows neither a trigger such as these nor that nobody is told, so words say both.
    """

    alert: str
    when: str
    guide: str
    trigger: EventTrigger
    subject: str
    body: str

    @property
    def name(self) -> str:
        """Return the name by which it is found."""
        return f"ingest · {self.alert}"

    def define(self, notify: UUID | None) -> AutomationCore:
        """Return what the server is told of it; `notify` is the block that sends its messages."""
        action: ActionTypes = DoNothing()
        if notify is not None:
            action = SendNotification(
                block_document_id=notify, subject=self.subject, body=self.body
            )
        return AutomationCore(
            name=self.name,
            description=f"{self.when} {'' if notify else _NOBODY}What to do: {self.guide}",
            trigger=self.trigger,
            actions=[action],
        )


def ship() -> list[Shipped]:
    """Return the automations of this version."""
    return [
        Shipped(
            "an alert",
            "A look at a home of ingest found something wrong, or no longer.",
            "deploy/README.md: When an alert comes",
            EventTrigger(
                expect={f"{EVENT}.*"},
                match={"prefect.resource.id": f"{EVENT}.*"},
                for_each={"prefect.resource.id"},
            ),
            "ingest: {{ event.payload.alert }} ({{ event.payload.kind }}): "
            "{{ event.payload.subject }}",
            "{{ event.payload.message }}\n"
            "since {{ event.payload.opened_at }}, in {{ event.payload.home }}\n"
            "What to do: {{ event.payload.run_book }}",
        ),
        _on_run(
            "a run failed",
            "A run of ingest ended with an error; once an hour for each flow.",
            "Failed",
            FAILED_ONCE_IN,
            _FLOW,
        ),
        _on_run(
            "a run crashed",
            "The process of a run of ingest went away; once an hour for each flow.",
            "Crashed",
            FAILED_ONCE_IN,
            _FLOW,
        ),
        _on_run(
            "a run is late",
            "A run of ingest did not start in time; once in six hours for each deployment.",
            "Late",
            LATE_ONCE_IN,
            _DEPLOYMENT,
        ),
        Shipped(
            "the runner is gone",
            "Nobody has asked for runs of ingest for ten minutes.",
            run_book("the runner is gone"),
            EventTrigger(
                posture=Posture.Proactive,
                after={"prefect.deployment.not-ready"},
                expect={"prefect.deployment.ready"},
                match={"prefect.resource.id": "prefect.deployment.*"},
                match_related=_of_our_flows(),
                # One for all, as one runner serves all: this label is the same at each. Without
                # any the server would not wait for `after`.
                for_each={"related:flow:prefect.resource.role"},
                within=GONE_AFTER,
            ),
            "ingest: the runner is gone",
            "Nobody has asked the server for runs for ten minutes or more.\n"
            f"What to do: {run_book('the runner is gone')}",
        ),
    ]


def _on_run(alert: str, when: str, state: str, once_in: timedelta, for_each: str) -> Shipped:
    return Shipped(
        alert,
        when,
        run_book(alert),
        EventTrigger(
            expect={f"prefect.flow-run.{state}"},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=_of_our_flows(),
            for_each={for_each},
            within=once_in,
        ),
        f"ingest: {alert}: {{{{ flow_run.name }}}}",
        f"{_RUN}\nWhat to do: {run_book(alert)}",
    )


def _of_our_flows() -> dict[str, Any]:
    return {"prefect.resource.role": "flow", "prefect.resource.name": sorted(find_flow_names())}


def find_flow_names() -> set[str]:
    """Return the names of all flows of this package; a server may have those of others, too."""
    return {each.name for module in _modules() for each in vars(module).values() if _is_flow(each)}


def _modules() -> Iterator[Any]:
    for each in pkgutil.iter_modules(flows.__path__):
        yield importlib.import_module(f"{flows.__name__}.{each.name}")


def _is_flow(value: object) -> bool:
    return isinstance(value, Flow)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an automation is at the server now, and what was done: created, updated, unchanged."""

    name: str
    outcome: str
    enabled: bool
    notifies: bool


def apply_automations(notify: str | None) -> list[Applied]:
    """Make the automations, or bring those that are there to this version's; return what was done.

    `notify` names the block that sends messages. One that a person switched off stays off. Raises
    WrongUse where there is no such block, or where it sends no messages; IngestError where the
    server does not answer.
    """
    with _asking() as client:
        block = find_block(client, notify) if notify else None
        return [_apply(client, each.define(block)) for each in ship()]


def list_automations() -> list[Applied]:
    """Return which automations of this version are at the server.

    Raises IngestError where it does not answer.
    """
    listed = []
    with _asking() as client:
        for each in ship():
            there = _find(client, each.name)
            if there is None:
                listed.append(Applied(each.name, "not there", enabled=False, notifies=False))
            else:
                listed.append(Applied(each.name, "there", there.enabled, _notifies(there)))
    return listed


@contextmanager
def _asking() -> Iterator[SyncPrefectClient]:
    """Give a client of the server; what the server makes of its questions is told in a line."""
    try:
        with get_client(sync_client=True) as client:
            yield client
    except httpx.HTTPError as error:
        told = " ".join(str(error).split())[:_TOLD_CHARS]
        raise IngestError(
            f"{PREFECT_API_URL.value()}: the Prefect server does not answer as expected "
            f"({type(error).__name__}: {told}); is it this one, and does it run?"
        ) from error


def find_block(client: SyncPrefectClient, block: str) -> UUID:
    """Return the id of the block `TYPE/NAME`; raise WrongUse where it is none that can notify."""
    kind, _, name = block.partition("/")
    try:
        found = client.read_block_document_by_name(name, kind)
    except ObjectNotFound as error:
        raise WrongUse(
            f"{block}: the Prefect server has no such block; make it in the UI (Blocks), or "
            "correct its type and name"
        ) from error
    capabilities = found.block_schema.capabilities if found.block_schema else []
    if "notify" not in capabilities:
        raise WrongUse(
            f"{block}: a block of this type sends no messages; expected one such as slack-webhook, "
            "sendgrid-email or custom-webhook"
        )
    return found.id


def _apply(client: SyncPrefectClient, wanted: AutomationCore) -> Applied:
    there = _find(client, wanted.name)
    if there is None:
        client.create_automation(wanted)
        return Applied(wanted.name, "created", enabled=True, notifies=_notifies(wanted))
    wanted.enabled = there.enabled
    same = _meaning(there) == _meaning(wanted)
    if not same:
        client.update_automation(there.id, _stated(wanted))
    outcome = "unchanged" if same else "updated"
    return Applied(wanted.name, outcome, there.enabled, _notifies(wanted))


def _find(client: SyncPrefectClient, name: str) -> Automation | None:
    return next(iter(client.read_automations_by_name(name)), None)


def _stated(automation: AutomationCore) -> AutomationCore:
    """Return the automation with every field stated: an update sends no defaults."""
    return AutomationCore.model_validate(automation.model_dump(exclude={"owner_resource"}))


def _meaning(automation: AutomationCore) -> dict[str, Any]:
    """Return what of an automation is ours; the server gives the rest."""
    return AutomationCore.model_validate(automation.model_dump(exclude={"id"})).model_dump(
        exclude={"tags", "owner_resource"}
    )


def _notifies(automation: AutomationCore) -> bool:
    return any(isinstance(action, SendNotification) for action in automation.actions)

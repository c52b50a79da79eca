"""Leases: a run outlives the lease on its deployment's slot.

Prefect gives a run of a deployment that may run once at a time a lease of five minutes. Where it
cannot be renewed, because the server is away or has forgotten it, the run would be terminated. Ours
goes on: what keeps two runs apart is the lock of their home, which needs no server.
"""

from __future__ import annotations

from uuid import UUID

from prefect.concurrency import _leases
from prefect.logging import get_logger


def outlive_lease() -> None:
    """Let the runs of this process go on where their lease cannot be renewed."""
    _leases._handle_lease_renewal_failure = _go_on  # type: ignore[assignment]  # noqa: SLF001 (Prefect has no setting for it)


def _go_on(error: BaseException, lease_id: UUID, *_words: object) -> None:
    get_logger("ingest").warning(
        "the lease %s on the deployment's slot could not be renewed (%s: %s); the run goes on",
        lease_id,
        type(error).__name__,
        error,
    )

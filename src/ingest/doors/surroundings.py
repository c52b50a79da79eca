"""What surrounds a run: which Prefect server it reports to, and where Prefect keeps its own."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from ingest.words.errors import WrongUse
from ingest.work.publish import Home

_CHOSEN_BY = ("PREFECT_API_URL", "PREFECT_HOME", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH")


def existing_home(home: Home) -> Home:
    """Return `home`; raise WrongUse where it is not there, as a slip of the pen is none to make."""
    if not home.folder.is_dir():
        raise WrongUse(f"{home.folder}: there is no such home; --home or INGEST_HOME names it")
    return home


def command_line(home: Home, *words: str) -> str:
    """Return the command `ingest` with `words` as it runs here: with --home where it needs it."""
    usual = Path(os.environ.get("INGEST_HOME") or "data")
    chosen = () if home.folder == usual else ("--home", str(home.folder))
    return f"ingest {shlex.join((*chosen, *words))}"


def find_api() -> str | None:
    """Return the address of the Prefect server that the environment names, or None."""
    return os.environ.get("PREFECT_API_URL") or None


def prepare_prefect(home: Path) -> None:
    """Set up Prefect, before its first import, to stay offline and inside `home`.

    Whatever a person has set is left as it is. Without a server Prefect starts one for the
    length of the run; its database is below `home`, so that the runs can be looked at later.
    """
    defaults = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # The terminal is told by us; the UI gets every line.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
        # The default of 20 s is too short for the first start on a small machine.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # Each doubles the wait: half a minute in all, in which a server starts again.
        "PREFECT_CLIENT_MAX_RETRIES": "4",
    }
    if not any(name in os.environ for name in _CHOSEN_BY) and not _has_profile():
        place = (home / "prefect").absolute()
        place.mkdir(parents=True, exist_ok=True)  # Prefect only warns where it cannot
        defaults["PREFECT_HOME"] = str(place)
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def let_server_forget(run_days: int) -> dict[str, str]:
    """Return the environment in which a Prefect server lets go of runs that ended so long ago.

    It does so each hour, with their logs and artifacts; events go after a week unless told.
    """
    return {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(run_days * 24 * 3600),
    }


def _has_profile() -> bool:
    return (Path.home() / ".prefect" / "profiles.toml").exists()

"""A program of the person's own: started, given a text, and waited for as long as is allowed."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ingest.words.errors import IngestError

# Of what it says when it fails; a log line is no place for more.
_TOLD_CHARS = 500


class CommandFailed(IngestError):
    """A program could not be started, failed, or took too long."""


def run_command(command: Sequence[str], given: str, *, folder: Path, seconds: float) -> None:
    """Run a program in `folder` with `given` on its standard input.

    Raises CommandFailed where it does not end with 0 within so many seconds; it is stopped then,
    and what it has started with it.
    """
    with tempfile.TemporaryFile() as text, tempfile.TemporaryFile() as said:
        # files and no pipes: a program that does not read, or leaves others behind, holds up nobody
        text.write(given.encode("utf-8", "replace"))
        text.seek(0)
        try:
            program = subprocess.Popen(  # noqa: S603 (a person's own command, as a list of words)
                list(command),
                cwd=folder,
                stdin=text,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise CommandFailed(f"{command[0]}: it cannot be started ({why})") from error
        try:
            code = program.wait(seconds)
        except subprocess.TimeoutExpired:
            _stop(program)
            raise CommandFailed(
                f"{command[0]}: it took longer than {seconds:g} s and was stopped"
            ) from None
        except BaseException:
            _stop(program)
            raise
        if code:
            said.seek(0, os.SEEK_END)
            said.seek(max(0, said.tell() - _TOLD_CHARS))
            told = " ".join(said.read().decode("utf-8", "replace").split())
            raise CommandFailed(f"{command[0]}: it ended with code {code}; it said: {told!r}")


def _stop(program: subprocess.Popen[bytes]) -> None:
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()

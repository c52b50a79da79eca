"""`python -m ingest` is the command `ingest`.

A worker process imports the main module again, so nothing is imported here until it is called.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from ingest.doors.cli import main as run_command_line  # noqa: PLC0415 (see above)

    run_command_line()


if __name__ == "__main__":
    main()

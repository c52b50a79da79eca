"""`python -m ingest` is the command `ingest`."""

from ingest.doors.cli import main

if __name__ == "__main__":
    main()

"""The systemd units: systemd understands them, they give little away, and what runs can do with it.

systemd does not run here as a rule; its own tools judge the files, and what the units deny is
denied to a run by other means.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY, SAMPLES, clean_environment

UNITS = REPOSITORY / "deploy" / "systemd"
SERVICES = sorted(UNITS.rglob("*.service"))
# Of ten; systemd calls what is below 2 "ok". Those that must not talk to the web can do better.
MOST_EXPOSURE = 2.0

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def analyze(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *map(str, words)], capture_output=True, text=True, timeout=60
    )


def verify(units: Path, root: Path) -> str:
    """Return what systemd has against the units, installed into an otherwise empty machine."""
    system = root / "etc" / "systemd" / "system"
    shutil.copytree(units, system)
    for unit in (system / "apart").iterdir():
        shutil.move(unit, system)
    (system / "apart").rmdir()
    own = Path("/usr/lib/systemd/system")
    shutil.copytree(
        own if own.exists() else Path("/lib/systemd/system"), root / own.relative_to("/")
    )
    for program in ("opt/ingest/bin/ingest", "opt/ingest/bin/prefect", "bin/sh"):
        (root / program).parent.mkdir(parents=True, exist_ok=True)
        (root / program).write_text("#!/bin/sh\n")
        (root / program).chmod(0o755)
    names = [unit.name for unit in system.iterdir() if unit.suffix in {".service", ".timer"}]
    done = analyze(
        "verify", "--man=no", "--generators=no", "--recursive-errors=no", f"--root={root}", *names
    )
    ours = [
        line
        for line in (done.stderr + done.stdout).splitlines()
        if "ingest" in line or "prefect" in line
    ]
    return "\n".join(ours) + ("" if done.returncode == 0 else f"\nexit code {done.returncode}")


@needs_systemd
def test_systemd_has_nothing_against_the_units(tmp_path: Path) -> None:
    assert verify(UNITS, tmp_path / "root").strip() == ""


@needs_systemd
@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("ingest.service", "ProtectHome=yes", "ProtectHouse=yes"),
        ("ingest.service", "Restart=on-failure", "Restart=sometimes"),
        ("ingest-backup.timer", "02:30", "02:75"),
    ],
)
def test_systemd_sees_a_unit_that_is_wrong(
    tmp_path: Path, name: str, right: str, wrong: str
) -> None:
    units = shutil.copytree(UNITS, tmp_path / "units")
    unit = units / name
    unit.write_text(unit.read_text().replace(right, wrong))

    assert verify(units, tmp_path / "root").strip() != ""


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_unit_exposes_little(unit: Path) -> None:
    told = analyze(
        "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSURE * 10:.0f}", unit
    )

    assert told.returncode == 0, told.stdout.splitlines()[-1]


@needs_systemd
def test_a_unit_that_exposes_much_is_told(tmp_path: Path) -> None:
    text = (UNITS / "ingest.service").read_text()
    unit = tmp_path / "ingest.service"
    unit.write_text(re.sub(r"(?m)^(Protect|Private|Restrict|Capab|NoNew|SystemCall).*\n", "", text))

    assert analyze("security", "--offline=true", "--threshold=20", unit).returncode != 0


def run_samples(home: Path, *before: str, **more: object) -> subprocess.CompletedProcess[str]:
    """Run over the samples with a server of Prefect's, as `ingest serve` has one beside it."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*before, sys.executable, "-m", "ingest", "run", SAMPLES, "--allowed-rejections", "0.3"],
        env=clean_environment() | {"HOME": str(home), "INGEST_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=900,
        **more,
    )


def allowed_calls() -> set[str]:
    """Return the names of the system calls that the units allow."""

    def members(group: str) -> set[str]:
        listed = analyze("syscall-filter", group).stdout.split("\n")[1:]
        words = [line.split("#")[0].strip() for line in listed]
        return {
            call for word in words if word for call in (members(word) if word[0] == "@" else {word})
        }

    return members("@system-service") - members("@privileged")


@needs_systemd
@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_run_makes_no_system_call_that_the_units_deny(tmp_path: Path) -> None:
    trace = tmp_path / "calls"
    done = run_samples(
        tmp_path / "home", "strace", "-f", "-qq", "-c", "-U", "name", "-o", str(trace)
    )
    made = {line.strip() for line in trace.read_text().splitlines()}
    made = {name for name in made if re.fullmatch(r"[a-z]\w+", name)} - {"name", "syscall", "total"}

    assert (done.returncode, len(made) > 50) == (0, True), done.stderr
    # SQLite asks for it where it runs as root, as these tests may and the units do not
    assert made - allowed_calls() - ({"fchown"} if os.geteuid() == 0 else set()) == set()


@pytest.mark.long
def test_a_run_needs_no_memory_that_is_written_and_executed(tmp_path: Path) -> None:
    """What MemoryDenyWriteExecute denies; newer kernels have it as a request of one's own."""
    request, refuse_gain = 65, 1
    libc = ctypes.CDLL(None, use_errno=True)
    probe = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import ctypes; print(ctypes.CDLL(None).prctl({request}, 1, 0, 0, 0))",
        ],
        capture_output=True,
        text=True,
    )
    if probe.stdout.strip() != "0":
        pytest.skip("this kernel does not know PR_SET_MDWE")
    done = run_samples(
        tmp_path / "home", preexec_fn=lambda: libc.prctl(request, refuse_gain, 0, 0, 0)
    )

    assert done.returncode == 0, done.stderr

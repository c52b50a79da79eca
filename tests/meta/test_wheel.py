"""The wheel holds all that a run needs: the SQL files and the flows too."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY, SAMPLES, clean_environment

QUERY = "select count(*) > 20 from articles"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def run_installed(
    python: Path, api: str | None, *words: object
) -> subprocess.CompletedProcess[str]:
    environment = clean_environment() | ({"PREFECT_API_URL": api} if api else {})
    return subprocess.run(
        [python.parent / "ingest", *words],
        cwd=python.parent,
        env=environment | {"HOME": str(python.parent)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_wheel_in_an_environment_of_its_own_runs_the_samples(
    wheel: Path, tmp_path: Path, prefect_api: str
) -> None:
    python = tmp_path / "env" / "bin" / "python"
    venv.create(tmp_path / "env", with_pip=True)
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True
    )
    # the locked dependencies, without this checkout, which a .pth file of theirs would add
    theirs = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "env")}))
    (theirs / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    run_installed(python, prefect_api, "--home", tmp_path / "home", "run", SAMPLES)
    done = run_installed(
        python,
        None,
        "--home",
        tmp_path / "home",
        "sql",
        "--csv",
        QUERY,
    )

    assert done.stdout.splitlines()[1:] == ["True"], done.stderr


@pytest.mark.long
def test_a_wheel_with_its_dependencies_installed_from_the_lock_runs_the_samples(
    wheel: Path, tmp_path: Path
) -> None:
    python = tmp_path / "env" / "bin" / "python"
    venv.create(tmp_path / "env", with_pip=True)
    pip = [python, "-m", "pip", "install", "-q", "--no-deps"]
    lock = REPOSITORY / "requirements.lock"
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*pip, wheel], check=True)
    run_installed(python, None, "--home", tmp_path / "home", "run", SAMPLES)
    done = run_installed(
        python,
        None,
        "--home",
        tmp_path / "home",
        "sql",
        "--csv",
        QUERY,
    )

    assert done.stdout.splitlines()[1:] == ["True"], done.stderr

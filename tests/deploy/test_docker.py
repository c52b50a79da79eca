"""The image and the compose file: their rules, and the steps of the build without a daemon.

A rule takes a file's content and returns its faults; each is shown a small one that breaks it.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import REPOSITORY, SAMPLES, wait_for
from tests.deploy.postgresql import free_port

DOCKER = REPOSITORY / "deploy" / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
IGNORED = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").split()

Step = tuple[str, str]


def steps_of(dockerfile: str) -> list[Step]:
    """Return the instructions, each with its words, continued lines joined."""
    plain = re.sub(r"(?m)^\s*#.*\n", "", dockerfile)
    lines = re.sub(r"\\\n", " ", plain).splitlines()
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in lines if line.strip()]


def stages_of(dockerfile: str) -> list[list[Step]]:
    stages: list[list[Step]] = []
    for step in steps_of(dockerfile):
        if step[0] == "FROM":
            stages.append([])
        if stages:
            stages[-1].append(step)
    return stages


def words_of(dockerfile: str, instruction: str) -> list[str]:
    return [words for name, words in stages_of(dockerfile)[-1] if name == instruction]


def it_does_not_run_as_root(dockerfile: str) -> list[str]:
    users = words_of(dockerfile, "USER")
    return [] if users and re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1]) else [f"user {users}"]


def it_says_whether_it_is_healthy(dockerfile: str) -> list[str]:
    checks = words_of(dockerfile, "HEALTHCHECK")
    return [] if any("--fail-if-stale" in check for check in checks) else ["no health check"]


def it_installs_what_is_locked(dockerfile: str) -> list[str]:
    installs = re.findall(r"pip install[^&]*", dockerfile.replace("\\\n", " "))
    return [
        install
        for install in installs
        if "--no-deps" not in install
        or ("--require-hashes" not in install and "--no-index" not in install)
    ]


def it_names_no_index(dockerfile: str) -> list[str]:
    return re.findall(r"https?://\S+|--(?:extra-)?index-url|--find-links|PIP_INDEX\w*", dockerfile)


def it_fetches_nothing_else(dockerfile: str) -> list[str]:
    return re.findall(r"\b(?:curl|wget|apt-get|git clone)\b|^ADD", dockerfile, re.MULTILINE)


def it_holds_no_secret(dockerfile: str) -> list[str]:
    return re.findall(r"(?i)(?:password|secret|token|api_key)\w*\s*[=:]\s*\S+", dockerfile)


DOCKER_RULES = {
    it_does_not_run_as_root: ("USER 10001:10001\n", ""),
    it_says_whether_it_is_healthy: ("--fail-if-stale", "--json"),
    it_installs_what_is_locked: ("--require-hashes ", ""),
    it_names_no_index: ("--require-hashes", "--index-url https://i.example/ --require-hashes"),
    it_fetches_nothing_else: ("WORKDIR /build", "RUN curl -O x\nWORKDIR /build"),
    it_holds_no_secret: ("HOME=/data", "HOME=/data DB_PASSWORD=ferry"),
}


@pytest.mark.parametrize("rule", DOCKER_RULES, ids=lambda rule: rule.__name__)
def test_the_image_keeps_the_rule(rule: Callable[[str], list[str]]) -> None:
    assert rule(DOCKERFILE) == []


@pytest.mark.parametrize("rule", DOCKER_RULES, ids=lambda rule: rule.__name__)
def test_a_rule_sees_an_image_that_breaks_it(rule: Callable[[str], list[str]]) -> None:
    right, wrong = DOCKER_RULES[rule]

    assert rule(DOCKERFILE.replace(right, wrong)) != []


def test_the_image_is_given_what_it_copies_and_little_else() -> None:
    copied = [
        words.split()[:-1]
        for name, words in stages_of(DOCKERFILE)[0]
        if name == "COPY" and not words.startswith("--from")
    ]
    needed = {each for words in copied for each in words}
    let_in = {line[1:] for line in IGNORED if line.startswith("!")}

    assert (needed, IGNORED[0]) == (let_in, "*")
    assert [each for each in needed if not (REPOSITORY / each).exists()] == []


def test_the_image_leaves_out_what_only_developers_need() -> None:
    """What `uninstall` names is what pyproject.toml has for developers, and pip."""
    removed = re.search(r"uninstall --quiet --yes ([\w -]+)", DOCKERFILE.replace("\\\n", " "))
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    developers = re.search(r"(?m)^dev = \[(.*)\]", project)

    assert removed is not None
    assert developers is not None
    also_to_run = {"websockets"}  # Prefect's own, too
    only_developers = set(re.findall(r'"([\w-]+)', developers[1])) - also_to_run
    assert set(removed[1].split()) == only_developers | {"pip"}


Services = dict[str, dict[str, Any]]


def services_of(compose: str) -> Services:
    services: Services = yaml.safe_load(compose)["services"]
    return services


def ports_are_of_this_machine(services: Services) -> list[str]:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    return [port for port in ports if not port.startswith("127.0.0.1:")]


def secrets_come_from_outside(services: Services) -> list[str]:
    values = [
        f"{name}: {value}"
        for service in services.values()
        for name, value in (service.get("environment") or {}).items()
        if re.search("(?i)password|secret|token|connection_url", name)
    ]
    return [value for value in values if not re.search(r"\$\{\w+(:\?[^}]*)?\}", value)]


def ours_can_write_to_volumes_only(services: Services) -> list[str]:
    ours = {name: each for name, each in services.items() if "ingest" in str(each["image"])}
    kept = {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}
    return [
        f"{name}: {key}"
        for name, service in ours.items()
        for key, value in kept.items()
        if service.get(key) != value
    ]


def each_says_whether_it_is_healthy(services: Services) -> list[str]:
    own = {"ingest"}  # the image's own
    return [
        name for name, each in services.items() if "healthcheck" not in each and name not in own
    ]


def each_waits_for_what_it_needs(services: Services) -> list[str]:
    needed = {"server": "database", "ingest": "server"}
    return [
        name
        for name, other in needed.items()
        if services[name].get("depends_on", {}).get(other) != {"condition": "service_healthy"}
    ]


def nothing_runs_with_more_rights(services: Services) -> list[str]:
    forbidden = {"privileged", "cap_add", "pid", "ipc", "devices"}
    mounted = [str(v) for each in services.values() for v in each.get("volumes", [])]
    return [f"{n}: {k}" for n, each in services.items() for k in forbidden & each.keys()] + [
        volume for volume in mounted if volume.startswith(("/", ".", "~"))
    ]


COMPOSE_RULES = {
    ports_are_of_this_machine: ("127.0.0.1:4200:4200", "4200:4200"),
    secrets_come_from_outside: (
        "${POSTGRES_PASSWORD:?put POSTGRES_PASSWORD into deploy/docker/.env}",
        "ferry",
    ),
    ours_can_write_to_volumes_only: ("read_only: true", "read_only: false"),
    each_says_whether_it_is_healthy: ("healthcheck: {disable: true}", ""),
    each_waits_for_what_it_needs: ("{condition: service_healthy}", "{condition: service_started}"),
    nothing_runs_with_more_rights: ('"home:/data"]', '"/var/run/docker.sock:/s", "home:/data"]'),
}


@pytest.mark.parametrize("rule", COMPOSE_RULES, ids=lambda rule: rule.__name__)
def test_the_compose_file_keeps_the_rule(rule: Callable[[Services], list[str]]) -> None:
    assert rule(services_of(COMPOSE)) == []


@pytest.mark.parametrize("rule", COMPOSE_RULES, ids=lambda rule: rule.__name__)
def test_a_rule_sees_a_compose_file_that_breaks_it(rule: Callable[[Services], list[str]]) -> None:
    right, wrong = COMPOSE_RULES[rule]

    assert rule(services_of(COMPOSE.replace(right, wrong))) != []


def test_the_example_of_an_environment_holds_no_secret() -> None:
    lines = (DOCKER / "example.env").read_text().splitlines()

    assert [line for line in lines if line and not line.startswith("#")] == ["POSTGRES_PASSWORD="]


def test_the_real_environment_is_not_kept_in_the_repository() -> None:
    ignored = (REPOSITORY / ".gitignore").read_text().split()

    assert any(fnmatch.fnmatch(".env", pattern) for pattern in ignored)


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed")
def test_hadolint_has_nothing_against_the_dockerfile() -> None:
    done = subprocess.run(
        ["hadolint", DOCKER / "Dockerfile"], capture_output=True, text=True, timeout=60
    )

    assert done.stdout == ""


@pytest.mark.skipif(
    shutil.which("check-jsonschema") is None, reason="check-jsonschema is not installed"
)
@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.compose-spec", DOCKER / "compose.yaml"),
        ("vendor.github-workflows", REPOSITORY / ".github" / "workflows" / "ci.yml"),
    ],
)
def test_a_file_keeps_the_schema_that_its_reader_publishes(schema: str, file: Path) -> None:
    done = subprocess.run(
        ["check-jsonschema", "--builtin-schema", schema, file],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stdout


def find_interpreter() -> str:
    """Return a Python that the image could have, and that any user may run; skip without one."""
    probe = "import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    for path in (Path(sys.base_prefix) / "bin" / "python3", Path("/usr/bin/python3")):
        open_to_all = all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
        if open_to_all and subprocess.run([path, "-c", probe]).returncode == 0:
            return str(path)
    pytest.skip("no Python 3.11 to 3.13 that any user may run")


@pytest.fixture(scope="module")
def built() -> Iterator[Path]:
    """A folder in which the steps of the stage `build` were taken, as if it were its root."""
    python = find_interpreter()
    with tempfile.TemporaryDirectory(prefix="image-", dir="/tmp") as place:
        root = Path(place)
        root.chmod(0o755)
        where = root
        for name, words in stages_of(DOCKERFILE)[0]:
            if name == "WORKDIR":
                where = root / words.lstrip("/")
                where.mkdir(parents=True)
            elif name == "COPY":
                *sources, to = words.split()
                for source in sources:
                    copy(REPOSITORY / source, where / to)
            elif name == "RUN":
                command = words.replace("/opt/ingest", f"{root}/opt/ingest")
                command = command.replace("python3 -m venv", f"{python} -m venv")
                subprocess.run(["sh", "-ec", command], cwd=where, check=True, timeout=900)
        yield root


def copy(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to)
    else:
        to = to / source.name if to.is_dir() else to
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, to)


def home_of_nobody(built: Path) -> tuple[Path, list[str]]:
    """Return a new folder, and the words that run a command as who may write there alone."""
    home = Path(tempfile.mkdtemp(prefix="data-", dir=built))
    words: list[str] = []
    if os.geteuid() == 0:
        os.chown(home, 10001, 10001)
        words = ["setpriv", "--reuid=10001", "--regid=10001", "--clear-groups", "--no-new-privs"]
        words += ["--bounding-set=-all", "--inh-caps=-all"]
    return home, words


@pytest.mark.long
def test_what_the_steps_build_reads_the_samples_as_nobody_in_particular(built: Path) -> None:
    """Whoever runs it can write to the home alone, like the user of the image."""
    home, words = home_of_nobody(built)
    samples = shutil.copytree(SAMPLES, built / "samples")
    ingest = [*words, built / "opt/ingest/bin/ingest"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "INGEST_HOME": str(home)}
    more: dict[str, Any] = {"env": environment, "capture_output": True, "text": True, "cwd": home}
    run = subprocess.run([*ingest, "run", samples, "--allowed-rejections", "0.3"], **more)
    status = subprocess.run([*ingest, "status", "--json"], **more)

    assert run.returncode == 0, run.stderr
    assert json.loads(status.stdout)["articles"] > 30
    assert {path.stat().st_uid for path in home.rglob("*")} == {os.geteuid() or 10001}


@pytest.mark.long
@pytest.mark.usefixtures("built")
def test_what_the_steps_build_holds_no_tool_of_developers(built: Path) -> None:
    programs = {program.name for program in (built / "opt/ingest/bin").iterdir()}

    assert programs >= {"ingest", "prefect", "python"}
    assert programs & {"pip", "pytest", "ruff", "mypy", "hatchling"} == set()


SERVE = ["ingest", "serve", "--port"]
SERVER = ["prefect", "server", "start", "--host", "127.0.0.1", "--port"]


@pytest.mark.long
@pytest.mark.parametrize("command", [SERVE, SERVER], ids=["serve", "server"])
def test_a_server_of_what_the_steps_build_shows_its_pages(built: Path, command: list[str]) -> None:
    """Prefect puts its pages together when it starts, and may not where it is installed."""
    home, words = home_of_nobody(built)
    program, port = built / "opt/ingest/bin" / command[0], str(free_port())
    stated = dict(re.findall(r"(PREFECT_\w+)=(\S+)", DOCKERFILE))
    pages = {"PREFECT_UI_STATIC_DIRECTORY": str(home / "pages")} if command is SERVER else {}
    assert (stated.pop("PREFECT_UI_STATIC_DIRECTORY"), len(stated)) == ("/tmp/prefect-ui", 1)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "INGEST_HOME": str(home)}
    with (
        (home / "log").open("w") as log,
        subprocess.Popen(
            [*words, program, *command[1:], port],
            env=environment | stated | pages | {"PREFECT_HOME": str(home / "prefect")},
            cwd=home,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/api/health", process, seconds=180)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                page = answer.read()
        finally:
            process.terminate()
            process.wait(timeout=60)

    assert b"<html" in page.lower(), (home / "log").read_text()

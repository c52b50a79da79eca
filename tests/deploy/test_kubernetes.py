"""The Kubernetes manifests: kustomize renders them, they keep our rules and the schemas."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import REPOSITORY

FOLDER = REPOSITORY / "deploy" / "kubernetes"
Resource = dict[str, Any]


def read_resources() -> list[Resource]:
    """Return what kustomization.yaml lists, as it is written."""
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    return [each for name in listed for each in yaml.safe_load_all((FOLDER / name).read_text())]


RESOURCES = read_resources()


def pods_of(resources: list[Resource]) -> Iterator[tuple[str, Resource]]:
    """Yield the name and the pod of each thing that runs some."""
    for each in resources:
        spec = each.get("spec", {})
        if each["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            yield each["metadata"]["name"], spec["template"]["spec"]


def pods_fit_the_strictest_standard(resources: list[Resource]) -> list[str]:
    faults = []
    for name, pod in pods_of(resources):
        whole = pod.get("securityContext", {})
        faults += [f"{name}: may be root"] * (whole.get("runAsNonRoot") is not True)
        faults += [f"{name}: seccomp"] * (whole.get("seccompProfile") != {"type": "RuntimeDefault"})
        for container in pod["containers"]:
            own = container.get("securityContext", {})
            kept = {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            faults += [f"{name}: {key}" for key, value in kept.items() if own.get(key) != value]
    return faults


def pods_are_bounded(resources: list[Resource]) -> list[str]:
    return [
        name
        for name, pod in pods_of(resources)
        for container in pod["containers"]
        if not {"memory"} <= container.get("resources", {}).get("limits", {}).keys()
        or not {"cpu", "memory"} <= container["resources"].get("requests", {}).keys()
    ]


def pods_hold_no_key_to_the_cluster(resources: list[Resource]) -> list[str]:
    return [
        name
        for name, pod in pods_of(resources)
        if pod.get("automountServiceAccountToken") is not False
    ]


def one_process_serves_a_home(resources: list[Resource]) -> list[str]:
    return [
        each["metadata"]["name"]
        for each in resources
        if each["kind"] == "Deployment"
        and (each["spec"]["replicas"], each["spec"]["strategy"]) != (1, {"type": "Recreate"})
    ]


def volumes_that_are_claimed_are_there(resources: list[Resource]) -> list[str]:
    claims = {e["metadata"]["name"] for e in resources if e["kind"] == "PersistentVolumeClaim"}
    return [
        f"{name}: {volume['persistentVolumeClaim']['claimName']}"
        for name, pod in pods_of(resources)
        for volume in pod.get("volumes", [])
        if "persistentVolumeClaim" in volume
        and volume["persistentVolumeClaim"]["claimName"] not in claims
    ]


def no_secret_is_written_down(resources: list[Resource]) -> list[str]:
    secrets = [each["metadata"]["name"] for each in resources if each["kind"] == "Secret"]
    return secrets + [
        f"{name}: {variable['name']}"
        for name, pod in pods_of(resources)
        for container in pod["containers"]
        for variable in container.get("env", [])
        if "CONNECTION_URL" in variable["name"] and "value" in variable
    ]


def the_server_is_found_where_it_is_looked_for(resources: list[Resource]) -> list[str]:
    services = {each["metadata"]["name"] for each in resources if each["kind"] == "Service"}
    named = [
        variable["value"]
        for _, pod in pods_of(resources)
        for container in pod["containers"]
        for variable in container.get("env", [])
        if variable["name"] == "PREFECT_API_URL"
    ]
    return [url for url in named if url not in {f"http://{name}:4200/api" for name in services}]


def pod_of(resources: list[Resource], name: str) -> Resource:
    return next(pod for found, pod in pods_of(resources) if found == name)


def spec_of(resources: list[Resource], kind: str, name: str) -> Resource:
    found: Resource = next(
        each["spec"]
        for each in resources
        if (each["kind"], each["metadata"]["name"]) == (kind, name)
    )
    return found


RULES: dict[Callable[[list[Resource]], list[str]], Callable[[list[Resource]], object]] = {
    pods_fit_the_strictest_standard: lambda r: pod_of(r, "backup")["containers"][0].pop(
        "securityContext"
    ),
    pods_are_bounded: lambda r: pod_of(r, "ingest")["containers"][0]["resources"].pop("limits"),
    pods_hold_no_key_to_the_cluster: lambda r: pod_of(r, "ingest").pop(
        "automountServiceAccountToken"
    ),
    one_process_serves_a_home: lambda r: spec_of(r, "Deployment", "ingest").update(replicas=2),
    volumes_that_are_claimed_are_there: lambda r: [
        r.remove(each) for each in list(r) if each["kind"] == "PersistentVolumeClaim"
    ],
    no_secret_is_written_down: lambda r: r.append({"kind": "Secret", "metadata": {"name": "a"}}),
    the_server_is_found_where_it_is_looked_for: lambda r: [
        r.remove(each) for each in list(r) if each["kind"] == "Service"
    ],
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_manifests_keep_the_rule(rule: Callable[[list[Resource]], list[str]]) -> None:
    assert rule(RESOURCES) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_sees_what_breaks_it(rule: Callable[[list[Resource]], list[str]]) -> None:
    broken = deepcopy(RESOURCES)
    RULES[rule](broken)

    assert rule(broken) != []


def test_every_file_of_the_folder_is_used() -> None:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]

    assert {file.name for file in FOLDER.iterdir()} == {*listed, "kustomization.yaml"}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `kubectl apply -k` would send, in a file."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    done = subprocess.run(
        ["kubectl", "kustomize", FOLDER], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    file = tmp_path_factory.mktemp("rendered") / "all.yaml"
    file.write_text(done.stdout)
    return file


def test_kustomize_renders_every_resource(rendered: Path) -> None:
    made = list(yaml.safe_load_all(rendered.read_text()))
    images = {c["image"] for _, pod in pods_of(made) for c in pod["containers"]}

    assert len(made) == len(RESOURCES) + 1  # the settings
    assert {each["metadata"].get("namespace", "ingest") for each in made} == {"ingest"}
    assert "ingest" not in images  # each has a registry and a version


@pytest.mark.skipif(
    shutil.which("kubernetes-validate") is None, reason="kubernetes-validate is not installed"
)
@pytest.mark.parametrize("spoilt", [False, True])
def test_what_is_rendered_keeps_the_schemas_of_kubernetes(
    rendered: Path, tmp_path: Path, spoilt: bool
) -> None:
    file = tmp_path / "all.yaml"
    text = rendered.read_text()
    file.write_text(text.replace("replicas: 1", "replicars: 1") if spoilt else text)
    done = subprocess.run(
        ["kubernetes-validate", "--strict", file], capture_output=True, text=True, timeout=60
    )

    assert (done.returncode == 0) != spoilt, done.stdout + done.stderr

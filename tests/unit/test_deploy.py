"""The image and the manifests fit executor: exit codes, paths, and what the image is built of."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from executor import errors
from executor.plan.loader import load

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy/kubernetes"
EXAMPLE = KUBERNETES / "example"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs() -> dict[str, Any]:
    """What a Job's spec is, by its kind."""
    run, maintain = (read(KUBERNETES / f"base/{name}.yaml") for name in ("run", "maintain"))
    return {"Job": run["spec"], "CronJob": maintain["spec"]["jobTemplate"]["spec"]}


def test_a_job_fails_for_what_a_person_has_to_see_and_goes_on_after_the_rest():
    kinds = [errors.ExecutorError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    codes = {kind.exit_code for kind in kinds}
    for spec in jobs().values():
        rules = spec["podFailurePolicy"]["rules"]
        by_action = [(rule["action"], rule.get("onExitCodes", {}).get("values")) for rule in rules]
        assert by_action[:2] == [
            ("Ignore", None),
            ("Ignore", [errors.InterruptedRunError.exit_code]),
        ]
        assert by_action[2:] == [("FailJob", sorted(codes - {errors.LockError.exit_code, 130}))]
        assert spec["template"]["spec"]["restartPolicy"] == "Never"


def test_both_have_the_same_pod_that_can_write_nothing():
    run, maintain = (spec["template"]["spec"] for spec in jobs().values())
    (container,) = run["containers"]
    assert container.pop("args") == ["run", "plan"]
    assert maintain["containers"][0].pop("args") == ["maintain", "plan"]
    assert run == maintain
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert run["securityContext"]["runAsUser"] == 65532
    assert "USER 65532:65532" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_example_puts_its_plan_where_the_command_looks():
    example = read(EXAMPLE / "kustomization.yaml")
    (files,) = (one["files"] for one in example["configMapGenerator"])
    assert len(load(EXAMPLE / files[0]).plan.steps) > 30
    for patch in example["patches"]:
        target: Any = jobs()[patch["target"]["kind"]]
        for change in yaml.safe_load(patch["patch"]):
            *path, last = change["path"].partition("/template/")[2].split("/")
            place = target["template"]
            for key in path:
                place = place[int(key)] if key.isdecimal() else place[key]
            place[int(last) if last.isdecimal() else last] = change["value"]
        (container,) = target["template"]["spec"]["containers"]
        mount = container["volumeMounts"][0]
        assert mount["subPath"] == files[0]
        assert mount["mountPath"] == f"/plans/{container['args'][1]}.yaml"


def test_the_image_is_built_of_all_that_the_wheel_has():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], "pyproject.toml", "hatch_build.py"}
    needed |= {project["project"]["readme"], *project["project"]["license-files"]}
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = [line.split()[1:-1] for line in re.findall(r"^COPY (?!--).*$", text, re.MULTILINE)]
    assert {name for names in copied for name in names} == needed
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in kept if line.startswith("!")} == needed

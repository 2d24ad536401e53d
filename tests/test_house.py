"""The house itself: the lock, the package, the contracts, and that each rule which has a check is really checked."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ingest.cli.app import COMMANDS
from ingest.cli.owners import PACKAGES, refuse_second_owner
from policies.errors import WrongUsage
from tests.cli_runner import ROOT, call_conduct

LOCK = (ROOT / "requirements.lock").read_text()
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _wanted() -> list[str]:
    project = PYPROJECT["project"]
    lists = [project["dependencies"], PYPROJECT["dependency-groups"]["dev"], *project["optional-dependencies"].values()]
    return [_normal(re.split(r"[<>=\[; ]", line)[0]) for one in lists for line in one]


# ------------------------------------------------------------ the lock


def test_lock_has_no_addresses() -> None:
    assert "://" not in LOCK


def test_lock_holds_each_package_to_hashes() -> None:
    entries = re.split(r"\n(?=[a-z])", LOCK)

    assert len(entries) > 40
    assert all(re.match(r"[a-z0-9.-]+(\[[a-z]+\])?==\S+", entry) and "--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("name", sorted(set(_wanted())))
def test_lock_has_what_pyproject_wants(name: str) -> None:
    assert re.search(rf"^{re.escape(name)}(\[[a-z]+\])?==", LOCK, re.MULTILINE), f"run make lock: {name} is missing"


# ------------------------------------------------------------ the package


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built as pip builds it, from a copy."""
    hatchling = pytest.importorskip("hatchling.build")
    copy = tmp_path_factory.mktemp("copy") / "conduct"
    ignore = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, copy, ignore=ignore)
    before = Path.cwd()
    os.chdir(copy)
    try:
        name = hatchling.build_wheel(str(copy))
    finally:
        os.chdir(before)
    return zipfile.ZipFile(copy / name)


def test_wheel_holds_the_four_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_wheel_holds_every_file_of_the_packages(wheel: zipfile.ZipFile) -> None:
    packed = set(wheel.namelist())
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*") if file.is_file()]
    missing = [file.relative_to(ROOT).as_posix() for file in files if "__pycache__" not in file.parts]

    assert [name for name in missing if name not in packed] == []


def test_wheel_makes_the_command(wheel: zipfile.ZipFile) -> None:
    entry_points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))

    assert "conduct = ingest.cli.start:main" in wheel.read(entry_points).decode()


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_tells_a_newcomer_what_it_is(package: str) -> None:
    init = ROOT / package / "__init__.py"

    assert ast.get_docstring(ast.parse(init.read_text())), f"{init} needs a docstring"


# ------------------------------------------------------------ one owner of the four names


def _pretend_distribution(folder: Path, name: str, package: str) -> None:
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (metadata / "top_level.txt").write_text(f"{package}\n")


def test_sole_owner_passes() -> None:
    refuse_second_owner()


@pytest.mark.parametrize("package", PACKAGES)
def test_second_distribution_with_one_of_our_names_is_refused(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pretend_distribution(tmp_path, "stranger", package)
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(WrongUsage, match=rf"{package} .* stranger") as caught:
        refuse_second_owner()

    assert caught.value.code == "second-owner"


@pytest.mark.parametrize("package", ["policies", "records", "templates"])
def test_package_from_elsewhere_in_our_place_is_refused_at_every_start(package: str, tmp_path: Path) -> None:
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").touch()
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import ingest.cli.app as app;"
        f"sys.modules.pop({package!r}, None); sys.path.insert(0, {str(tmp_path)!r}); sys.exit(app.run(['--help']))"
    )

    finished = subprocess.run(  # the path is what is tested
        [sys.executable, "-P", "-c", script], capture_output=True, text=True, check=False, timeout=60
    )

    assert finished.returncode == 2
    assert f"The package {package} is also provided by {tmp_path}" in finished.stderr


# ------------------------------------------------------------ checks that really check


def _lint(folder: Path, file: str, code: str) -> str:
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(code)
    shutil.copy(ROOT / "pyproject.toml", folder / "pyproject.toml")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", file]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=folder)
    return finished.stdout


CLOCKS = ["datetime.datetime.now(datetime.UTC)", "datetime.datetime.utcnow()", "datetime.date.today()"]


@pytest.mark.parametrize("call", CLOCKS)
@pytest.mark.parametrize("file", ["policies/x.py", "records/x.py", "ingest/x.py"])
def test_clock_outside_its_home_is_refused(call: str, file: str, tmp_path: Path) -> None:
    assert "TID251" in _lint(tmp_path, file, f"import datetime\n\nX = {call}\n")


def test_clock_at_home_is_allowed(tmp_path: Path) -> None:
    assert "TID251" not in _lint(tmp_path, "ingest/clock.py", f"import datetime\n\nX = {CLOCKS[0]}\n")


HOMES = [
    ("policies/x.py", "random", "policies is pure"),
    ("policies/x.py", "pathlib", "policies is pure"),
    ("policies/x.py", "time", "policies is pure"),
    ("policies/x.py", "records", "One direction"),
    ("records/x.py", "ingest", "One direction"),
    ("templates/x.py", "records", "One direction"),
    ("ingest/x.py", "imapclient", "imapclient"),
    ("ingest/x.py", "mailparser", "reads mail"),
    ("ingest/x.py", "flufl.bounce", "reads mail"),
    ("ingest/x.py", "sqlalchemy", "sqlalchemy"),
    ("records/x.py", "cryptography", "cryptography"),
    ("ingest/x.py", "jinja2", "jinja2"),
    ("records/x.py", "rich", "click and rich"),
    ("ingest/x.py", "pydantic", "pydantic"),
    ("ingest/x.py", "apscheduler", "apscheduler"),
]


@pytest.fixture(scope="module")
def broken_contracts(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the import linter says of a small house in which every rule is broken once."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder / "pyproject.toml")
    for package in PACKAGES:
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    for number, (file, module, _) in enumerate(HOMES):
        (folder / file).with_name(f"x{number}.py").write_text(f"import {module}\n")
    program, environment = Path(sys.executable).with_name("lint-imports"), {**os.environ, "PYTHONPATH": str(folder)}
    finished = subprocess.run(
        [program, "--no-cache"], capture_output=True, text=True, check=False, timeout=60, cwd=folder, env=environment
    )
    return finished.stdout + finished.stderr


@pytest.mark.parametrize(("number", "name"), [(n, home[2]) for n, home in enumerate(HOMES)])
def test_library_away_from_home_breaks_a_contract(number: int, name: str, broken_contracts: str) -> None:
    file, module, _ = HOMES[number]
    importer = f"{file.split('/')[0]}.x{number}"

    assert re.search(rf"{importer} -> {module.split('.')[0]}\b", broken_contracts), broken_contracts
    assert re.search(rf"{name}.* BROKEN", broken_contracts)


# ------------------------------------------------------------ the command's table


def test_every_command_of_the_table_exists_and_explains_itself() -> None:
    for name in COMMANDS:
        answer = call_conduct(name, "--help").done()

        assert f"Usage: conduct {name}" in answer.out


def test_files_are_short_enough_to_read() -> None:
    lengths = {
        file: len(file.read_text().splitlines()) for package in PACKAGES for file in (ROOT / package).rglob("*.py")
    }

    assert {str(file.relative_to(ROOT)): length for file, length in lengths.items() if length > 350} == {}


def test_repository_names_no_place_of_its_making() -> None:
    """No file of the repository depends on the machine it was made on."""
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=False, cwd=ROOT)
    if listed.returncode != 0:
        pytest.skip("not a clone")
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name and name != "tests/test_house.py"]
    places = re.compile(rb"/work/(main|shared)|/tmp/w/")

    assert [str(file) for file in files if file.is_file() and places.search(file.read_bytes())] == []


def test_license_is_the_one_that_pyproject_names() -> None:
    assert PYPROJECT["project"]["license"] == "BSD-3-Clause"
    assert (ROOT / "LICENSE").read_text().startswith("BSD 3-Clause License")

"""Completion in real shells: commands, values of options, code names; no key, nobody's name, and never a word more."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from tests.cli_runner import ROOT, call_conduct
from tests.scenes import Scene, mail_from
from tests.servers.ports import not_installed
from tests.story import REPORTER


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("committee")
    scene = Scene.found(folder)
    letter = folder / "letter.eml"
    letter.write_bytes(bytes(mail_from(REPORTER, "Report")))
    scene.as_service("mail", "import", letter).done()
    return scene


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed command in it."""
    folder = tmp_path_factory.mktemp("bin")
    file = folder / "conduct"
    file.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -P -m ingest.cli "$@"\n')
    file.chmod(0o755)
    for shell in ("bash", "zsh", "fish"):
        (folder / f"conduct.{shell}").write_text(call_conduct("completion", shell).done().out)
    return folder


def environ(scene: Scene, program: Path) -> dict[str, str]:
    return {
        "PATH": f"{program}:{os.environ['PATH']}", "HOME": str(program), "CONDUCT_HOME": str(scene.home.root),
        "TERM": "dumb", "LANG": "C.UTF-8",
    }  # fmt: skip


def require(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        not_installed(shell)
    return found


def case_of(scene: Scene) -> str:
    code_name: str = scene.conduct("case", "list", "--json").done().json["cases"][0]["case"]
    return code_name.replace(" ", "-")


def in_bash(scene: Scene, program: Path, words: list[str]) -> list[str]:
    script = f"""
    source {program}/conduct.bash
    COMP_WORDS=({" ".join(f"'{word}'" for word in words)}); COMP_CWORD={len(words) - 1}
    _conduct_completion conduct
    printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        [require("bash"), "--norc", "-c", script],
        env=environ(scene, program),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


def in_fish(scene: Scene, program: Path, words: list[str]) -> list[str]:
    script = f"source {program}/conduct.fish; complete -C '{' '.join(words)}'"
    done = subprocess.run(
        [require("fish"), "--no-config", "-c", script], env=environ(scene, program), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("complete", [in_bash, in_fish])
def test_commands_options_and_their_values_are_completed(scene: Scene, program: Path, complete: object) -> None:
    assert callable(complete)

    assert {"retain", "review"} <= set(complete(scene, program, ["conduct", "re"]))
    assert set(complete(scene, program, ["conduct", "mail", "im"])) == {"import"}
    assert "--dry-run" in complete(scene, program, ["conduct", "mail", "import", "--d"])
    assert set(complete(scene, program, ["conduct", "case", "close", "x", "--outcome", "no"])) == {"no-violation"}
    assert "summary=" in complete(scene, program, ["conduct", "case", "edit", "amber-kettle", "su"])


@pytest.mark.parametrize("complete", [in_bash, in_fish])
def test_code_names_are_completed_without_a_key_and_nothing_else_of_a_case(
    scene: Scene, program: Path, complete: object
) -> None:
    assert callable(complete)
    case = case_of(scene)

    for command in (["case", "show"], ["case", "merge"], ["member", "recuse", "Noor"], ["retain", "hold"]):
        assert complete(scene, program, ["conduct", *command, case[:3]]) == [case]
    assert complete(scene, program, ["conduct", "case", "show", "zzz"]) == []
    assert complete(scene, program, ["conduct", "member", "remove", ""]) == []


def test_zsh_completes_in_the_line(scene: Scene, program: Path) -> None:
    case = case_of(scene)
    shell = pexpect.spawn(
        require("zsh"), ["-f", "-i"], env=environ(scene, program), encoding="utf-8", timeout=20, dimensions=(24, 200)
    )
    try:
        shell.sendline(
            f"PS1='> '; autoload -U compinit && compinit -D -u && source {program}/conduct.zsh; echo rea''dy"
        )
        shell.expect("ready")
        time.sleep(0.2)
        shell.send(f"conduct case show {case[:4]}\t")
        shell.expect(f"conduct case show .*{case[-3:]}")
        shell.sendcontrol("u")
        shell.send("conduct mail impo\t")
        shell.expect("import")
    finally:
        shell.close(force=True)


@pytest.mark.parametrize("home", ["missing", "empty"])
def test_where_there_is_no_home_nothing_is_said(program: Path, scene: Scene, tmp_path: Path, home: str) -> None:
    (tmp_path / "empty").mkdir(mode=0o700)
    env = {**environ(scene, program), "CONDUCT_HOME": str(tmp_path / home), "_CONDUCT_COMPLETE": "bash_complete",
           "COMP_WORDS": "conduct case show a", "COMP_CWORD": "3"}  # fmt: skip
    done = subprocess.run([program / "conduct"], env=env, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")

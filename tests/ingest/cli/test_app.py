"""The command as a whole: help, start-up, options before and after, and what becomes of whatever is raised."""

from __future__ import annotations

import errno
import os
import pty
import re
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import click
import pexpect
import pytest

from ingest import __version__
from ingest.cli import app
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.cli.terminal import ask, ask_new_passphrase, ask_passphrase, confirm
from policies.errors import ConductError, LockedElsewhere, Refused, Unavailable, UnreadableInput, WrongUsage
from tests.cli_runner import ROOT, Completed, call_conduct, run_conduct

Body = Callable[[Session], object]
Trial = Callable[[Body], None]


@pytest.fixture
def trial_command(monkeypatch: pytest.MonkeyPatch) -> Trial:
    """Put a command ``probe`` into the table whose body is a function of the test's."""

    def put(body: Body) -> None:
        @click.command("probe")
        @format_option()
        @pass_session
        def command(session: Session) -> object:
            return body(session)

        module = types.ModuleType("tests_probe")
        module.command = command  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "tests_probe", module)
        monkeypatch.setattr(app, "COMMANDS", {**app.COMMANDS, "probe": ("tests_probe:command", "A probe.")})

    return put


def _raise(error: BaseException) -> Body:
    def body(_: Session) -> None:
        raise error

    return body


# ------------------------------------------------------------ help and start-up


def test_help_lists_commands_and_exit_statuses() -> None:
    answer = call_conduct("--help").done()

    assert all(re.search(rf"^  {name} ", answer.out, re.MULTILINE) for name in app.COMMANDS)
    assert [line.split()[0] for line in answer.out.splitlines() if re.match(r"    \d  ", line)] == list("012345")


def test_version() -> None:
    assert call_conduct("--version").done().out == f"conduct {__version__}\n"


def test_help_needs_no_home(tmp_path: Path) -> None:
    call_conduct("config", "show", "--help", home=tmp_path / "nowhere").done()


def test_start_up_reads_no_heavy_library() -> None:
    heavy = {"sqlalchemy", "rich", "alembic", "pydantic", "mailparser", "cryptography", "jinja2", "imapclient", "lxml"}
    script = "import sys, ingest.cli.app as app; app.run(['--help']); print(*sorted(sys.modules), file=sys.stderr)"

    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60, cwd=ROOT
    )

    assert heavy & set(finished.stderr.split()) == set()


def test_nothing_is_read_before_looks_for_cycles_are_put_off() -> None:
    script = "import sys, ingest.cli.start; print('click' in sys.modules, 'ingest.cli.app' in sys.modules)"
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60, cwd=ROOT
    )

    assert finished.stdout.split() == ["False", "False"]


def test_bare_command_shows_help_and_is_wrong_usage() -> None:
    assert "Usage: conduct" in call_conduct().done(2).err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["confg"], "Did you mean 'config'"),
        (["config", "shw"], "Did you mean"),
        (["config", "show", "--formt", "json"], "--format"),
        (["config", "show", "--format", "yaml"], "'text', 'json'"),
        (["config", "show", "more"], "conduct config show --help"),
    ],
)
def test_wrong_usage_says_what_would_be_right(args: list[str], words: str) -> None:
    answer = call_conduct(*args).done(2)

    assert words in answer.err
    assert answer.out == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(shell: str) -> None:
    assert "_CONDUCT_COMPLETE" in call_conduct("completion", shell).done().out


def test_completion_of_a_command() -> None:
    environment = {"_CONDUCT_COMPLETE": "bash_complete", "COMP_WORDS": "conduct config ", "COMP_CWORD": "2"}

    assert run_conduct(env=environment).done().out.split() == ["plain,show", "plain,check"]


# ------------------------------------------------------------ options


@pytest.mark.parametrize("order", ["before", "after", "variable"])
def test_common_options_stand_before_and_after_and_in_the_environment(
    order: str, trial_command: Trial, tmp_path: Path
) -> None:
    seen: list[object] = []
    trial_command(lambda s: seen.extend([s.home.root, s.identity_option, s.passphrase_file, s.no_input]))
    options = ["--home", tmp_path, "--identity", "/k", "--passphrase-file", "/p", "--no-input"]
    variables = {"CONDUCT_HOME": str(tmp_path), "CONDUCT_IDENTITY": "/k", "CONDUCT_PASSPHRASE_FILE": "/p"}

    if order == "variable":
        call_conduct("probe", "--no-input", env=variables).done()
    else:
        call_conduct(*(["probe", *options] if order == "after" else [*options, "probe"])).done()

    assert seen == [tmp_path, Path("/k"), Path("/p"), True]


def test_option_is_stronger_than_variable_and_the_later_than_the_earlier(trial_command: Trial, tmp_path: Path) -> None:
    seen: list[Path] = []
    trial_command(lambda s: seen.append(s.home.root))

    call_conduct("--home", "/b", "probe", "--home", tmp_path, env={"CONDUCT_HOME": "/a"}).done()

    assert seen == [tmp_path]


def test_identity_is_the_users_own_else_the_homes(trial_command: Trial, home_folder: Path) -> None:
    seen: list[Path] = []
    trial_command(lambda s: seen.append(s.existing_identities()[0]))
    own = Path(os.environ["XDG_CONFIG_HOME"]) / "conduct" / "identity.key"

    assert "--identity" in call_conduct("probe", home=home_folder).done(2).err
    for file in (home_folder / "identity.key", own):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        call_conduct("probe", home=home_folder).done()

    assert seen == [home_folder / "identity.key", own]


def test_identity_open_to_others_is_refused(trial_command: Trial, home_folder: Path) -> None:
    trial_command(lambda s: s.existing_identities())
    key = home_folder / "mine.key"
    key.touch()
    key.chmod(0o644)

    assert f"chmod 600 {key}" in call_conduct("probe", "--identity", key, home=home_folder).done(2).err


# ------------------------------------------------------------ what is raised


@pytest.mark.parametrize(
    ("error", "status"),
    [(Refused, 1), (WrongUsage, 2), (UnreadableInput, 3), (Unavailable, 4), (LockedElsewhere, 5)],
)
def test_each_branch_of_errors_has_its_status(error: type[ConductError], status: int, trial_command: Trial) -> None:
    trial_command(_raise(error("code", "It did not work.", "Do this.")))

    assert call_conduct("probe") == Completed(status, "", "conduct: It did not work.\n  Do this.\n")


def test_fault_of_ours_is_one_line_without_what_was_worked_on(trial_command: Trial) -> None:
    trial_command(_raise(ValueError("Marker Person <marker@example.org>")))

    answer = call_conduct("probe").done(70)

    assert re.match(r"conduct: a fault of ours, [0-9a-f]{8}: ValueError in tests/\S+/test_app\.py:\d+\.\n", answer.err)
    assert "arker" not in answer.err + answer.out


def test_fault_in_a_library_is_placed_at_our_line(trial_command: Trial) -> None:
    trial_command(lambda _: click.Choice(3))  # type: ignore[arg-type]

    assert "TypeError in tests/ingest/cli/test_app.py" in call_conduct("probe").done(70).err


def test_traceback_only_where_nothing_is_real(trial_command: Trial, home_folder: Path) -> None:
    def body(session: Session) -> None:
        assert session.settings.trial in {True, False}
        raise ValueError

    trial_command(body)
    assert "Traceback" in call_conduct("probe", home=home_folder, env={"CONDUCT_DEBUG": "1"}).done(70).err
    (home_folder / "conduct.toml").write_text('address = "conduct@example.org"')
    assert "Traceback" not in call_conduct("probe", home=home_folder, env={"CONDUCT_DEBUG": "1"}).done(70).err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (OSError(errno.ENOSPC, "No space left on device"), 4),
        (OSError(errno.EDQUOT, "Quota"), 4),
        (OSError(errno.EIO, "I/O"), 70),
        (SystemExit(3), 3),
        (RecursionError(), 70),
        (MemoryError(), 70),
    ],
)
def test_what_else_is_raised(error: BaseException, status: int, trial_command: Trial) -> None:
    trial_command(_raise(error))

    call_conduct("probe").done(status)


def test_full_device_is_no_success(home_folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        finished = subprocess.run(
            [sys.executable, "-m", "ingest.cli", "--home", home_folder, "config", "show"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60, cwd=ROOT,
        )  # fmt: skip

    assert finished.returncode == 4
    assert "disk is full" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_reader_who_leaves_is_no_matter(home_folder: Path) -> None:
    script = f"{sys.executable} -m ingest.cli --home {home_folder} config show | true; exit ${{PIPESTATUS[0]}}"

    finished = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)

    assert finished.returncode in {0, 141}
    assert [line for line in finished.stderr.splitlines() if "trial home" not in line] == []


def test_status_of_a_command_is_the_status(trial_command: Trial) -> None:
    trial_command(lambda _: 1)

    call_conduct("probe").done(1)


def test_keys_never_lie_in_core_files() -> None:
    script = (
        "import resource, ingest.cli.app as a; a.run(['--version']); print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )

    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)

    assert finished.stdout.splitlines()[-1] == "0"


# ------------------------------------------------------------ trial homes


def test_trial_home_says_so_in_every_output(trial_command: Trial, home_folder: Path) -> None:
    def body(session: Session) -> None:
        assert session.settings.trial in {True, False}
        emit(session, "done", {"done": True})

    trial_command(body)

    assert call_conduct("probe", "--json", home=home_folder).done().json == {"schema": 1, "trial": True, "done": True}
    assert "trial home" in call_conduct("probe", home=home_folder).done().err


def test_clock_of_a_trial_home(trial_command: Trial, home_folder: Path) -> None:
    trial_command(lambda s: emit(s, "", {"today": s.clock.today(), "now": s.clock.now()}))

    answer = call_conduct("probe", "--json", home=home_folder, env={"CONDUCT_TODAY": "2028-02-29"}).done()

    assert answer.json["today"] == "2028-02-29"
    assert re.fullmatch(r"2028-02-29T\d\d:\d\d:\d\dZ", answer.json["now"])


def test_loose_home_is_refused_before_anything_is_read(trial_command: Trial, home_folder: Path) -> None:
    trial_command(lambda s: s.settings)
    home_folder.chmod(0o777)

    assert f"chmod 700 {home_folder}" in call_conduct("probe", home=home_folder).done(2).err


# ------------------------------------------------------------ asking


@pytest.mark.parametrize(
    ("question", "option"),
    [
        (lambda s: ask(s, "Name", "--name"), "--name"),
        (lambda s: confirm(s, "Really?"), "--yes"),
        (ask_passphrase, "--passphrase-file"),
        (ask_new_passphrase, "--passphrase-file"),
    ],
)
def test_missing_answer_names_the_option(question: Body, option: str, trial_command: Trial) -> None:
    trial_command(question)

    assert f"Give {option}." in call_conduct("probe", "--no-input").done(2).err
    assert f"Give {option}." in call_conduct("probe").done(2).err


def test_passphrase_is_the_first_line_of_a_file(trial_command: Trial, tmp_path: Path) -> None:
    seen: list[str] = []
    trial_command(lambda s: seen.extend([ask_passphrase(s), ask_new_passphrase(s)]))
    (tmp_path / "pp").write_text("correct horse \nmore\n")
    (tmp_path / "pp").chmod(0o600)

    call_conduct("probe", "--passphrase-file", tmp_path / "pp").done()

    assert seen == ["correct horse "] * 2


def test_passphrase_file_open_to_others_is_used_with_a_warning(trial_command: Trial, tmp_path: Path) -> None:
    """Containers and secret stores hand such files over, and nobody here decides their modes."""
    seen: list[str] = []
    trial_command(lambda s: seen.append(ask_passphrase(s)))
    (tmp_path / "pp").write_text("x\n")
    (tmp_path / "pp").chmod(0o644)

    assert "chmod 600" in call_conduct("probe", "--passphrase-file", tmp_path / "pp").done().err
    assert seen == ["x"]


def test_passphrase_may_come_by_standard_input(trial_command: Trial) -> None:
    seen: list[str] = []
    trial_command(lambda s: seen.append(ask_passphrase(s)))

    call_conduct("probe", "--passphrase-file", "-", stdin="from a pipe\nrest").done()

    assert seen == ["from a pipe"]


def test_passphrase_command_of_the_configuration(trial_command: Trial, home_folder: Path) -> None:
    seen: list[str] = []
    trial_command(lambda s: seen.append(ask_passphrase(s)))
    (home_folder / "conduct.toml").write_text(
        'address = "conduct@example.org"\npassphrase_command = ["printf", "by command\\n"]'
    )

    call_conduct("probe", home=home_folder).done()

    assert seen == ["by command"]


PROBE = """
import click, sys
from ingest.cli import app
from ingest.cli.context import pass_session
from ingest.cli.terminal import ask, ask_new_passphrase, ask_passphrase, confirm

@click.command()
@pass_session
def command(session):
    print("got", ask(session, "Name", "--name"), confirm(session, "Sure?"), ask_passphrase(session))
    print("new", ask_new_passphrase(session))

sys.modules["probe"] = sys.modules["__main__"]
app.COMMANDS = {"probe": ("probe:command", "A probe.")}
sys.exit(app.run(["probe"]))
"""


def test_person_at_a_terminal_is_asked_and_her_passphrase_is_not_shown() -> None:
    child = pexpect.spawn(sys.executable, ["-c", PROBE], cwd=str(ROOT), encoding="utf-8", timeout=30)
    for question, reply in [("Name: ", "Ada"), ("Sure", "y"), ("Passphrase of your identity: ", "open sesame")]:
        child.expect_exact(question)
        child.sendline(reply)
    child.expect_exact("got Ada True open sesame")
    shown_while_typing = child.before or ""
    for question in ("New passphrase of your identity: ", "Repeat for confirmation: "):
        child.expect_exact(question)
        child.sendline("brand new")
    child.expect_exact("new brand new")
    child.expect(pexpect.EOF)

    assert "open sesame" not in shown_while_typing


def test_interrupt_at_a_question_ends_quietly() -> None:
    child = pexpect.spawn(sys.executable, ["-c", PROBE], cwd=str(ROOT), encoding="utf-8", timeout=30)
    child.expect_exact("Name: ")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 130
    assert "Traceback" not in (child.before or "")


def test_output_off_the_terminal_means_nobody_is_asked() -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", PROBE]
    try:
        finished = subprocess.run(
            command,
            stdin=theirs,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
            cwd=ROOT,
        )
    finally:
        os.close(ours)
        os.close(theirs)

    assert finished.returncode == 2
    assert "Give --name." in finished.stderr

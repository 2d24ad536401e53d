"""What the verdict says beside its findings: what cannot be mended, what was let pass, what was not compared."""

from __future__ import annotations

import time

import pytest

from policies.errors import Refused, WrongUsage
from policies.lint.allowing import LIFTED_BY, Allowance, for_safety
from policies.lint.check import check
from policies.lint.checked import Checked, Settings, Stored, Via
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from policies.lint.ngrams import MAX_WORDS
from policies.lint.redaction import redactor
from policies.lint.rules import RULES
from policies.lint.verdict import Outcome, Override, Verdict
from tests.policies.lint.builders import ANSWERED, CONTEXT, ON, draft, findings

JOINED = "care@club.example.org, Paul Dorn <paul@dorn.example.com>, Bo Rook <bo@example.com>"
SIGNED = 'multipart/signed; protocol="application/pgp-signature"; boundary="s"'
SIGNATURE = "--s\nContent-Type: application/pgp-signature\n\nxx\n--s--\n"
CLEAR = "-----BEGIN PGP SIGNATURE-----\n\nxx\n-----END PGP SIGNATURE-----\n"
DKIM = "DKIM-Signature: v=1; a=rsa-sha256; h=From:To:Cc; b=x\n"


def _checked(raw: bytes, *earlier: bytes, case: object = CONTEXT["case"]) -> Checked:
    stored = [Stored(Draft(one), Via.CONDUCT) for one in (ANSWERED, *earlier)]
    return Checked(Draft(raw), parse_context({**CONTEXT, "case": case}), stored, ON, settings=Settings())


def _verdict(raw: bytes, *allowances: Allowance) -> Verdict:
    return check(_checked(raw), allowances)


@pytest.mark.parametrize(
    "raw",
    [
        draft(f"--s\nContent-Type: text/plain\n\nHello,\n{SIGNATURE}", cc=JOINED, kind=SIGNED),
        draft(cc=JOINED, extra=DKIM),
        draft(f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello,\n{CLEAR}", cc=JOINED),
        draft(cc=JOINED, extra="To: Other <o@example.com>\n"),
    ],
    ids=["pgp-mime", "dkim", "clear-signed", "malformed"],
)  # fmt: skip
def test_what_a_signature_keeps_from_being_mended_is_not_called_fixable(raw: bytes) -> None:
    verdict = _verdict(raw)
    missing = [finding for finding in verdict.findings if finding.rule == "note-missing"]

    assert missing
    assert not any(finding.fixable for finding in verdict.findings)
    assert {finding.rule for finding in verdict.to_mend} >= {"note-missing"}


def test_unsigned_it_is_fixable_and_a_copy_may_be_though_the_text_is_signed() -> None:
    assert [each.fixable for each in _verdict(draft(cc=JOINED)).findings] == [True]
    signed = f"--s\nContent-Type: text/plain\n\nHello,\n{SIGNATURE}"
    found = {each.rule: each.fixable for each in _verdict(draft(signed, cc="bo@example.com", kind=SIGNED)).findings}
    assert (found["conduct-cc"], found["note-missing"]) == (True, False)


def test_what_is_let_pass_is_told_beside_the_findings() -> None:
    raw = draft(cc=JOINED)

    for about in ("", "bo@example.com", "BO@example.com"):
        verdict = _verdict(raw, Allowance("note-missing", about, "so"))
        assert (verdict.outcome, [each.about for each in verdict.allowed]) == (Outcome.PASS, ["bo@example.com"])
    verdict = _verdict(raw, Allowance("note-missing", "other@example.com", "so"))
    assert (verdict.outcome, verdict.allowed) == (Outcome.BLOCK, ())


def test_what_no_reason_lifts_says_what_would() -> None:
    never = {rule.id for rule in RULES.values() if rule.override is Override.NEVER}

    assert LIFTED_BY.keys() == never
    for rule in never:
        with pytest.raises(Refused) as caught:
            _verdict(draft(), Allowance(rule, "", "so"))
        assert LIFTED_BY[rule] in (caught.value.hint or "")
    with pytest.raises(WrongUsage):
        _verdict(draft(), Allowance("no-such-rule", "", "so"))


@pytest.mark.parametrize(
    ("words", "passes"),
    [
        ("you are suspended from the chat, with immediate effect.", True),
        ("this is our final decision.", False),
        ("this is final.", False),
    ],
)
def test_safety_lets_a_measure_pass_and_no_final_decision(words: str, *, passes: bool) -> None:
    from ingest.wording import read_wording

    raw = draft(
        f"Hello,\n\n{words}\n", to="ruben@vale.example.com", cc="care@club.example.org", answers="", subject="X"
    )
    checked = Checked(Draft(raw), parse_context(CONTEXT), (), ON, settings=Settings(wording=read_wording()))

    assert "right-of-reply" in {finding.rule for finding in check(checked).findings}
    left = {finding.rule for finding in check(checked, [for_safety("at the door")]).findings}
    assert ("right-of-reply" not in left) is passes


def test_one_person_told_of_by_several_spellings_is_uncorroborated_once() -> None:
    raw = draft("Hello,\n\nRuben Vale spoke; Ruben left, and ruben@vale.example.com wrote. Vale too.\n", cc="")
    found = [finding for finding in findings(raw) if finding.rule == "subject-uncorroborated"]

    assert [finding.line for finding in found] == [3]


def test_earlier_mail_beyond_what_is_compared_is_said() -> None:
    head = b"From: dana@okoye.example.net\nTo: care@club.example.org\nMessage-ID: <long@x>\n\n"
    short, longer = head + b"a few words\n" * 10, head + b"to be or not to be so\n" * (MAX_WORDS // 7 + 1)

    assert not any("were compared" in line for line in check(_checked(draft(), short)).not_checked)
    assert any("not all of their words were compared" in line for line in check(_checked(draft(), longer)).not_checked)
    assert not any("were compared" in line for line in check(_checked(draft(), longer, case=None)).not_checked)


def test_a_thread_flooded_with_text_is_checked_and_the_report_still_counts() -> None:
    head = "From: dana@okoye.example.net\nTo: care@club.example.org\nMessage-ID: <{}@x>\n\n"
    report = head.format("report") + "He took my badge from the table and went out of the hall with it.\n"
    flood = [(head.format(number) + f"to be or not to be so {number}\n" * 90_000).encode() for number in range(12)]
    raw = draft("Hello,\n\nHe took my badge from the table and went out of the hall with it.\n", cc="")
    began = time.process_time()
    verdict = check(_checked(raw, *flood, report.encode()))

    assert "content-forwarded" in {finding.rule for finding in verdict.findings}
    assert any("not all of their words were compared" in line for line in verdict.not_checked)
    assert time.process_time() - began < 20


def test_draft_beyond_what_is_compared_is_an_error() -> None:
    verdict = _verdict(draft("a b c d e f\n" * (MAX_WORDS // 6 + 1)))

    assert [finding.rule for finding in verdict.findings if "not compared" in finding.message] == ["mail-malformed"]


def test_reporters_and_witnesses_are_blacked_out_and_who_is_reported_is_not() -> None:
    witness = {"name": "Wilma Witt", "addresses": [], "handles": ["wwitt"]}
    checked = _checked(draft(), case={**CONTEXT["case"], "witnesses": [witness]})

    shown = redactor(checked)("Dana Okoye, Wilma, @wwitt and Ruben Vale", ())
    assert shown == "‹reporter 1›, ‹witness 1›, @‹witness 1› and Ruben Vale"

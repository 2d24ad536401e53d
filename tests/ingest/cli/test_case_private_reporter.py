"""The private reporter is in no field of the record, in no spelling, whoever writes it; and nobody is in what stays."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from records import cases, keyring, mail, parts
from tests.scenes import Post, Scene, mail_from
from tests.story import Story

DAY = "2026-03-02"
REPORTER = "Jörg Łęcki-Berger <joerg.lecki+coc@mail.example>"
JAPANESE = "佐藤 美咲 <misaki@mail.example>"
SHORT = "Li Na <ln@mail.example>"

NAMING = {
    "full name": "Jörg Łęcki-Berger was shouted at.",
    "a part": "Berger says that it was loud.",
    "without umlauts": "Jorg said so.",
    "umlauts spelled out": "JOERG said so.",
    "without strokes": "as lecki told",
    "combining marks": "Jo\u0308rg said so.",
    "full width": "Ｂｅｒｇｅｒ said so.",
    "invisible letters": "Ber\u200bger said so.",
    "the address": "write to joerg.lecki@mail.example",
    "the address with a tag": "write to JOERG.LECKI+x@MAIL.example",
    "the handle in the address": "joerg.lecki wrote",
    "run together": "user joerglecki wrote",
    "with a genitive": "Jörg's report",
}
FIELDS = ("summary", "outcome_to_share", "action_by_us", "action_by_local_rep", "general_note", "space")
FREE = {
    "another word": "A bergere is a chair; a georgic is a poem.",
    "somebody else's address": "bo@mail.example was written to.",
    "a link": "https://forum.example/t/1 has it.",
}


@pytest.fixture
def story(tmp_path: Path, pymap_account: Post) -> Story:
    return Story(Scene.found(tmp_path, pymap_account))


def record(story: Story, sender: str = REPORTER, *words: str) -> str:
    return story.record(DAY, sender=sender, words=words)


def blind(story: Story, case: str) -> None:
    """Noor can read the record, and neither the report nor the reporter's part."""
    noor = story.scene.member("Noor").keyring.member
    with story.scene.opened() as store, store.writing() as transaction:
        for each in mail.stored(transaction):
            keyring.revoke(transaction, mail.object_id(each.mail), noor)
        for each_case in cases.every(transaction):
            keyring.revoke(transaction, parts.reporter_object(each_case.id), noor)
    shown = story.do("case", "show", case, "--json", on=DAY, who="Noor")
    assert "rg" not in "".join(shown.json["fields"]["reporter"]["value"].split("Priya Raman"))
    assert shown.json["fields"]["reporter"]["suggestions"] == []


def test_the_record_names_the_member_who_handles_it(story: Story) -> None:
    case = record(story)

    fields = story.do("case", "show", case, "--json", on=DAY).json["fields"]
    assert fields["reporter"]["value"] == "Priya Raman"
    story.do("case", "edit", case, "reporter=Tomas Novak", on=DAY)
    assert story.cases(DAY)[case]["handler"] == "Tomas Novak"


def test_no_spelling_of_her_gets_into_any_field_by_a_member_who_may_not_know_her(story: Story) -> None:
    case = record(story)
    blind(story, case)

    for text in NAMING.values():
        fields = [f"{field}={text}" for field in FIELDS]
        refused = story.do("case", "edit", case, *fields, on=DAY, who="Noor", status=1)
        assert f"named in: {', '.join(sorted(FIELDS))}." in refused.err
        assert not set(text.split()) & set(refused.err.split()) - {"it", "in", "to", "is", "was"}
    assert story.do("case", "show", case, "--json", on=DAY).json["fields"]["summary"]["value"] is None


@pytest.mark.parametrize("text", FREE.values(), ids=FREE.keys())
def test_other_words_may_be_written(story: Story, text: str) -> None:
    case = record(story)

    story.do("case", "edit", case, f"summary={text}", on=DAY)

    assert story.do("case", "show", case, "--json", on=DAY).json["fields"]["summary"]["value"] == text


@pytest.mark.parametrize(
    ("sender", "text"),
    [(JAPANESE, "昨日、佐藤さんが話しました"), (JAPANESE, "美咲さん"), (SHORT, "li na said so"), (SHORT, "NA, LI")],
)
def test_names_of_short_words_and_of_other_scripts_are_found(story: Story, sender: str, text: str) -> None:
    case = record(story, sender)

    story.do("case", "edit", case, f"summary={text}", on=DAY, status=1)
    story.do("case", "edit", case, "summary=Line nine, 佐渡.", on=DAY)


def test_accepting_and_closing_refuse_as_well_and_leave_nothing_half_done(story: Story) -> None:
    case = story.report(DAY, sender=REPORTER)

    story.do("case", "accept", case, "--subject", "Bo Rook <@borook>", "summary=Jörg told us.", on=DAY, status=1)
    assert story.cases(DAY)[case]["status"] == "draft"
    story.do("case", "accept", case, "--subject", "Bo Rook <@borook>", on=DAY)
    story.do("case", "close", case, "--outcome", "resolved", "outcome_to_share=Jörg is well.", on=DAY, status=1)
    shown = story.do("case", "show", case, "--json", on=DAY).json
    assert (shown["status"], shown["fields"]["outcome_to_share"]["value"]) == ("open", None)


def test_reasons_lie_in_the_record_and_do_not_name_her_either(story: Story) -> None:
    case = record(story)
    story.close(case, "resolved", DAY)

    for words in (("hold", case), ("deviate", case, "--until", "2027-01-01")):
        refused = story.do("retain", *words, "--reason", "Berger asked for it", on=DAY, status=1)
        assert "named in: reason" in refused.err
    assert story.do("agree", "--json", on=DAY).json["acts"] == []


@pytest.mark.parametrize("subject", ["J. B. <joerg.lecki@mail.example>", "Joerg Lecki-Berger <@other>"])
def test_she_is_not_named_as_a_subject(story: Story, subject: str) -> None:
    case = record(story)

    story.do("case", "edit", case, "--subject", subject, on=DAY, status=1)
    story.do("case", "edit", case, "--subject", "Ute Łęcki-Berger <@ute>", on=DAY)


def test_an_official_reporter_is_named(story: Story) -> None:
    case = record(story, REPORTER, "--reporter-kind", "official", "summary=Jörg told us.")

    fields = story.do("case", "show", case, "--json", on=DAY).json["fields"]
    assert "Jörg" in fields["reporter"]["value"]
    assert fields["summary"]["value"] == "Jörg told us."


def test_the_writer_of_mail_that_is_merged_in_is_kept_out_too(story: Story) -> None:
    case = record(story)
    other = story.report("2026-03-03", sender="Cyd Ferrer <cyd@mail.example>")
    story.do("case", "merge", other, case, on=DAY)

    story.do("case", "edit", case, "summary=Cyd saw it.", on=DAY, status=1)
    story.do("case", "edit", case, "summary=Berger saw it.", on=DAY, status=1)


def test_two_merged_drafts_have_two_reporters(story: Story) -> None:
    first = story.report(DAY, sender=REPORTER)
    other = story.report("2026-03-03", sender="Cyd Ferrer <cyd@mail.example>")
    story.do("case", "merge", other, first, on=DAY)
    story.do("case", "accept", first, on=DAY)

    for text in ("Cyd saw it.", "Berger saw it."):
        story.do("case", "edit", first, f"summary={text}", on=DAY, status=1)


def test_the_address_that_she_wants_answers_at_is_hers(story: Story) -> None:
    mail_of = mail_from(REPORTER, "In the hall", headers={"Reply-To": "Quiet Fox <quietfox@elsewhere.example>"})
    case = story.report(DAY, mail_of)
    story.do("case", "accept", case, on=DAY)

    story.do("case", "edit", case, "summary=quietfox saw it.", on=DAY, status=1)


# --- what stays when the record goes

KNOWN = ("with Rook", "@borook", "bo@mail.example", "wim van dyke", "Jörg", "see https://x.example/1")
STAYS = ("space", "category", "region", "general_note")


def test_closing_refuses_whoever_the_case_knows_in_what_stays(story: Story) -> None:
    mail_of = mail_from(REPORTER, "In the hall", headers={"Cc": "Wim van Dyke <wim@mail.example>"})
    case = story.report(DAY, mail_of)
    story.do("case", "accept", case, "--subject", "Bo Rook <@borook, bo@mail.example>", on=DAY)

    for field, text in itertools.product(STAYS, KNOWN):
        refused = story.do("case", "close", case, "--outcome", "resolved", f"{field}={text}", on=DAY, status=1)
        assert f"named in: {field}" in refused.err
        assert "rook" not in refused.err.casefold()
    assert story.cases(DAY)[case]["status"] == "open"
    story.do("case", "close", case, "--outcome", "resolved", *(f"{field}=the team chat" for field in STAYS), on=DAY)


def test_names_of_a_public_reporter_do_not_stay_either(story: Story) -> None:
    case = record(story, REPORTER, "--reporter-kind", "public")

    story.do("case", "close", case, "--outcome", "resolved", "space=Bergers Kneipe, Berger", on=DAY, status=1)
    story.do("case", "close", case, "--outcome", "resolved", "space=Conduct team chat", on=DAY)

"""Days, places, contacts, who reports and who already acted: proposed as they stand in the mail."""

from __future__ import annotations

import pytest

from policies.mail import Address
from tests.policies.intake_builders import SENDER, WRITTEN, proposed, taken

# Written on 2026-06-10 in UTC, on the 11th where the sender lives.
DAYS = [
    ("On 2026-05-05 they shouted.", ["2026-05-05"]),
    ("On 5 May 2026 they shouted.", ["2026-05-05"]),
    ("On May 5th, 2026 they shouted.", ["2026-05-05"]),
    ("On 5 May they shouted.", ["2026-05-05"]),
    ("On 5 November they shouted.", ["2025-11-05"]),
    ("On 29 February they shouted.", []),
    ("Am 2. Mai 2026 und am 03.05.2026 schrien sie.", ["2026-05-02", "2026-05-03"]),
    ("Am 2. Mai schrien sie.", ["2026-05-02"]),
    ("Le 1er mai 2026 ils ont crié.", ["2026-05-01"]),
    ("El 5 de mayo de 2026 gritaron.", ["2026-05-05"]),
    ("Il 5 maggio hanno urlato.", ["2026-05-05"]),
    ("2026年5月5日に怒鳴られました。", ["2026-05-05"]),
    ("5月5日に怒鳴られました。", ["2026-05-05"]),
    ("On 25/12/2025 they shouted.", ["2025-12-25"]),
    ("On 12/25/2025 they shouted.", ["2025-12-25"]),
    ("On 03/04/2026 they shouted.", []),
    ("In March 2026 they shouted.", ["2026-03"]),
    ("It began in November.", ["2025-11"]),
    ("They shouted today.", ["2026-06-11"]),
    ("They shouted yesterday.", ["2026-06-10"]),
    ("Sie haben gestern geschrien.", ["2026-06-10"]),
    ("Ils ont crié hier.", ["2026-06-10"]),
    ("昨日怒鳴られました。", ["2026-06-10"]),
    ("They shouted today (11 June).", ["2026-06-11"]),
    ("They shouted on Thursday.", ["Thursday"]),
    ("I wrote in March about it.", []),
    ("Our deadline is 1 June 2026.", []),
    ("Please answer by 1 June.", []),
    ("Erase it under Article 17 GDPR.", []),
    ("The conference is on 5 October 2026.", []),
    ("On 31 June 2026 and 2026-13-01.", []),
    ("We may march in the sun.", []),
]


@pytest.mark.parametrize(("text", "days"), DAYS)
def test_the_days_named_are_proposed(text: str, days: list[str]) -> None:
    assert proposed(taken(text), "incident_date") == days


def test_without_the_senders_zone_today_stays_a_word() -> None:
    assert proposed(taken("They shouted today.", hints=()), "incident_date") == ["today"]


def test_without_a_date_no_year_is_guessed() -> None:
    assert proposed(taken("On 5 May they shouted, and on 5 June 2025.", date=None), "incident_date") == ["2025-06-05"]


PLACES = [
    ("They shouted in Recife.", ["Recife"]),
    ("They shouted at ExampleConf Asia in Kuala Lumpur, in the lift.", ["ExampleConf Asia", "Kuala Lumpur", "lift"]),
    ("It was in Room 4.", ["Room 4"]),
    ("They shouted in the lobby", ["lobby"]),
    ("Er schrie beim TurtleDay Bern, erst in Raum 2, dann in der Küche.", ["Raum 2", "TurtleDay Bern", "Küche"]),
    ("C'était à Nantes (médiathèque de la Mairie).", ["Nantes", "médiathèque de la Mairie"]),
    ("Fue en la sala B, en Sevilla.", ["sala B", "Sevilla"]),
    ("懇親会で怒鳴られました。", ["懇親会"]),
    ("See #help for it.", ["#help"]),
    ("See issue #218 for it.", []),
    ("It was written in CSS, in March, in English, in particular.", []),
    ("Das war im Allgemeinen in Ordnung und ich habe im Voraus nicht gefragt.", []),
    ("https://forum.example.com/t/77/3", ["forum.example.com"]),
    ("Where: dinner at the Blue Lobster\nWhen: x\nYour name: y", ["dinner at the Blue Lobster"]),
]


@pytest.mark.parametrize(("text", "places"), PLACES)
def test_the_places_named_are_proposed(text: str, places: list[str]) -> None:
    assert proposed(taken(text), "incident_place") == places


CONTACTS = [
    ("Rolf Emmerich insulted me. His address is r.emmerich@example.com.", ["r.emmerich@example.com"]),
    ("Rolf Emmerich insulted me. He mailed from x81@example.com.", ["x81@example.com"]),
    ("Rolf Emmerich insulted me. Write to my address ada@home.example.net or to me at a@b.example.net.", []),
    ("Rolf Emmerich insulted me. He wrote to ines@example.org and conduct@example.org and ada.quell@example.net.", []),
    ("Rolf Emmerich insulted me. He used noreply@example.com.", []),
    ("Please put him on the list: his address is x81@example.com.", []),
    ("See https://forum.example.com/u/rolf, (https://forum.example.com/t/7).",
     ["https://forum.example.com/u/rolf", "https://forum.example.com/t/7"]),
    ("See https://example.com/wiki/Rolf_(person).", ["https://example.com/wiki/Rolf_(person)"]),
    ("I read https://www.example.org/ and https://www.example.org/code-of-conduct/ .", []),
    ("They shouted.\n\n-- \nhttps://ada.example.net/profile", []),
    ("They shouted.\n\n> https://forum.example.com/u/rolf", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "contacts"), CONTACTS)
def test_contacts_are_proposed_whole_and_only_of_others(text: str, contacts: list[str]) -> None:
    assert proposed(taken(text), "subject_contacts") == contacts


FORM = """A visitor filled in the form.

Your name (optional): {name}
Your e-mail (optional): {email}
Who is this about: Milo Hart
When: 2026-06-05, in the evening
Where: chat
What happened?:
He insulted two people. It went on for an hour.

--
Sent from https://www.example.org/conduct/report/
"""
WEBSITE = {"from_": (Address("Website", "webforms@example.org"),), "hints": (("auto-submitted", "auto-generated"),)}


def test_a_web_forms_reporter_is_who_its_lines_name() -> None:
    intake = taken(FORM.format(name="Bo Lind", email="bo@example.net"), **WEBSITE)

    assert proposed(intake, "reporter") == ["Bo Lind", "bo@example.net"]
    assert proposed(intake, "named_subjects") == ["Milo Hart"]
    assert proposed(intake, "incident_date") == ["2026-06-05"]
    assert proposed(intake, "incident_place") == ["chat"]
    assert proposed(intake, "summary") == ["He insulted two people. It went on for an hour."]


def test_an_anonymous_form_has_no_reporter() -> None:
    assert proposed(taken(FORM.format(name="", email=""), **WEBSITE), "reporter") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hi, it is Paula Weston, I wrote before.", "Paula Weston"),
        ("My name is Paula van Weston and I was there.", "Paula van Weston"),
        ("ich heiße Paula Weston.", "Paula Weston"),
        ("Je m'appelle Paula Weston.", "Paula Weston"),
        ("Me llamo Paula Weston.", "Paula Weston"),
    ],
)
def test_who_says_her_name_is_a_reporter_by_that_name(text: str, name: str) -> None:
    assert proposed(taken(text, from_=(Address("", "pw@example.net"),)), "reporter") == ["pw@example.net", name]


@pytest.mark.parametrize(
    "text",
    ["They shouted.\n\nAda, organiser of ExampleConf", "They shouted.\n\nBest,\nAda Quell\nCommunity manager, Example",
     "I am an organiser of ExampleConf.", "Ich bin Veranstalterin des ExampleTags.", "Je suis organisatrice.",
     "Soy organizadora del taller.", "勉強会を主催しております。"],
)  # fmt: skip
def test_an_organiser_who_says_so_reports_officially(text: str) -> None:
    assert proposed(taken(text), "reporter_kind") == ["official"]


@pytest.mark.parametrize(
    "text", ["They shouted at the organiser.", "I have not talked to the organisers.",
    "The organiser shouted at me.\n\nAda"]
)  # fmt: skip
def test_who_only_speaks_of_organisers_does_not(text: str) -> None:
    assert proposed(taken(text), "reporter_kind") == []


ACTED = [
    "The organisers asked him to leave.",
    "A moderator has already deleted the comment.",
    "We talked to him and for us this is closed.",
    "Die Moderatorin, Frau Klee, hat ihn ermahnt.",
    "Les organisateurs l'ont exclu.",
    "La organizadora habló con él.",
    "主催者の鈴木さんが注意しました。",
]
DID_NOT = [
    "I have not talked to the organisers.",
    "The organisers did not remove him.",
    "The organisers asked me to write to you.",
    "Please could you ask the organisers? A moderator should have removed him, please.",
    "Die Orga hat nicht eingegriffen.",
    "I told the moderator.",
    "I talked to him.",
]


@pytest.mark.parametrize("text", ACTED)
def test_that_people_on_the_spot_acted_is_quoted(text: str) -> None:
    assert proposed(taken(text), "action_by_local_rep") == [text]


@pytest.mark.parametrize("text", DID_NOT)
def test_what_nobody_did_is_not(text: str) -> None:
    assert proposed(taken(text), "action_by_local_rep") == []


def test_the_extract_leaves_out_greeting_quote_and_signature_and_is_bounded() -> None:
    text = "Hi all,\n\n" + "They shouted at me again. " * 50 + "\n\nRegards,\nAda\n\n> quote"
    extract = proposed(taken(text), "summary")[0]

    assert extract.startswith("They shouted")
    assert len(extract) <= 600
    assert extract.endswith(".")


def test_the_sender_is_proposed_with_the_header_as_evidence() -> None:
    first = taken(from_=(SENDER,), date=WRITTEN).suggestions[0]

    assert (first.field, first.line) == ("reporter", 0)
    assert first.evidence == "From: Ada Quell <ada.quell@example.net>"

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from policies.errors import WrongUsage
from policies.lint.explained import EXPLAINED
from policies.lint.phrases import BadPhrase, Lists, parse_phrase, tokens_of
from policies.lint.rules import RULES
from policies.lint.sentences import blanked, quotations, sentences
from policies.lint.wording import Wording, read_entries
from tests.lint.letters import DECIDED, findings, letter, rules, wording

BANNED: dict[str, Any] = {**DECIDED, "status": "banned"}

FIRES = [
    ("word-attribution", "subject", "You wanted to frighten the speaker on 3 January."),
    ("word-attribution", "subject", "Anton thought nobody would notice."),
    ("word-attribution", "subject", "Sie waren wütend, als die Frage kam."),
    ("word-attribution", "subject", "Vous cherchiez à impressionner la salle."),
    ("word-judgement", "subject", "It was a vile remark."),
    ("word-judgement", "subject", "Das war eine widerliche Bemerkung."),
    ("word-judgement", "subject", "Une remarque dégoûtante."),
    ("word-label", "reporter", "The perpetrator has left."),
    ("word-label", "reporter", "Der Täter ist abgereist."),
    ("word-label", "reporter", "Le harceleur est parti."),
    ("word-absolute", "subject", "You never let others finish."),
    ("word-absolute", "subject", "Sie fallen ständig anderen ins Wort."),
    ("word-absolute", "subject", "Tout le monde sait cela."),
    ("word-faux-feeling", "subject", "We feel deeply manipulated."),
    ("word-faux-feeling", "subject", "Wir fühlen uns hintergangen."),
    ("word-faux-feeling", "subject", "Nous nous sentons trahis."),
    ("word-minimise", "reporter", "Perhaps it was only a joke."),
    ("word-minimise", "reporter", "Das war doch nur ein Scherz."),
    ("word-minimise", "reporter", "C’est un simple malentendu."),
    ("organiser-direction", "organiser", "Kindly uninvite him."),
    ("organiser-direction", "organiser", "We urge you not to accept the talk."),
    ("organiser-direction", "organiser", "Anton Kowalczyk must not be admitted."),
    ("organiser-direction", "organiser", "Ihr solltet ihn ausladen."),
    ("organiser-direction", "organiser", "Vous devez exclure cette personne."),
    ("organiser-choice", "organiser", "Anton Kowalczyk has been reported four times."),
    ("organiser-choice", "organiser", "This attendee has been reported four times."),
    ("voice-channel", "organiser", "Let us talk about it on the phone."),
    ("voice-channel", "organiser", "Können wir das am Telefon besprechen?"),
    ("voice-channel", "organiser", "Parlons-en : nous pouvons en parler au téléphone."),
    ("direct-contact", "subject", "Please write to her directly."),
    ("direct-contact", "subject", "Entschuldigen Sie sich persönlich bei ihr."),
    ("direct-contact", "subject", "Contactez la personne directement."),
    ("legal-threat", "subject", "Otherwise we will sue you."),
    ("legal-threat", "subject", "Sonst werden wir Sie verklagen."),
    ("legal-threat", "subject", "Nos avocats vous écriront."),
    ("outcome-promise", "reporter", "We promise that you will never meet him again."),
    ("outcome-promise", "reporter", "Er wird ausgeschlossen."),
    ("outcome-promise", "reporter", "Il sera exclu."),
    ("right-of-reply", "subject", "We have unanimously concluded that you broke our Code."),
    ("right-of-reply", "subject", "Wir haben beschlossen, Sie auszuschließen."),
    ("right-of-reply", "subject", "Vous êtes exclu de nos événements."),
    ("reporter-singled-out", "subject", "One of your colleagues complained."),
    ("reporter-singled-out", "organiser", "A volunteer at your desk informed us."),
    ("reporter-singled-out", "subject", "Eine Teilnehmerin hat uns geschrieben."),
    ("reporter-singled-out", "subject", "Une bénévole nous a écrit."),
    ("reporter-gendered", "subject", "The witness left her bag behind."),
    ("no-observable-fact", "subject", "We have received complaints about your conduct."),
    ("no-observable-fact", "subject", "Uns liegen Meldungen über Ihr Verhalten vor."),
    ("no-observable-fact", "subject", "Nous avons reçu des signalements concernant votre conduite."),
    ("word-minimise", "reporter", "It was just a bit of banter."),
    ("direct-contact", "subject", "Why not reach out to them in person?"),
    ("direct-contact", "subject", "Écrivez-lui directement."),
    ("legal-threat", "subject", "Wir erstatten Anzeige."),
    ("legal-threat", "subject", "Vous serez poursuivi en justice."),
    ("outcome-promise", "reporter", "Vous ne le verrez plus jamais."),
    ("right-of-reply", "subject", "Ihre Teilnahme ist widerrufen."),
    ("right-of-reply", "subject", "Votre billet est annulé."),
    ("word-attribution", "subject", "Anton did not care what others said."),
]
SILENT = [
    ("word-attribution", "subject", "If you believe that a day is wrong, tell us."),
    ("word-attribution", "subject", "You wrote: “I feel ignored”."),
    ("word-attribution", "subject", "Wenn Sie glauben, dass etwas fehlt, schreiben Sie."),
    ("word-attribution", "subject", "You wrote on Monday, late in the evening, that you felt ignored."),
    ("word-absolute", "subject", "The total count is on the page."),
    ("direct-contact", "subject", "Please do not reach out to them, and do not write to her directly."),
    ("word-judgement", "subject", "You called it “ridiculous”."),
    ("word-judgement", "subject", "Sie nannten es „lächerlich“."),
    ("word-judgement", "subject", "> that was pathetic"),
    ("word-judgement", "member", "That was pathetic."),
    ("word-label", "reporter", "Victim support can be reached by mail."),
    ("word-absolute", "reporter", "You can always write to us."),
    ("word-absolute", "reporter", "Sie können uns immer schreiben."),
    ("word-minimise", "reporter", "He calls it “just a joke”."),
    ("organiser-direction", "organiser", "Please keep this mail to yourselves."),
    ("organiser-direction", "organiser", "If you decide to uninvite him, tell us when."),
    ("organiser-direction", "organiser", "Ob ihr ihn einladet, ist eure Entscheidung."),
    ("organiser-direction", "subject", "We ask you not to come. Please do not invite guests."),
    ("organiser-choice", "organiser", "Anton Kowalczyk was reported; the choice is entirely yours."),
    ("organiser-choice", "organiser", "Your page on conduct is well written."),
    ("voice-channel", "organiser", "We do not discuss this over Zoom."),
    ("voice-channel", "organiser", "The call for papers has been opened."),
    ("direct-contact", "subject", "Please do not write to them directly."),
    ("legal-threat", "subject", "You may want to seek legal advice; we are not lawyers."),
    ("outcome-promise", "reporter", "We promise to answer within a week."),
    ("right-of-reply", "subject", "Tell us your side by Friday, before we come to a decision."),
    ("right-of-reply", "reporter", "We have decided nothing yet; you are not banned."),
    ("reporter-singled-out", "subject", "We have received reports."),
    ("reporter-singled-out", "reporter", "As the reporter you may read it first."),
    ("reporter-gendered", "subject", "The reporter said that they left. She of the front desk agreed."),
    ("no-observable-fact", "subject", "On 3 January you interrupted a speaker."),
    ("no-observable-fact", "subject", "Am 3. Januar haben Sie andere unterbrochen."),
    ("no-observable-fact", "subject", "Your comments at https://forum.kreis.example/t/9 were reported."),
]


SENTENCES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))


@pytest.mark.parametrize("rule", SENTENCES)
@pytest.mark.parametrize("side", ["fires", "silent"])
def test_many_sentences(rule: str, side: str) -> None:
    said = SENTENCES[rule]
    case: dict[str, Any] = BANNED if rule.startswith("organiser") else {}
    wrong = [each for each in said[side] if (rule in rules(letter(said["to"], each), **case)) is not (side == "fires")]
    assert not wrong


ORDINARY: dict[str, Any] = tomllib.loads((Path(__file__).parent / "ordinary.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", ORDINARY)
@pytest.mark.parametrize("to", ["subject", "reporter", "organiser"])
def test_everyday_sentences_are_let_alone(language: str, to: str) -> None:
    worded = {entry.id for entry in wording()}
    spoken = {each: rules(letter(to, each)) & worded for each in ORDINARY[language]}
    assert not {each: found for each, found in spoken.items() if found}


@pytest.mark.parametrize(("rule", "to", "text"), FIRES)
def test_what_fires(rule: str, to: str, text: str) -> None:
    case: dict[str, Any] = BANNED if rule.startswith("organiser") else {}
    assert rule in rules(letter(to, text), **case)


@pytest.mark.parametrize(("rule", "to", "text"), SILENT)
def test_what_does_not(rule: str, to: str, text: str) -> None:
    case: dict[str, Any] = BANNED if rule.startswith("organiser") else {}
    assert rule not in rules(letter(to, text), **case)


def test_one_finding_a_sentence_about_the_reporter() -> None:
    said = rules(letter("subject", "The reporter said that she left."))
    assert "reporter-gendered" in said
    assert "reporter-singled-out" not in said


def test_the_day_on_which_a_decision_may_be_announced() -> None:
    raw = letter("subject", "We have decided to exclude you for a year.")
    assert "right-of-reply" in rules(raw, right_of_reply="2026-01-13")
    assert "right-of-reply" not in rules(raw, right_of_reply="2026-01-12")
    assert "outcome-promise" not in rules(letter("reporter", "He will be banned."), **DECIDED)


def test_voice_is_an_error_only_to_organisers() -> None:
    text = "Let us talk about it on the phone."
    (to_organiser,) = findings(letter("organiser", text))
    (to_reporter,) = findings(letter("reporter", text))
    assert (to_organiser.severity.value, to_reporter.severity.value) == ("error", "warning")


def test_every_entry_belongs_to_a_rule_that_is_explained() -> None:
    Wording(wording()).read_all()
    assert {entry.id for entry in wording()} <= RULES.keys() & EXPLAINED.keys()


@pytest.mark.parametrize("pattern", ["(a", "a)", "?", "{nowhere}", "<3> a", "a?", "", "a & b }"])
def test_a_pattern_that_cannot_be_read(pattern: str) -> None:
    with pytest.raises(BadPhrase):
        parse_phrase(pattern, Lists({}))


def test_half_a_contraction() -> None:
    assert [token.word for token in tokens_of("n't you n’t")] == ["n", "t", "you", "n", "t"]
    assert "word-absolute" in rules(letter("subject", "n't you always interrupt"))


def test_lists_may_not_hold_themselves() -> None:
    with pytest.raises(BadPhrase):
        parse_phrase("{a}", Lists({"a": ["{b}"], "b": ["{a}"]}))


@pytest.mark.parametrize(
    "table",
    [
        {"rules": []},
        {"rule": {}},
        {"lists": {"a": "b"}},
        {"rule": [{"id": "word-label"}]},
        {"rule": [{"id": "word-label", "any": ["a"], "some": 1}]},
        {"rule": [{"id": "word-label", "any": ["a"], "audience": ["everybody"]}]},
        {"rule": [{"id": "word-label", "any": "a"}]},
    ],
)
def test_a_file_that_is_wrong(table: dict[str, Any]) -> None:
    with pytest.raises(WrongUsage, match=r"^ours\.toml"):
        read_entries(table, "ours.toml")


def test_regular_expressions_are_an_option() -> None:
    (entry,) = read_entries(
        {"rule": [{"id": "word-label", "kind": "regex", "any": [r"\bgrump\w*"], "message": "{matched}"}]}, "x"
    )
    (sentence,) = sentences("Such grumpiness.")
    (match,) = Wording([entry]).matches(sentence)
    assert (match.start, match.end) == (5, 15)


def test_quotation_marks_of_many_languages() -> None:
    text = "a “b” „c“ «d» »e« ‚f‘ 'g' \"h\" 「i」 don't it’s"
    assert blanked(text, quotations(text)) == "a “▯” „▯“ «▯» »▯« ‚▯‘ '▯' \"▯\" 「▯」 don't it’s"


@pytest.mark.parametrize("unit", ["you ", "a. ", '"', "don't ", "you never ", "the reporter "])
def test_linear_in_the_text(unit: str) -> None:
    """Four times the text may take eight times as long, not sixteen."""
    times = []
    for length in (15_000, 60_000):
        started = time.process_time()
        findings(letter("subject organiser", unit * (length // len(unit))))
        times.append(time.process_time() - started)

    assert times[1] < 8 * times[0] + 1

"""The rules on wording, explained."""

from __future__ import annotations

from typing import Final

from policies.lint.explained.words import FACTS, INFORM, LEGAL, PROTECT, REPLY, WRITTEN, Explained

_MANUAL: Final = "The committee's manual: neutral words for people and for what happened."

RULES: Final = (
    Explained(
        "word-attribution",
        "Nobody is told what somebody felt, thought, wanted or meant.",
        FACTS,
        ('"You felt angry."', '"He thinks that rules are for others."', '"You meant to frighten her."'),
        ('"You wrote that you felt ignored."', '"If you think of anything else, write."', '"Do you feel safe?"'),
        "Say what was seen, heard or written.",
    ),
    Explained(
        "word-judgement",
        "Acts are described, not judged.",
        FACTS,
        ("disgusting, creepy, pathetic",),
        ("inappropriate, a word of the Code", "a word that is quoted"),
        "Describe the act.",
    ),
    Explained(
        "word-label",
        "Nobody is called what he is accused of, nor what was done to her.",
        _MANUAL,
        ("the harasser, a victim, the accused",),
        ("a victim support line", "a word that is quoted"),
        'Write "the person whose conduct was reported", "the person who was harmed".',
    ),
    Explained(
        "word-absolute",
        "No always, never, everybody, obviously of a person.",
        FACTS,
        ('"You always interrupt."', '"Everybody knows."', '"Clearly your habit."'),
        ('"You are always welcome."', '"Never hesitate to write."', '"We always answer."'),
        "Give days and counts.",
    ),
    Explained(
        "word-faux-feeling",
        'No "feeling" that is a judgement of what others did.',
        FACTS,
        ('"We feel betrayed."', '"You feel attacked."'),
        ('"Feel free to write."', '"Do you feel safe?"', '"She wrote that she felt ignored."'),
        "Name the act.",
    ),
    Explained(
        "word-minimise",
        "What is reported is not made small.",
        _MANUAL,
        ('"just a misunderstanding"', '"only a joke"', '"You overreacted."'),
        ('"A joke was told at lunch."', "sensitive data"),
        "Leave it out.",
    ),
    Explained(
        "organiser-direction",
        "Organisers get information, not instructions.",
        INFORM,
        ('"Don\'t invite this person."', '"You must ban him."', '"We recommend that you withdraw the invitation."'),
        ('"Please do not share this mail."', '"If you decide to exclude him, we can help with the wording."'),
        "Say what was reported, and that the decision is theirs.",
    ),
    Explained(
        "organiser-choice",
        "A mail to organisers about a person says that the choice is theirs.",
        INFORM,
        ("A letter of facts about somebody that does not say so.",),
        ('"What you do with this is up to you."', "A mail about no person."),
        "Add the sentence.",
    ),
    Explained(
        "voice-channel",
        "What we tell is written down.",
        WRITTEN,
        ('"Let us talk on Zoom."', '"Can we have a quick call?"'),
        ('"call for papers"', '"We do not use Slack for this."'),
        "Write it.",
    ),
    Explained(
        "direct-contact",
        "Nobody is sent to the other party.",
        PROTECT,
        ('"Apologise to her in person."', '"Reach out to the guest yourself."'),
        ('"Do not contact them."', '"Write through us."'),
        "Through the committee.",
    ),
    Explained(
        "legal-threat",
        "No threat of law without counsel.",
        LEGAL,
        ('"Our lawyers will take legal action."', '"We will sue."'),
        ('"You may want to seek legal advice."',),
        "Ask counsel first.",
    ),
    Explained(
        "outcome-promise",
        "Before the decision nobody is promised one.",
        REPLY,
        ('"We guarantee that …"', '"He will be banned."'),
        ('"We will tell you the outcome."', "The case is decided."),
        "Promise the process.",
    ),
    Explained(
        "right-of-reply",
        "No decision is announced to its subject before the answer was heard, or the time for it is over.",
        REPLY,
        ('"We have decided …, effective immediately."', '"You are banned."'),
        ("The day has come.", '"We are considering … before we decide."', "A letter to the reporter."),
        "Ask first; the day from which a decision may be told stands in the case.",
    ),
)

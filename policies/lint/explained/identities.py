"""The rules that protect who reported, who is reported, and what they wrote, explained."""

from __future__ import annotations

from typing import Final

from policies.lint.explained.words import (
    CORROBORATE,
    DETAILS,
    FACTS,
    FORWARD,
    PROTECT,
    TOLD,
    Explained,
)

_CONSENT: Final = "Take it out, or record the written permission: conduct consent add."

RULES: Final = (
    Explained(
        "reporter-named",
        "No reporter or witness is named to anybody outside, in words, in the Subject, or in a link.",
        FORWARD,
        ("Her name, address or user name in a letter to the subject.", "Her name in another script.",
         "Permission is on record for somebody else only."),
        ("A mail to her alone.", "A mail within the committee.", "A street that is called like her."),
        _CONSENT,
    ),
    Explained(
        "reporter-quoted",
        "No quote, and no line above one, shows a reporter or witness.",
        FORWARD,
        ('"On Monday Ada <ada@…> wrote:" in an answer to the subject.', "The header block of a forwarded mail."),
        ("Her own mail quoted to her.",),
        "Delete the quote.",
    ),
    Explained(
        "reporter-attached",
        "No file shows a reporter or witness: not its name, its text, nor what a program noted in it.",
        FORWARD,
        ("statement_ada.pdf", "A document whose author is noted as Ada.", "Her mail, attached."),
        ("A document written by a member.", "Files to the committee."),
        _CONSENT,
    ),
    Explained(
        "reporter-header",
        "No header that mail programs hide shows a reporter or witness.",
        FORWARD,
        ("References with an id made of her address.", "Thread-Topic with her name."),
        ("Ids that say nothing.", "Her own mail answered to her."),
        "Start a new mail.",
    ),
    Explained(
        "reporter-recipient",
        "A reporter or witness and somebody who may not know of them never see each other's addresses.",
        FORWARD,
        ("Reporter and subject in one mail.", "Reporter and organiser.", "Reporter and witness."),
        ("Reporter and committee.", "Somebody whom her permission covers."),
        "Write two mails.",
    ),
    Explained(
        "content-forwarded",
        "What somebody wrote to the committee goes to nobody who was not on that mail, names or no names.",
        FORWARD,
        ("Two lines of the report quoted to an organiser.", "The subject's answer pasted for the reporter.",
         "A picture of the report under another file name."),
        ("His own mail quoted to its writer.", "Our own letter shown to the board.", "Her permission for the content."),
        "Take the words out, or record the writer's permission: conduct consent add.",
    ),
    Explained(
        "thread-reused",
        "Nobody is written to in a thread in which a reporter or witness took part whom they may not know of.",
        PROTECT,
        ("The subject, in an answer to the report.", "The thread began with the reporter, two mails earlier."),
        ("An answer to the reporter alone.", "The organiser's own thread."),
        "Write a new mail: no quote, no In-Reply-To.",
    ),
    Explained(
        "subject-disclosed",
        "Who is reported is named to nobody who has no part in the case.",
        'communications.md, "Sharing information about subjects": telling others is for when the community is at risk.',
        ("His name to a bystander.", "His user name in a file.", "He and a bystander in one mail."),
        ("A letter to himself.", "The reporter of the case.", "Organisers and board, for whom other rules speak."),
        "Take the name out, or write to each alone.",
    ),
    Explained(
        "not-to-be-told",
        "Organisers are told of the flagged and the banned only.",
        TOLD,
        ("His name to an organiser, the case being resolved or no violation.",),
        ("Flagged or banned.", "The organiser who made the report."),
        "Do not tell them.",
    ),
    Explained(
        "subject-uncorroborated",
        "Before organisers are told of somebody there is more than one report.",
        CORROBORATE,
        ("One report, no outcome, and his name to an organiser.",),
        ("Two reports.", "The committee has flagged him."),
        "Wait for a second report, or for the outcome.",
    ),
    Explained(
        "subject-line-name",
        "A new Subject names no party; lists of mails show it to every passer-by.",
        PROTECT,
        ("A new mail to organisers with his name in the Subject.",),
        ('"Re:" of her own Subject to her.', "The code name."),
        "Use the code name.",
    ),
    Explained(
        "report-detail",
        "An answer to the subject repeats no detail from which the reporter could be guessed.",
        DETAILS,
        ("The minute that the report names, in any notation.", "Six of its words in quotation marks.",
         "The room that it names."),
        ("The day.", "A deadline of ours.", "The subject's own words."),
        "The day is enough.",
    ),
    Explained(
        "reporter-singled-out",
        "No sentence says that one person reported, or what kind of person.",
        'communications.md, "Sharing information about subjects": keep the "blame" off a specific reporter.',
        ('"The reporter asked …"', '"A woman told us …"', '"Somebody in your team reported …"'),
        ('"We have received reports."', '"Several attendees told us …"', "A letter to the reporter."),
        'Write "we have received reports".',
    ),
    Explained(
        "reporter-gendered",
        "No pronoun narrows down who reported.",
        PROTECT,
        ('"The reporter said that she …"',),
        ('"The reporter said that they …"', '"she" of somebody else, in another sentence'),
        'Write "they", or better "we have received reports".',
    ),
    Explained(
        "no-observable-fact",
        "A letter about conduct has something to hold it against: a day, a place, words, a link.",
        FACTS,
        ('"We have received reports about your behaviour."',),
        ('"On 7 March you interrupted the speaker."', "A link to the post."),
        "Name the day, or the words.",
    ),
)  # fmt: skip

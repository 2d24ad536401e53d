"""The rules on whom the mail reaches, explained."""

from __future__ import annotations

from typing import Final

from policies.lint.explained.words import NOTES, PROTECT, RECUSAL, Explained

RULES: Final = (
    Explained(
        "note-missing",
        "Everybody who joins or leaves between the mail answered and the answer is named at the top, in brackets.",
        NOTES,
        ("Ada is new in Cc, and the first line is the greeting.", "Bo was in Cc of the mail answered and is gone."),
        ("Answer to all, nobody changed.", "Ada moves from To to Cc.", "A member writes from her other address."),
        'Write "[+ Ada]" or "[- Bo]" as the first line; --fix does.',
    ),
    Explained(
        "note-sign",
        "Plus is for who joins, minus for who leaves.",
        NOTES,
        ('"[- Ada]", and Ada was added.',),
        ('"[+ Ada] [- Bo]" as it happened.', "A dash of a word processor instead of the minus."),
        "Turn the sign; --fix does.",
    ),
    Explained(
        "note-false",
        "A note says only what happened to the recipients.",
        NOTES,
        ('"[+ Ada]", and Ada was on the thread before.', '"[+ Cy]", and nobody of that name is there.',
         "Any note on a first mail."),
        ('"[+cc Ada]" where Ada moves from To to Cc.', "A note in quoted text.", '"[-Wextra]", a compiler\'s switch.'),
        "Take the note out, or put right who is in To and Cc; --fix takes it out.",
    ),
    Explained(
        "note-place",
        "A note stands above everything else that the writer says.",
        NOTES,
        ('"[+ Ada]" below the greeting, below the quote, or in the signature.',),
        ("Empty lines before it.", 'Words after it on the same line: "[+ Ada] Dear all,".'),
        "Move it to the top; --fix does.",
    ),
    Explained(
        "note-form",
        "A note has brackets, and no quote sign before it.",
        NOTES,
        ('"+Ada" alone on the first line.', '"> [+ Ada]" pasted from the guide.'),
        ('"+1 for this".', '"> [+ Ada]" as the first line of a longer quote.'),
        'Write "[+ Ada]"; --fix does.',
    ),
    Explained(
        "note-ambiguous",
        "A name in a note fits one of the people who changed.",
        NOTES,
        ('"[+ Ada]", and Ada Birk and Ada Quill were both added.',),
        ("Both with their surnames.", "One Ada joined; another was there and stays."),
        "Add the surname or the address.",
    ),
    Explained(
        "note-parts",
        "All versions of a mail (text and HTML) say the same at the top, for nobody knows which is shown.",
        NOTES,
        ("Only the text version has the note.",),
        ("Both have it.", "There is only an HTML version."),
        "Put it into every version; --fix does.",
    ),
    Explained(
        "baseline-unknown",
        "The mail that is answered is on record, so that the recipients can be compared.",
        NOTES,
        ("In-Reply-To names a mail that the committee does not have.", '"Re:" in the Subject and no In-Reply-To.'),
        ("An unknown In-Reply-To, and a known mail in References.", "A first mail."),
        "Compare the recipients yourself, or hand the mail answered in.",
    ),
    Explained(
        "bcc-used",
        "Nobody reads along unseen, save the mailbox and the writer.",
        NOTES,
        ("Bcc: somebody outside, or another member.",),
        ("Bcc to oneself.",),
        "Put them in Cc with a note, or leave them out.",
    ),
    Explained(
        "reply-to",
        "Answers come to the mailbox.",
        PROTECT,
        ("Reply-To with a member's own address alone.",),
        ("No Reply-To.", "The mailbox and a member."),
        "Add the mailbox to Reply-To, or drop the header; --fix adds it.",
    ),
    Explained(
        "recused-recipient",
        "A member who stepped aside from a case gets none of its mail, under no address of hers.",
        RECUSAL,
        ("Her second address in Cc.", "Her address with a tag, in Bcc."),
        ("She stepped aside from another case.",),
        "Take her out.",
    ),
)  # fmt: skip

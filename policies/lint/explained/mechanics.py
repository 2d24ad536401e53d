"""The rules on the mail as a thing, explained."""

from __future__ import annotations

from typing import Final

from policies.lint.explained.words import FACTS, PLAIN, Explained

RULES: Final = (
    Explained(
        "placeholder",
        "Nothing of a form letter is left to be filled in.",
        PLAIN,
        ('"Dear {{ name }},"', '"Hi X,"', '"[First Last name]"', "TODO", "DD/MM/YYYY"),
        ('"[1]", "[sic]", "[...]"', 'a link "[FAQ](https://…)"', "what is quoted"),
        "Fill it in.",
    ),
    Explained(
        "attachment-missing",
        "A file that the text promises is there.",
        PLAIN,
        ('"Please find our list attached", and no file.', '"I enclose …"'),
        ('"It is not attached."', '"She is attached to the school."'),
        "Attach it.",
    ),
    Explained(
        "attachment-risky",
        "No file that a careful recipient refuses: programs, scripts, macros, web pages, archives that cannot be read.",
        PLAIN,
        ("rules.docm", "photo.jpg.exe", "an encrypted ZIP"),
        ("pdf, png, docx, txt",),
        "Send a plain document.",
    ),
    Explained(
        "size",
        "The mail is not larger than the committee's limit, 25 MiB unless it set another.",
        PLAIN,
        ("One large file.", "Many small ones."),
        ("A mail just below the limit.",),
        "Send a link, or several mails.",
    ),
    Explained(
        "from-identity",
        "From and Sender are one address of a working member, or one that the committee writes from.",
        PLAIN,
        ("An employer's address that is not on the roster.", "A look-alike host.", "Two addresses in From."),
        ("A member's second address on the roster.", "Another display name."),
        "Write from an address on the roster.",
    ),
    Explained(
        "subject-missing",
        "The Subject says something.",
        PLAIN,
        ("No Subject.", '"Re:" alone.'),
        ("The code name of the case.",),
        "Write one that names nobody.",
    ),
    Explained(
        "opaque-body",
        "What leaves can be checked.",
        FACTS,
        ("A PGP or S/MIME encrypted body.",),
        ("A signed mail that is not encrypted.",),
        "Check it before it is encrypted.",
    ),
    Explained(
        "mail-malformed",
        "All programs read the mail alike.",
        PLAIN,
        ("Two To headers.", "An unknown charset.", "A NUL byte.", "Parts nested more than 20 deep."),
        ("A long line.", "No Date yet."),
        "Write it anew with a mail program.",
    ),
)

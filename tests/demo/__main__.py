"""Play the story: two members, a year and a half of invented mail, from the first poll to a proved expunge."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from tests.demo import letters
from tests.demo.letters import CONDUCT, letter
from tests.demo.stage import Stage

ANA = "Ana Belmonte <ana@pelican.example>"
KOFI = "Kofi Mensah <kofi@pelican.example>"
TESS = "Tess Morrow <tess.morrow@mail.example>"


def main() -> int:
    """Tell the whole story and end; nothing is left running and nothing is left lying about."""
    started = time.monotonic()
    with Stage.built() as stage:
        found_the_committee(stage)
        january(stage)
        review(stage)
        letters_go_out(stage)
        first_case_closes(stage)
        no_violation(stage)
        second_report(stage)
        at_last_it_goes(stage)
        stage.say(f"That was all of it, in {time.monotonic() - started:.0f} seconds. The scratch home is gone now.")
    return 0


def found_the_committee(stage: Stage) -> None:
    """Two members, each with a key of her own."""
    stage.chapter("A committee is founded")
    stage.day("2025-01-02")
    stage.say("Ana founds it. The recovery identity belongs on paper in an envelope; here it goes to a file.")
    stage.found(ANA, CONDUCT)
    stage.say("Kofi makes his own key; only its public part travels. Ana adds him, and they compare eight words.")
    stage.welcome("kofi", "Kofi Mensah", "kofi@pelican.example")
    stage.ana("member", "list")


def january(stage: Stage) -> None:
    """What lies in the mailbox in January 2025."""
    stage.chapter("January 2025: the mailbox is read")
    stage.day("2025-01-07")
    at = datetime(2025, 1, 6, 9, 30, tzinfo=UTC)
    report = letter(
        TESS, at, "Shouted at in the hallway",
        "Hello,\n\non 4 January 2025, at the Pelican meetup in Porto, Octavio Ruiz shouted at me in front\n"
        "of everybody because I had closed his pull request. His handle is @octaruiz, and this is the thread:\n\n"
        "https://code.pelican.example/pulls/88\n\nThe organisers already asked him to leave for the day.\n\n"
        "Tess Morrow\n",
        "tess-0106@mail.example",
    )  # fmt: skip
    stage.deliver(letters.in_bytes(report), at)
    reply = letter(
        "Tess Morrow <tess.morrow@mail.example>", at.replace(day=7, hour=7), "Re: Shouted at in the hallway",
        "He has written to me since, to say sorry.\n\nTess\n", "tess-0107@mail.example",
        answers="tess-0106@mail.example",
    )  # fmt: skip
    stage.deliver(letters.in_bytes(reply), at.replace(day=7, hour=7))
    stranger = letter(
        "Not Tess <somebody@elsewhere.example>", at.replace(day=7, hour=8), "Re: Shouted at in the hallway",
        "Please send me what you know.\n", "odd-0107@elsewhere.example", answers="tess-0106@mail.example",
    )  # fmt: skip
    stage.deliver(letters.in_bytes(stranger), at.replace(day=7, hour=8))
    away = letter(
        "Mail robot <robot@mail.example>", at.replace(day=7, hour=9), "Automatic reply: your message",
        "I am away until Monday.\n", "away-0107@mail.example", headers=(("Auto-Submitted", "auto-replied"),),
    )  # fmt: skip
    stage.deliver(letters.in_bytes(away), at.replace(day=7, hour=9))
    inner = letter(
        "Lior Katz <lior@mail.example>", at.replace(day=6, hour=20), "Joke about my name",
        "Hi Kofi, somebody called Bram Oosting keeps making jokes about my name in the chat. Lior\n",
        "lior-0106@mail.example", to="kofi@pelican.example",
    )  # fmt: skip
    outer = letter(
        KOFI, at.replace(day=7, hour=10), "Fwd: Joke about my name", "Came to me.\n", "kofi-0107@pelican.example"
    )
    stage.deliver(letters.in_bytes(letters.forwarded(outer, inner)), at.replace(day=7, hour=10))
    html = letter(
        "June Okoye <june@mail.example>", at.replace(day=7, hour=11), "pictures",
        "", "june-0107@mail.example",
        html='<p>hi, <a href="https://social.example/@brickwall">@brickwall</a> posted pictures of me again</p>',
    )  # fmt: skip
    stage.deliver(letters.in_bytes(html), at.replace(day=7, hour=11))
    stage.deliver(
        letters.japanese("佐々木 遥", "haruka@mail.example", at, "haruka-0107@mail.example"), at.replace(day=7, hour=12)
    )
    stage.deliver(letters.malformed(), at.replace(day=7, hour=13))
    stage.say("Eight mails wait: a report, its sequel, a stranger who pretends to belong to it, an automatic reply,")
    stage.say("a member's forward, one in HTML only, one in Japanese, and one that is broken. None is refused.")
    stage.ana("poll")
    stage.say("A second round finds nothing new:")
    stage.ana("poll")
    stage.ana("case", "list")


def review(stage: Stage) -> None:
    """A draft proposes, a member decides."""
    stage.chapter("A draft is reviewed")
    stage.say("The draft proposes, each time with the words it found it in; nothing is filled in by itself.")
    stage.names["hallway"] = stage.case_of("Shouted at in the hallway")
    stage.ana("case", "show", stage.names["hallway"])
    stage.say("Ana accepts it. The reporter stays private: the record names Ana, who handles the case, and not Tess.")
    stage.ana(
        "case", "accept", stage.names["hallway"], "--subject", "Octavio Ruiz <@octaruiz, octavio@ruiz.example>",
        "summary=Shouting at a speaker in public, once.", "action_by_local_rep=Asked to leave for the day.",
    )  # fmt: skip
    stage.say("A text that would name her is refused:")
    stage.ana("case", "edit", stage.names["hallway"], "summary=Tess Morrow was shouted at.", expect=1)


def letters_go_out(stage: Stage) -> None:
    """No mail leaves that discloses a reporter or hides a recipient."""
    stage.chapter("Mail goes out, and is checked first")
    at = datetime(2025, 1, 8, 9, 0, tzinfo=UTC)
    told = letter(
        ANA, at, "Your behaviour at the meetup",
        "Hello Octavio,\n\nTess Morrow told us on 6 January that you shouted at her. How do you see it? Please answer\n"
        "before 20 January, before we decide.\n\nAna\n",
        "ana-0108@pelican.example", to="Octavio Ruiz <octavio@ruiz.example>", cc=CONDUCT,
    )  # fmt: skip
    stage.say("Ana writes to the person reported, and names who reported him:")
    stage.ana("lint", stage.draft("to-octavio.eml", told), "--case", stage.names["hallway"], expect=1)
    stage.say("No permission of Tess is on record, and nothing but one lifts that. Ana takes the name out:")
    better = letter(
        ANA, at, "Your behaviour at the meetup",
        "Hello Octavio,\n\nwe have received reports about the meetup in Porto on 4 January. How do you see it? Please\n"
        "answer before 20 January, before we decide.\n\nAna\n",
        "ana-0109@pelican.example", to="Octavio Ruiz <octavio@ruiz.example>", cc=CONDUCT,
    )  # fmt: skip
    stage.ana("lint", stage.draft("to-octavio-2.eml", better), "--case", stage.names["hallway"])
    answer = letter(
        ANA, at, "Re: Shouted at in the hallway", "Hello Tess,\n\nthank you, we are looking into it.\n\nAna\n",
        "ana-0110@pelican.example", to="Tess Morrow <tess.morrow@mail.example>",
        cc="Kofi Mensah <kofi@pelican.example>", answers="tess-0106@mail.example",
    )  # fmt: skip
    stage.say("An answer to Tess gains a recipient without a word about it, and conduct@ gets no copy:")
    stage.ana("lint", stage.draft("to-tess.eml", answer), expect=1)
    stage.say("Both can be mended, and nothing else in the mail changes by a byte:")
    stage.ana("lint", stage.folder / "to-tess.eml", "--fix", "-o", stage.folder / "to-tess-mended.eml")
    stage.ana("lint", stage.folder / "to-tess-mended.eml")
    stage.say(
        "A tired volunteer checks nothing. So her mail program hands each mail to conduct, which stands in the way:"
    )
    stage.send(stage.folder / "to-octavio.eml", expect=65)
    stage.say("Nothing left. The one without the name does:")
    stage.send(stage.folder / "to-octavio-2.eml")


def first_case_closes(stage: Stage) -> None:
    """Closing shows the date and where it comes from."""
    stage.chapter("The case is closed, and its last day computed")
    stage.day("2025-01-10")
    stage.ana(
        "case", "close", stage.names["hallway"], "--outcome", "resolved", "--yes",
        "space=meetup", "category=harassment", "region=Europe",
    )  # fmt: skip
    stage.ana("retain", "plan")


def no_violation(stage: Stage) -> None:
    """No violation: no retention; but nobody destroys a report alone."""
    stage.chapter("No violation: no retention")
    stage.names["jokes"] = stage.case_of("Fwd: Joke about my name")
    stage.ana("case", "accept", stage.names["jokes"], "--subject", "Bram Oosting")
    stage.ana(
        "case", "close", stage.names["jokes"], "--outcome", "no-violation", "--yes",
        "space=chat", "category=other", "region=online",
    )  # fmt: skip
    stage.say("Ana closed it, so Ana cannot be the one who destroys it:")
    stage.ana("retain", "apply", "--yes", expect=1)
    stage.say("Kofi looks at the plan and carries it out:")
    stage.kofi("retain", "apply", "--yes")
    stage.say("The forward has left the mailbox; a fresh look over IMAP, past the program:")
    stage.show_mailbox("kofi-0107@pelican.example")


def second_report(stage: Stage) -> None:
    """The same person again, eleven months later."""
    stage.chapter("December 2025: the same person is reported again")
    stage.day("2025-12-01")
    at = datetime(2025, 12, 1, 10, 0, tzinfo=UTC)
    again = letter(
        "Mina Faro <mina@mail.example>", at, "Insulted on the list",
        "Hello, yesterday @octaruiz called me names on the list:\nhttps://lists.pelican.example/m/4711\n\nMina Faro\n",
        "mina-1201@mail.example",
    )  # fmt: skip
    stage.deliver(letters.in_bytes(again), at)
    stage.ana("poll")
    stage.names["list"] = stage.case_of("Insulted on the list")
    stage.dismiss_drafts(keep=stage.names["list"])
    stage.kofi("case", "accept", stage.names["list"], "--subject", "Octavio Ruiz <@octaruiz>", "--same-person")
    stage.say("On 10 March 2026 the first record would go. While the new case is open, it waits:")
    stage.ana("retain", "plan", "--on", "2026-03-10")
    stage.day("2026-04-20")
    stage.say("In April it is decided: flagged. That moves the first record as well.")
    stage.kofi(
        "case", "close", stage.names["list"], "--outcome", "flagged", "--yes",
        "summary=Insults on a list, the second incident.", "outcome_to_share=Flagged after two incidents.",
        "space=mailing list", "category=insult", "region=online",
    )  # fmt: skip
    stage.ana("retain", "plan")


def at_last_it_goes(stage: Stage) -> None:
    """June 2028: both records are due."""
    stage.chapter("June 2028: the day has come")
    stage.day("2028-06-20")
    stage.note_sealed_bytes()
    stage.say("Ana applies the plan. What she dismissed alone in December is left to Kofi.")
    stage.ana("retain", "apply", "--yes", expect=1)
    stage.kofi("retain", "apply", "--yes")
    stage.ana("case", "list")
    stage.say("What is left is general: when, where, what kind, how it ended. The proof, past the program:")
    stage.show_mailbox("tess-0106@mail.example", "mina-1201@mail.example")
    stage.search_home("Octavio", "octaruiz", "Tess Morrow")
    stage.say("The sealed bytes of those mails and the keys to them, noted before, are in no file of the home:")
    stage.search_destroyed()
    stage.ana("audit", "verify")


if __name__ == "__main__":
    sys.exit(main())

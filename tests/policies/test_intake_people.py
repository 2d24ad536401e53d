"""Who may be reported: mails of our own invention in eight languages, and exactly whom a careful reader names.

An empty list is as much a test as a full one: friends, moderators, the harmed and the famous are no candidates.
"""

from __future__ import annotations

import pytest

from tests.policies.intake_builders import proposed, taken

ENGLISH = [
    (
        (
            "At the sprint in Porto on 6 June, Rolf Emmerich shouted at my friend Nina Sato in front\nof everybody. "
            "Tom Barker, "
            "one of the organisers, told him to stop."
        ),
        ["Rolf Emmerich"],
    ),
    (
        (
            "I want to report Dmitri Volkov for comments on the mailing list. Jana Novak saw it\nand can confirm. I "
            "was with "
            "Ana Ruiz when it happened."
        ),
        ["Dmitri Volkov"],
    ),
    (
        (
            "A man called Piet van der Meer touched my shoulder twice. Django Girls Utrecht organised the\nevent. "
            "Carla Bruni "
            "was insulted too."
        ),
        ["Piet van der Meer"],
    ),
    (
        "Yesterday I was harassed by Lucas Oliveira in the hallway. Unfortunately Marta Silva did not see it.",
        ["Lucas Oliveira"],
    ),
    (
        (
            "I'm writing about user moss_ogre who keeps posting slurs. The other users, fern22 and tulip_9, "
            "were\ninsulted."
        ),
        ["moss_ogre"],
    ),
    (
        (
            "On 2 June Sergei Kuznetsov sent me five messages on Telegram asking me out. I told Maria Ivanova "
            "from\nthe team "
            "about it. She spoke with him."
        ),
        ["Sergei Kuznetsov"],
    ),
    ("The talk by Rebecca Stone was great, but the comment from Victor Lane afterwards was sexist.", ["Victor Lane"]),
    ("Our keynote speaker Grace Holmes was interrupted several times by Walter Finch.", ["Walter Finch"]),
    (
        "Gregor Halloway kept touching my arm after I told him to stop.\nMy colleague Priya Raman saw it.",
        ["Gregor Halloway"],
    ),
    ("One of our speakers, Ian Mercer, used slurs in his talk. We asked him to leave.", ["Ian Mercer"]),
    ("The account @nightowl_x has been sending me abusive DMs.", ["@nightowl_x"]),
    ("This is to complain about Oliver Stone Grant. He made jokes about my accent.", ["Oliver Stone Grant"]),
    ("A guy named Eric Vance followed me to my hotel. Officer Dan Brown took my statement.", ["Eric Vance"]),
    ('During the sprint, user "h4xx0r" posted racist memes in #sprints.', ["h4xx0r"]),
    ("Simon Wills told me to shut up.", ["Simon Wills"]),
    ('He is back as "grump_31".', ["grump_31"]),
    ("Reported person: Milo Hart (he/him)\nWhere: dinner\nWhen: 4 June 2026\nYour name: Ada Quell", ["Milo Hart"]),
    (
        "Who is this about: Milo Hart, @milo and rex_31\nWhen: 4 June 2026\nYour name: -",
        ["Milo Hart", "@milo", "rex_31"],
    ),
    ("Who is this about: the tall man with a red hat\nWhen: yesterday\nYour name: n/a", []),
]

NOBODY = [
    "Simon Wills told me to write to you about the photos policy.",
    "Please see New York Times coverage. Maria Luz will talk at Open Source Summit. Best Practices said so.",
    "I have a question about your Code of Conduct. Kenneth Brandt wrote a library that we use.",
    "I was told that Alice Monroe reported me. Ben Carter can confirm. Mr Hollis said that I was polite.",
    "I attended ExampleConf in Vigo. Nothing bad happened. Thanks to Maria Rossi for the talk.",
    "Could you tell me whether Stefan Krause has been reported before? He applied as a speaker.",
    "I spoke to Frank Ocean Miller, who confirmed that Beth Ray was harassed by an unknown person.",
    "Jean-Luc Picard from the programme committee wrote that there was no slot.",
    "In May I visited New Zealand. Auckland University hosted it. Professor Jane Goodall spoke.",
    "Best regards to Guido Valente, who made a library. I love it.",
    "Lisa May Brown was followed home by a man she did not know. I write on behalf of Lisa May Brown.",
    "Karl Heinz Beck will be our contact. His mail is karl.beck@example.com.",
    "Is there a problem with Python3 or utf8 in your form? See issue2024 and room12.",
    "The user interface is confusing, and the account of events is long. Users wrote that.",
    "My talk with Covid19 rules is about python3.",
    "Taro Kuroda insulted me.",
    "Ada Quell insulted them, they say.",
    "> Rolf Emmerich insulted me.\n\nWho said that?",
    "Name: Rolf Emmerich",
]

OTHERS = [
    (
        (
            "gestern wurde ich von Holger Brandt beschimpft. Sabine Klee hat mir geholfen. Frau Dr. Meinert, die "
            "Veranstalterin, "
            "hat ihn aufgefordert zu gehen."
        ),
        ["Holger Brandt"],
    ),
    ("in der Pause hat Torsten Wiegand meine Kollegin Miriam Faust angefasst.", ["Torsten Wiegand"]),
    ('der Nutzer "sturmvogel" schreibt seit Wochen beleidigende Kommentare.', ["sturmvogel"]),
    (
        "ich wurde von Jens Uwe Paulsen im Aufzug bedrängt. Die Helferin Tina Roth hat die Polizei gerufen.",
        ["Jens Uwe Paulsen"],
    ),
    ("wir planen die Django Tage Köln. Unser Sprecher Uwe Schmidt fragt, ob es ein Formular gibt.", []),
    ("Marc Delattre m'a insultée pendant le dîner. Mon amie Claire Petit était présente.", ["Marc Delattre"]),
    ("je souhaite signaler Thierry Maillard, qui m'a envoyé des messages déplacés.", ["Thierry Maillard"]),
    (
        "Hugo Lambert a été insulté par Denis Roche pendant la pause. Sophie Martin, bénévole, est intervenue.",
        ["Denis Roche"],
    ),
    (
        (
            "el 2 de junio Javier Montes me gritó en la sala B. Lucía Pérez fue insultada también. La organizadora, "
            "Carmen Gil, "
            "habló con él."
        ),
        ["Javier Montes"],
    ),
    ("un asistente llamado Raúl Cifuentes tocó a mi amiga sin permiso.", ["Raúl Cifuentes"]),
    ("quiero denunciar a Pablo Quintero por sus comentarios machistas.", ["Pablo Quintero"]),
    ("Paolo Rinaldi mi ha insultato ieri. La moderatrice Anna Conti è intervenuta.", ["Paolo Rinaldi"]),
    ("Kees de Boer heeft mij uitgescholden in de kantine. Mijn collega Els Smit was erbij.", ["Kees de Boer"]),
    ("Joris van Dam heeft tijdens de borrel een collega beledigd.", ["Joris van Dam"]),
    ("no dia 6 de junho Rafael Teixeira gritou com uma palestrante.", ["Rafael Teixeira"]),
    ("懇親会で、参加者の佐々木健さんから侮辱的な発言を受けました。友人の高橋さんが止めてくれました。", ["佐々木健"]),
    ("もくもく会で鈴木一郎氏が女性参加者に差別的な発言をしました。スタッフの加藤さんが注意しました。", ["鈴木一郎"]),
    ("マイケル・ブラウンさんに怒鳴られました。", ["マイケル・ブラウン"]),
    ("田中さんから、行動規範について教えていただきました。ありがとうございます。", []),
    ("田中さんが侮辱されました。", []),
]


@pytest.mark.parametrize(("text", "people"), [*ENGLISH, *OTHERS])
def test_exactly_the_accused_are_proposed(text: str, people: list[str]) -> None:
    assert proposed(taken(f"Hello,\n\n{text}\n"), "named_subjects") == people


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_proposed_who_is_not_accused(text: str) -> None:
    assert proposed(taken(f"Hello,\n\n{text}\n"), "named_subjects") == []


def test_in_a_pasted_chat_only_who_is_labelled_is_proposed() -> None:
    text = (
        'This is from #random. The person is "Gil P." (@gilp).\n\nsoft-moss  [9:02 PM]\nhow do I start?\n\n'
        "Gil P.  [9:03 PM]\nuser rex_31 called Ann Bell an idiot\n\nfern.k  [9:04 PM]\nGil that is rude\n"
    )
    intake = taken(text)

    assert proposed(intake, "named_subjects") == ["Gil P."]
    assert proposed(intake, "subject_contacts") == ["@gilp"]
    assert proposed(intake, "incident_place") == ["#random"]


def test_accounts_beside_a_name_are_contacts_and_not_further_people() -> None:
    intake = taken("Everything is about\nRolf Emmerich (GitHub: remm, forum: rolf_e).\n\nHe shouted.")

    assert proposed(intake, "named_subjects") == ["Rolf Emmerich"]
    assert proposed(intake, "subject_contacts") == ["remm", "rolf_e"]


def test_names_in_attachments_are_nobodys() -> None:
    from policies.mail import Attachment

    assert (
        proposed(taken("The list.", attachments=(Attachment("Rolf Emmerich.csv", "text/csv"),)), "named_subjects") == []
    )


def test_each_suggestion_says_where_it_stands() -> None:
    intake = taken("Hello,\n\nfirst line.\nRolf Emmerich insulted me.")
    found = next(each for each in intake.suggestions if each.field == "named_subjects")

    assert (found.evidence, found.line, found.mail) == ("Rolf Emmerich insulted me.", 4, "m1")

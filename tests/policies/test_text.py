"""The displayed text told apart: clients, languages, posting styles, signatures, forwards; and hostile text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.forwards import forwarded, written_at
from policies.text import Part, own_lines, read_lines


def own(text: str, writer: str = "") -> list[str]:
    return [line.text.strip() for line in own_lines(text, writer)]


def parts(text: str, writer: str = "") -> list[str]:
    return [line.part.value for line in read_lines(text, writer) if line.text.strip()]


ATTRIBUTIONS = [
    pytest.param("On Tue, 3 Mar 2026 at 10:31, Lena Voss <lena@example.org> wrote:", id="gmail-en"),
    pytest.param("On 3 Mar 2026, at 10:31, Lena Voss <lena@example.org> wrote:", id="apple-en"),
    pytest.param("On 3/3/26 10:31, Lena Voss wrote:", id="thunderbird-en"),
    pytest.param("On Tue, Mar 03, 2026 at 10:31:05AM +0100, Lena Voss wrote:", id="mutt-en"),
    pytest.param(
        "On Tue, 3 Mar 2026 at 10:31, Lena Voss via the committee of the summer school\n<lena@example.org> wrote:",
        id="gmail-wrapped",
    ),
    pytest.param("Am Di., 3. März 2026 um 10:31 Uhr schrieb Lena Voss <lena@example.org>:", id="gmail-de"),
    pytest.param("Am 03.03.26 um 10:31 schrieb Lena Voss:", id="thunderbird-de"),
    pytest.param("Lena Voss schrieb am 03.03.2026 um 10:31:", id="webmail-de"),
    pytest.param("Le mar. 3 mars 2026 à 10:31, Lena Voss <lena@example.org> a écrit :", id="gmail-fr"),
    pytest.param("Le 03/03/2026 à 10:31, Lena Voss a écrit :", id="thunderbird-fr"),
    pytest.param("El mar, 3 mar 2026 a las 10:31, Lena Voss (<lena@example.org>) escribió:", id="gmail-es"),
    pytest.param("El 3/3/26 a las 10:31, Lena Voss escribió:", id="thunderbird-es"),
    pytest.param("Il giorno mar 3 mar 2026 alle ore 10:31 Lena Voss <lena@example.org> ha scritto:", id="gmail-it"),
    pytest.param("Op di 3 mrt 2026 om 10:31 schreef Lena Voss <lena@example.org>:", id="gmail-nl"),
    pytest.param("Em ter., 3 de mar. de 2026 às 10:31, Lena Voss <lena@example.org> escreveu:", id="gmail-pt"),
    pytest.param("2026年3月3日(火) 10:31 Lena Voss <lena@example.org>:", id="gmail-ja"),
    pytest.param("2026/03/03 10:31、Lena Vossさんのメール:", id="apple-ja"),
    pytest.param("On 2026/03/03 10:31, Lena Voss さんは書きました:", id="thunderbird-ja"),
    pytest.param("Den tis 3 mars 2026 kl 10:31 skrev Lena Voss <lena@example.org>:", id="gmail-sv"),
    pytest.param("вт, 3 мар. 2026 г. в 10:31, Lena Voss <lena@example.org>:", id="gmail-ru"),
    pytest.param("W dniu 03.03.2026 o 10:31, Lena Voss pisze:", id="thunderbird-pl"),
    pytest.param("Dne 03. 03. 26 v 10:31 Lena Voss napsal(a):", id="thunderbird-cs"),
    pytest.param("ti 3. maalisk. 2026 klo 10.31 Lena Voss <lena@example.org> kirjoitti:", id="gmail-fi"),
    pytest.param("Lena Voss <lena@example.org>, 3 Mar 2026 Sal, 10:31 tarihinde şunu yazdı:", id="gmail-tr"),
    pytest.param("Lena Voss <lena@example.org> ezt írta (időpont: 2026. márc. 3., K, 10:31):", id="gmail-hu"),
    pytest.param("Στις Τρί 3 Μαρ 2026 στις 10:31 π.μ., ο χρήστης Lena Voss <lena@example.org> έγραψε:", id="gmail-el"),
    pytest.param("Op 3 mrt 2026, om 10:31 heeft Lena Voss <lena@example.org> het volgende geschreven:", id="apple-nl"),
    pytest.param("Am Dienstag, 3. März 2026 um 10:31 hat Lena Voss <lena@example.org> geschrieben:", id="yahoo-de"),
    pytest.param("Quoting Lena Voss <lena@example.org> on 3 March 2026:", id="horde"),
    pytest.param("wt., 3 mar 2026 o 10:31 Lena Voss <lena@example.org>\nnapisał(a):", id="gmail-pl-wrapped"),
    pytest.param("wt., 3 mar 2026 o 10:31 Lena Voss\n<lena@example.org> napisał(a):", id="gmail-pl-address-below"),
    pytest.param("út 3. 3. 2026 v 10:31 odesílatel Lena <\nlena@example.org> napsal:", id="gmail-cs-wrapped"),
    pytest.param("ti 3. maalisk. 2026 klo 10.31 Lena Voss (lena@example.org)\nkirjoitti:", id="gmail-fi-wrapped"),
    pytest.param("Lena <lena@example.org>, 3 Mar 2026 Sal,\n10:31 tarihinde şunu yazdı:", id="gmail-tr-wrapped"),
    pytest.param("ut 3. 3. 2026 o 10:31 Lena Voss <lena@example.org> napísal(a):", id="gmail-sk"),
    pytest.param("На вт, 3.03.2026 г. в 10:31 Lena Voss <lena@example.org> написа:", id="gmail-bg"),
    pytest.param("Vào Th 3, 3 thg 3, 2026 vào lúc 10:31 Lena <lena@example.org>\nđã viết:", id="gmail-vi"),
    pytest.param("เมื่อ อ. 3 มี.ค. 2026 เวลา 10:31 Lena Voss <lena@example.org> เขียนว่า:", id="gmail-th"),
    pytest.param(
        "\u202bבתאריך 3 במרץ 2026 ב-10:31 מאת \u202aLena\u202c\u200f <\u202alena@example.org\u202c\u200f>:\u202c",
        id="gmail-he",
    ),
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_what_is_answered_on_top_or_below_is_no_own_text(attribution: str) -> None:
    quote = "> They shouted.\n>\n> > at whom?\n"

    assert own(f"Mine above.\n\n{attribution}\n{quote}") == ["Mine above."]
    assert own(f"{attribution}\n{quote}\nMine below.") == ["Mine below."]
    assert own(f"{attribution}\n\n{quote}Mine between.\n> more\nAnd last.") == ["Mine between.", "And last."]


HEADER_BLOCKS = [
    pytest.param(
        "-----Original Message-----\nFrom: Lena Voss <lena@example.org>\nSent: Tuesday, 3 March 2026 10:31\n"
        "To: Ada Quell\nSubject: Noise",
        id="outlook-en",
    ),
    pytest.param(
        "________________________________\nFrom: Lena Voss <lena@example.org>\nSent: Tuesday, March 3, 2026\n"
        "To: Ada Quell <ada@example.net>;\n  Bo Lind <bo@example.net>\nSubject: Noise",
        id="outlook-web",
    ),
    pytest.param(
        "Von: Lena Voss <lena@example.org>\nGesendet: Dienstag, 3. März 2026 10:31\nAn: Ada Quell\nBetreff: Lärm",
        id="outlook-de",
    ),
    pytest.param(
        "-----Ursprüngliche Nachricht-----\nVon: Lena\nGesendet: gestern\nAn: Ada\nBetreff: Lärm", id="outlook-de-2"
    ),
    pytest.param(
        "De : Lena Voss <lena@example.org>\nEnvoyé : mardi 3 mars 2026 10:31\nÀ : Ada Quell\nObjet : Bruit",
        id="outlook-fr",
    ),
    pytest.param(
        "De: Lena Voss <lena@example.org>\nEnviado el: martes, 3 de marzo de 2026\nPara: Ada\nAsunto: Ruido",
        id="outlook-es",
    ),
    pytest.param(
        "Da: Lena Voss <lena@example.org>\nInviato: martedì 3 marzo 2026\nA: Ada\nOggetto: Rumore", id="outlook-it"
    ),
    pytest.param(
        "Van: Lena Voss <lena@example.org>\nVerzonden: dinsdag 3 maart 2026\nAan: Ada\nOnderwerp: Lawaai",
        id="outlook-nl",
    ),
    pytest.param(
        "差出人: Lena Voss <lena@example.org>\n送信日時: 2026年3月3日 10:31\n宛先: Ada\n件名: 騒音", id="outlook-ja"
    ),
    pytest.param("*From:* Lena Voss <lena@example.org>\n*Sent:* Tuesday\n*To:* Ada\n*Subject:* Noise", id="bold"),
    pytest.param("Od: Lena Voss\nOdesláno: úterý 3. března 2026\nKomu: Ada\nPředmět: Hluk", id="outlook-cs"),
    pytest.param("Kimden: Lena Voss\nGönderildi: 3 Mart 2026\nKime: Ada\nKonu: Ses", id="outlook-tr"),
    pytest.param("Από: Lena Voss\nΣτάλθηκε: 3 Μαρτίου 2026\nΠρος: Ada\nΘέμα: Θόρυβος", id="outlook-el"),
    pytest.param("מאת: Lena Voss\nנשלח: 3 מרץ 2026\nאל: Ada\nנושא: רעש", id="outlook-he"),
    pytest.param(
        "---------- Forwarded message ---------\nFrom: Lena Voss <lena@example.org>\nDate: Tue, Mar 3, 2026\n"
        "Subject: Noise\nTo: Ada",
        id="gmail-forward",
    ),
]


@pytest.mark.parametrize("block", HEADER_BLOCKS)
def test_below_a_header_block_nothing_is_own_text(block: str) -> None:
    text = f"Mine.\n\n{block}\n\nTheirs, on top of it.\nAnd more.\n"

    assert own(text) == ["Mine."]
    assert "headers" in parts(text)


def test_a_form_with_two_labels_is_no_header_block() -> None:
    assert len(own("From: a visitor\nSubject: noise\n\nThey shouted at me.")) == 3


SALUTATIONS = [
    "Hi,", "Hello Kenji,", "Dear Kenji Watanabe,", "Dear Mr. Watanabe,", "Dear all", "Hi there!", "Hello conduct team,",
    "Dear members of the committee:", "hi kenji,", "Good morning, dear Kenji,", "To whom it may concern:",
    "Hallo Kenji,", "Sehr geehrter Herr Watanabe,", "Sehr geehrte Damen und Herren,", "Liebes Team,",
    "Bonjour Kenji,", "Madame, Monsieur,", "Chère équipe,", "Hola a todos,", "Estimado Kenji:", "Ciao Kenji,",
    "Beste Kenji,", "Olá Kenji,", "渡辺様", "行動規範委員会 御中", "お世話になっております。", "渡辺さん、こんにちは。",
]  # fmt: skip


@pytest.mark.parametrize("greeting", SALUTATIONS)
def test_a_greeting_is_told_from_what_follows(greeting: str) -> None:
    assert own(f"{greeting}\n\nThey shouted.") == ["They shouted."]


def test_a_greeting_in_the_line_of_the_first_sentence_is_split_off() -> None:
    lines = read_lines("Hi Kenji, they shouted.")

    assert [(line.part, line.text) for line in lines] == [
        (Part.SALUTATION, "Hi Kenji,"), (Part.OWN, " they shouted."),
    ]  # fmt: skip
    assert lines[1].column == 9


@pytest.mark.parametrize(
    "sentence",
    ["Hello Kenji Watanabe shouted at me, and left.", "Dear Kenji is a person who shouts.", "Hi Kenji insulted me",
     "Best not to ask Kenji.", "They said hello, Kenji did not."],
)  # fmt: skip
def test_a_sentence_that_begins_like_a_greeting_is_own_text(sentence: str) -> None:
    assert "Kenji" in " ".join(own(sentence))


SIGN_OFFS = [
    "Regards,\nPaula", "Best regards\nPaula Weston\nExample Society", "Thanks, Paula", "Cheers!\n\nPaula Weston",
    "Kind regards from Vienna,\nPaula", "Mit freundlichen Grüßen\nPaula Weston", "Viele Grüße, Paula", "LG Paula\n",
    "Bien cordialement,\nPaula Weston", "Un saludo,\nPaula", "Cordiali saluti\nPaula", "Met vriendelijke groet,\nPaula",
    "Atenciosamente,\nPaula", "よろしくお願いいたします。\nウェストン", "Paula", "Paula Weston", "P.", "P. Weston",
    "Paula, organiser of ExampleConf", "-- \nPaula Weston\nhttps://paula.example.org/", "--\nPaula | Example Ltd",
    "Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "Enviado desde mi iPhone",
    "Inviato da iPhone", "Verstuurd vanaf mijn iPhone", "iPhoneから送信", "Get Outlook for Android",
    "_______________________________________________\nExample mailing list -- list@example.org\nTo unsubscribe ...",
]  # fmt: skip


@pytest.mark.parametrize("sign_off", SIGN_OFFS)
def test_a_sign_off_is_no_own_text(sign_off: str) -> None:
    writer = "Paula Weston paula.weston@example.net"

    assert own(f"They shouted.\n\n{sign_off}", writer) == ["They shouted."]
    assert own(f"They shouted.\n\n{sign_off}\n\nOn 3/3/26, Lena <l@example.org> wrote:\n> x", writer) == [
        "They shouted."
    ] or ("mailing list" in sign_off)


def test_a_name_alone_at_the_end_is_a_signature_only_of_its_writer() -> None:
    text = "The person who shouted is:\n\nRolf Emmerich"

    assert own(text, "Paula Weston")[-1] == "Rolf Emmerich"
    assert own(text, "Rolf Emmerich")[-1] != "Rolf Emmerich"


@pytest.mark.parametrize(
    "after",
    ["PS: Rolf Emmerich was there as well.", "One more thing: Rolf Emmerich was there as well.",
     "The person is Rolf Emmerich", "渡辺さんもいました。"],
)  # fmt: skip
def test_prose_below_a_closing_formula_is_own_text(after: str) -> None:
    assert own(f"They shouted.\n\nRegards,\nPaula\n\n{after}", "Paula")[-1] == after
    assert own(f"They shouted.\n\nThank you\n\n{after}", "Paula")[-1] == after


def test_thanks_that_opens_a_sentence_closes_nothing() -> None:
    assert own("Thanks for reading this far.\nThey shouted.") == ["Thanks for reading this far.", "They shouted."]


def test_dashes_between_paragraphs_hide_nothing() -> None:
    text = "First.\n--\n" + "A line of the second part, which is long enough.\n" * 20

    assert len(own(text)) >= 20


FORWARDS = [
    pytest.param("> Begin forwarded message:\n>\n> From: Lena Voss <lena@example.org>\n> Subject: Re: Noise\n"
                 "> Date: 18 March 2026 at 19:55:10 GMT\n> To: Ada\n>\n> It has stopped.\n> > what?\n", id="apple"),
    pytest.param("---------- Forwarded message ---------\nFrom: Lena Voss <lena@example.org>\n"
                 "Date: Wed, 18 Mar 2026 20:55:10 +0100\nSubject: Re: Noise\nTo: Ada\n\n\nIt has stopped.\n> "
                 "what?\n", id="gmail"),
    pytest.param("-------- Weitergeleitete Nachricht --------\nBetreff: \tRe: Noise\n"
                 "Datum: \tWed, 18 Mar 2026 19:55:10 +0000\nVon: \tLena Voss <lena@example.org>\nAn: \tAda\n\nIt "
                 "has stopped.\n> what?",
                 id="thunderbird-de"),
    pytest.param("-------- Message transféré --------\nSujet : Re: Noise\nDate : Wed, 18 Mar 2026 19:55:10 GMT\n"
                 "De : Lena Voss <lena@example.org>\nPour : Ada\n\nIt has stopped.\n> what?", id="thunderbird-fr"),
    pytest.param("-----Original Message-----\nFrom: Lena Voss [mailto:lena@example.org]\nSent: 18 March 2026 "
    "19:55:10 UTC\n"
                 "To: Ada\nSubject: Re: Noise\n\nIt has stopped.\n> what?", id="outlook"),
]  # fmt: skip


@pytest.mark.parametrize("text", FORWARDS)
def test_a_forwarded_mail_is_read(text: str) -> None:
    block = forwarded(f"For the file.\n\n{text}")

    assert block is not None
    assert (block.from_.name, block.from_.address) == ("Lena Voss", "lena@example.org")
    assert block.subject == "Re: Noise"
    assert block.written is not None
    assert block.written.isoformat() == "2026-03-18T19:55:10+00:00"
    assert block.text.splitlines() == ["It has stopped.", "> what?"]
    assert f"For the file.\n\n{text}".splitlines()[block.first_line - 1].endswith("It has stopped.")


def test_a_forwarder_writes_on_below_a_wrapped_forward() -> None:
    block = forwarded("> From: A <a@example.org>\n> Date: x\n> To: y\n>\n> Theirs.\n\nMine.")

    assert block is not None
    assert block.text == "Theirs."


@pytest.mark.parametrize("text", ["", "Hi", "On 3/3/26, Lena <l@example.org> wrote:\n> x", "From: only\nTo: two"])
def test_what_is_not_forwarded_is_none(text: str) -> None:
    assert forwarded(text) is None


@pytest.mark.parametrize(
    ("words", "instant"),
    [
        ("Wed, 18 Mar 2026 20:55:10 +0100", "2026-03-18T19:55:10+00:00"),
        ("March 18, 2026 at 7:55:10 PM UTC", "2026-03-18T19:55:10+00:00"),
        ("18. März 2026 um 20:55:10 GMT+01:00", "2026-03-18T19:55:10+00:00"),
        ("2026年3月18日 19:55:10 GMT", "2026-03-18T19:55:10+00:00"),
        ("2026年3月18日 午後 7:55 GMT", "2026-03-18T19:55:00+00:00"),
        ("2026年3月18日 午前 7:55 GMT", "2026-03-18T07:55:00+00:00"),
        ("2026年3月18日 下午7:55 GMT", "2026-03-18T19:55:00+00:00"),
        ("miércoles, 18 de marzo de 2026 7:55 p. m. GMT", "2026-03-18T19:55:00+00:00"),
        ("18 de marzo de 2026, 12:05 a. m. GMT", "2026-03-18T00:05:00+00:00"),
        ("Mittwoch, 18. März 2026 20:55", None),
        ("31 February 2026 10:00 GMT", None),
        ("1 January 0001 00:00 GMT+14:00", None),
        ("", None),
    ],
)
def test_a_date_line_is_an_instant_only_with_its_zone(words: str, instant: str | None) -> None:
    found = written_at(words)

    assert (found.isoformat() if found else None) == instant


def test_nothing_is_lost_between_the_parts() -> None:
    text = "Hi Kenji, one\r\n\n> two\n-- \nthree"
    pieces: dict[int, str] = {}
    for line in read_lines(text):
        pieces[line.number] = pieces.get(line.number, "") + line.text

    assert list(pieces.values()) == [line.rstrip("\r") for line in text.split("\n")]


PIECES = st.sampled_from(
    ["Hi ", "Hi,\n", "\n", "> ", "-- \n", "From: a@b\n", "To: x\n", "Date: y\n", "Subject: z\n", "On 1 x wrote:\n",
    "Regards,\n",
     "Paula\n", "-----Original Message-----\n", "___________\n", "渡辺様\n", "[+ x]\n", "\x00", "é", " word. ", "A"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)), st.text(max_size=30))
def test_any_text_is_read_without_loss(text: str, writer: str) -> None:
    pieces: dict[int, str] = {}
    for line in read_lines(text, writer):
        pieces[line.number] = pieces.get(line.number, "") + line.text
    forwarded(text)

    assert list(pieces.values()) == [line.rstrip("\r") for line in text.split("\n")]


@pytest.mark.parametrize(
    "piece", ["a", ">", "> \n", "\n", "[", "@", "_", "-", " ", "From: a\n", "Hi ", "Hi, ", "Thanks\n", "-- \n", ":",
    "x:\n", "*"]
)  # fmt: skip
def test_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    begun = time.perf_counter()
    read_lines(text, "Paula")
    forwarded(text)

    assert time.perf_counter() - begun < 5


def test_what_was_read_prints_nothing_of_it() -> None:
    block = forwarded("> From: Ana <a@example.org>\n> Date: x\n> To: me\n>\n> secret")

    assert "secret" not in f"{read_lines('secret')!r}{block!r}"
    assert "a@example.org" not in repr(block)

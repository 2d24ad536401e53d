"""The mail as a thing: left-overs, files, identity, size, and whether it can be read."""

from __future__ import annotations

import pytest

from tests.policies.lint.builders import draft, findings, rules


def _first(body: str = "Hello Mira,\n", **options: str) -> bytes:
    return draft(body, **{"subject": "The form", "answers": "", "cc": "care@club.example.org", **options})


@pytest.mark.parametrize(
    "words",
    [
        "Dear {{ name }},", "{% if", "{# note #}", "${first_name}", "%(day)s", "Dear [X],",
        "[First Last name]", "[DATE]",
        "[name]", "[Datum]", "[votre nom]", "[your name here]", "<INSERT LINK>", "TODO", "FIXME later", "lorem ipsum",
        "Dear ________", "on DD/MM/YYYY", "am TT.MM.JJJJ", "Hi X,", "Hallo N,",
        "Dear {name},", "Dear {first_name},", "Dear <first name>,", "Dear <Name>,", "<<name>>", "[reporter's name]",
        "[incident date]", "[describe the incident]", "[hier Namen einfügen]",
    ],
)  # fmt: skip
def test_left_over(words: str) -> None:
    assert rules(_first(f"{words}\nwe met.\n")) == {"placeholder"}


@pytest.mark.parametrize(
    "words",
    ["see [1]", "[sic]", "[...]", "[redacted]", "[FAQ](https://x.example.org)", "[festlist]", "posted on X", "Hi Bo,",
     "https://x.example.org/a%20b_____c", "todo lo bueno", "> Dear {{ name }}", "______________",
     "the set {one, two}", "[in the name]",
     "[her details]", "${HOME", "<ana@name.example>"],
)  # fmt: skip
def test_no_left_over(words: str) -> None:
    assert rules(_first(f"Hello\n{words}\nwe met.\n")) == set()


@pytest.mark.parametrize(
    "words",
    ["Please find our list attached.", "I enclose it.", "The list is attached.", "See attached.", "Anbei die Liste.",
     "Im Anhang finden Sie sie.", "Vous trouverez ci-joint la liste.", "Adjunto la lista.", "In allegato la lista.",
     "See the enclosed list.", "The enclosed form is short.", "The attached plan has the rooms.", "Attaching the plan.",
     "PFA the list.", "Ich hänge die Liste an.", "Anliegend die Liste.", "La liste est en annexe.", "Zie bijlage.",
     "Anexo a lista.", "Please open the attached plan.", "I got your note; the list is attached.",
     "Please send us yours; our list is attached.", "一覧を添付しました。", "Siehe Anhang zur Mail.",
     "Im Anhang zu dieser Mail finden Sie den Plan.", "Le anexo el plano.", "Anexo: plano."],
)  # fmt: skip
def test_promised_file_is_missing(words: str) -> None:
    assert rules(_first(f"Hello,\n{words}\n")) == {"attachment-missing"}


@pytest.mark.parametrize(
    "words",
    ["It is not attached.", "She is attached to the school.", "> the list is attached", "You forgot the attachment.",
     "There is nothing attached.", "Please send it as an attachment.", "Im Anhang unserer Satzung steht es.",
     "Im Anhang zur Satzung steht es.",
     "Nous n'avons pas pu ouvrir la pièce jointe.", "Merci d'envoyer le plan en pièce jointe.",
     "No pudimos abrir el archivo adjunto.", "El edificio anexo está cerrado.", "Abbiamo ricevuto il suo allegato.",
     "添付ファイルを開けませんでした。", "Wir konnten den Anhang nicht öffnen.", "the enclosed garden"],
)  # fmt: skip
def test_nothing_is_promised(words: str) -> None:
    assert rules(_first(f"Hello,\n{words}\n")) == set()


def _with_file(name: str, content: str = "aGVsbG8=", kind: str = "application/octet-stream") -> bytes:
    parts = (
        f"--b\nContent-Type: text/plain\n\nThe list is attached.\n--b\nContent-Type: {kind}\n"
        f'Content-Disposition: attachment; filename="{name}"\nContent-Transfer-Encoding: base64\n\n{content}\n--b--\n'
    )
    return _first(parts, kind='multipart/mixed; boundary="b"')


@pytest.mark.parametrize(
    "name", ["a.exe", "rules.docm", "photo.jpg.exe", "page.html", "x.svg", "disk.iso", "go.lnk", "b.7z"]
)
def test_risky_file(name: str) -> None:
    assert rules(_with_file(name)) == {"attachment-risky"}


@pytest.mark.parametrize("name", ["list.pdf", "photo.png", "rules.docx.pdf", "notes.txt"])
def test_plain_file(name: str) -> None:
    assert rules(_with_file(name)) == set()


@pytest.mark.parametrize(
    ("writer", "expected"),
    [
        ("Ines <INES@faro.example.net>", set()),
        ("The committee <care@club.example.org>", set()),
        ("Ines Faro <ines@club.example.org.example.com>", {"from-identity"}),
        ("Ines Faro <ines@work.example.com>", {"from-identity"}),
        ("ines@club.example.org, otto@club.example.org", {"from-identity"}),
    ],
)
def test_who_it_is_from(writer: str, expected: set[str]) -> None:
    assert rules(_first(writer=writer)) == expected


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ("To: bo@x.example.com\n", "text/plain"),
        ("Subject: another\n", "text/plain"),
        ("a line without a colon\n", "text/plain"),
        ("", "text/plain; charset=x-unknown"),
        ("Content-Transfer-Encoding: x-strange\n", "text/plain"),
        ("Reply-To: care at club\n", "text/plain"),
        ("", "multipart/mixed"),
    ],
)
def test_malformed(extra: str, kind: str) -> None:
    assert "mail-malformed" in rules(_first(extra=extra, kind=kind))


@pytest.mark.parametrize("damage", [b"\0", b"\rx"])
def test_bytes_that_programs_disagree_on(damage: bytes) -> None:
    assert rules(_first() + damage) == {"mail-malformed"}


def test_two_writers_in_two_headers_are_malformed_only() -> None:
    assert rules(_first(extra="From: otto@club.example.org\n")) == {"mail-malformed"}


@pytest.mark.parametrize(
    ("subject", "expected"), [("", {"subject-missing"}), ("Fwd: ", {"subject-missing"}), ("Form", set())]
)
def test_subject(subject: str, expected: set[str]) -> None:
    assert rules(_first(subject=subject)) - {"forward-unthreaded"} == expected


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/pkcs7-mime; smime-type=enveloped-data", "MIAG"),
        ("text/plain", "-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n"),
    ],
)
def test_encrypted(kind: str, body: str) -> None:
    assert rules(_first(body, kind=kind)) == {"opaque-body"}


@pytest.mark.parametrize(("spare", "expected"), [(0, set()), (-1, {"size"})])
def test_size(spare: int, expected: set[str]) -> None:
    raw = _first()

    assert rules(raw, context={"limits": {"message_bytes": len(raw) + spare}}) == expected


def test_findings_come_in_order_and_once() -> None:
    found = findings(_first("Hi X,\nTODO and TODO\n", subject=""))

    assert [(finding.rule, finding.about) for finding in found] == [
        ("placeholder", "X"),
        ("placeholder", "TODO"),
        ("subject-missing", ""),
    ]

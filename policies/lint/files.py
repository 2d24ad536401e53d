"""Rules on attached files: one that is promised and missing, one that a careful recipient will not open."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Final

from policies.lint.checked import Checked
from policies.lint.displayed import Line, Text
from policies.lint.findings import cut, found, found_at
from policies.lint.mime import Part
from policies.lint.verdict import Finding
from policies.patterns import late
from policies.words import each_of

_LINE_LIMIT: Final = 5000
_PROGRAMS: Final = each_of(
    "exe com scr bat cmd pif cpl msi msix msp mst dll sys vbs vbe js jse mjs wsf wsh wsc ps1 psm1 psd1 "
    "hta jar jnlp apk app appx dmg pkg deb rpm run sh bash zsh csh ksh fish py pyc pyw rb pl php reg "
    "inf scf gadget application msc chm command action workflow ade adp mde lnk url desktop webloc iso "
    "img vhd vhdx vmdk cab ace"
)
_MACROS: Final = each_of("docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm xla xll odb")
_PAGES: Final = each_of("html htm xhtml xht shtml mht mhtml svg svgz swf xml xsl") - {"xml"}
_CLOSED: Final = frozenset(["7z", "rar", "arj", "lzh", "lha", "zipx"])
_RISKY_TYPES: Final = {
    "text/html": "a web page",
    "application/xhtml+xml": "a web page",
    "image/svg+xml": "a picture that can hold scripts",
    "application/x-msdownload": "a program",
    "application/x-msdos-program": "a program",
    "application/hta": "a program",
    "application/javascript": "a script",
    "text/javascript": "a script",
    "application/x-sh": "a script",
    "application/x-shellscript": "a script",
    "application/java-archive": "a program",
    "application/x-iso9660-image": "a disk image",
    "application/x-ms-shortcut": "a shortcut",
    "application/x-7z-compressed": "an archive that cannot be read here",
    "application/vnd.rar": "an archive that cannot be read here",
    "application/x-rar-compressed": "an archive that cannot be read here",
}
_DOCUMENTS: Final = each_of(
    "pdf doc docx xls xlsx ppt pptx odt ods odp rtf txt csv jpg jpeg png gif heic tif tiff mp3 mp4 mov eml msg"
)
_DIRECTION: Final = late("[\u202a-\u202e\u2066-\u2069]")
_PROGRAM_STARTS: Final = ((b"MZ", "a program"), (b"\x7fELF", "a program"), (b"#!", "a script"))
_OLE_START: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_MACROS: Final = b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0"  # UTF-16, as OLE names its streams
_ZIP_ENTRY: Final = b"PK\x03\x04"
_ZIP_DIRECTORY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 1

_NOT_YOURS: Final = r"(?! (?:\w+ )?(?:that |which )?(?:you|he|she|they)\b)(?! to\b)"
_TO_SOMETHING: Final = r"(?! to (?!th(?:is|e) (?:e-?mail|mail|message)))"
_THE_MAIL: Final = r"(?: dieser)? (?:mail|e-mail|nachricht)\b"
_PAPER: Final = (
    r"(?:files?|documents?|pdf|letter|checklist|report|form|plan|lists?|sheet|notes?|schedule|agenda|pictures?|photos?"
    r"|screenshots?|map|copy|guide|text|draft|page|overview|table|statement)\b"
)
# What says that a file comes with the mail, by the letters that stand in each of its forms; a negation before it, or
# what follows, may take it back.
_PROMISES: Final[Mapping[str, tuple[str, ...]]] = {
    "find": (r"\b(?:please|kindly) find\b(?!.{0,60}(?:https?:|www\.|below|time))",),
    "attach": (
        r"\b(?:see|find|is|are|was|were|be|been|have|has|ve|i|we|hereby) (?:also |now |\w+ )?attached\b"
        + _TO_SOMETHING,
        r"^\W*attached\b" + _TO_SOMETHING,
        r"\battached (?:is|are|please|here|below|herewith)\b",
        r"\battached " + _PAPER + _NOT_YOURS,
        r"^\W*attaching\b",
        r"\battached you(?:'| wi)ll\b",
        r"\b(?:the|our|an?|see|as|in) attach(?:ed|ment|ments)\b" + _NOT_YOURS,
        r"\b(?:i|we) (?:\w+ )?attach\b",
        r"\b(?:am|are|m|re) (?:\w+ )?attaching\b",
    ),
    "enclos": (
        r"\b(?:i|we) (?:\w+ )?enclose\b",
        r"\b(?:is|are|please find|find|have|i|we) (?:\w+ ){0,2}enclosed\b",
        r"^\W*enclosed\b",
        r"\benclosed (?:is|are|you|please|find)\b",
        r"\benclosed " + _PAPER + _NOT_YOURS,
    ),
    "pfa": (r"\bPFA\b",),
    "anbei": (r"\banbei\b",),
    "anhang": (
        rf"\b(?:im|in dem|siehe) anhang\b(?! (?:des|unserer|unseres|dieser|dieses|zur|zum|zu)\b(?!{_THE_MAIL}))",
    ),
    "anliegend": (r"\banliegend (?:finden|erhalten|sende|schicke|der|die|das|ein)",),
    "gehängt": (
        r"\b(?:an)?gehängt(?:e[nrs]?)? (?:ist|sind|finden|findest|datei)\b",
        r"\bangehängt\b",
    ),
    "beigefügt": (r"\bbeigefügt(?:e[nrs]?)?\b",),
    "beiliegend": (r"\bbeiliegend(?:e[nrs]?)?\b",),
    "anlage": (r"\b(?:in der|als) anlage\b",),
    "füge": (r"\b(?:füge[n]? (?:ich|wir)|(?:ich|wir) füge[n]?)\b.{0,40}\b(?:bei|an)\b",),
    "hänge": (r"\b(?:hänge[n]? (?:ich|wir)|(?:ich|wir) hänge[n]?)\b.{0,40}\ban\b",),
    "joi": (
        r"\bci-jointe?s?\b",
        r"\b(?:en )?pièces? jointes?\b",
        r"\bjointe?s? (?:à|au) (?:ce|cet|présent)\b",
        r"\b(?:je|nous) (?:vous )?(?:joins|joignons)\b",
    ),
    "adjunt": (
        r"\badjunt(?:o|a|os|as|amos|é)\b",
        r"\b(?:archivo|documento)s? adjunt[oa]s?\b",
    ),
    "alleg": (
        r"\b(?:in )?allegat[oaie]\b",
        r"\balleg(?:o|hiamo)\b",
    ),
    "bijgevoegd": (r"\bbijgevoegde?\b",),
    "bijlage": (r"\b(?:in|als|zie) (?:de )?bijlagen?\b",),
    "bijgaand": (r"\bbijgaande?\b",),
    "anex": (
        r"\b(?:em|segue[m]?(?: em)?) anexos?\b",
        r"(?:^\W*|[.:;,]\s*|\b(?:[ey]|les?|te|os|lhes?) )anexo (?:os?|as?|um|uma|el|la|los|las|un|una)\b",
        r"^\W*anexo:",
        r"\banex(?:ei|amos)\b",
        r"\b(?:documento|ficheiro|archivo|arquivo|plano|lista|formul[aá]rio) anex[oa]\b",
    ),
    "załącz": (
        r"\bw załączeniu\b",
        r"\bzałącz(?:am|amy|niku)\b",
    ),
    "bifoga": (r"\bbifoga(?:d|de|t|r)?\b",),
    "vedlagt": (r"\bvedlagt\b",),
    "vedhæftet": (r"\bvedhæftet\b",),
    "添付": (r"添付(?!ファイル[^。]{0,10}(?:開|送ら|受け|届|確認でき))(?![^。]{0,6}(?:ないで|せず|忘れ))",),
    "annexe": (r"\ben annexe\b",),
    "附件": ("附件",),
}
_NEGATED: Final = late(
    r"(?:\b(?:not|no|never|without|nothing|n't|nicht|kein|keine|keinen|ohne|pas|sans|aucune?|sin|non|senza|niet|geen|zonder"
    r"|não|sem|inte|ikke|nie|bez|your|ihr|ihre|ihrem|votre|vos|su|tu|tuo|tua|suo|sua|seu)\b|n't)\W+(?:\w+\W+){0,1}$",
    re.IGNORECASE,
)

# A file that came, or should have come, or is asked for.
_FROM_ELSEWHERE: Final = late(
    r"\bforg[eo]t(?:ten)?\W+(?:\w+\W+)?$|\b(?:pas|non|no|nicht|niet|não)\b[^.!?]{0,24}\b(?:ouvrir|abrir|aprire|öffnen|openen)\W[^.!?]*$"
    r"|\b(?:please|you)\b[^.!?;:,]*?\b(?:re)?send\b[^.!?;:,]*$|\b(?:d['’]|veuillez (?:nous )?)r?envoyer\b[^.!?;:,]*$"
    r"|\b(?:bitte|könn(?:t|ten))\b[^.!?;:,]*?\b(?:schick\w*|send\w*)\b[^.!?;:,]*$",
    re.IGNORECASE,
)


def check_files(checked: Checked) -> Iterator[Finding]:
    """Every finding of this family."""
    yield from _check_missing(checked)
    for part in checked.draft.attachments:
        for name, why in _risks(part):
            message = f"{cut(name)} is {why}; careful people will not open it."
            yield found("attachment-risky", name, "attachment", message)


# ---------------------------------------------------------------- promised


@functools.cache
def _promising(stem: str) -> re.Pattern[str]:
    return re.compile("|".join(_PROMISES[stem]), re.IGNORECASE)


def _promise(words: str) -> re.Match[str] | None:
    """The first words of a line that promise a file."""
    folded = words.casefold()
    found = (match for stem in _PROMISES if stem in folded for match in _promising(stem).finditer(words))
    spoken = (match for match in found if not _is_taken_back(words[: match.start()]))
    return min(spoken, key=lambda match: match.start(), default=None)


def _is_taken_back(before: str) -> bool:
    return _NEGATED.search(before) is not None or _FROM_ELSEWHERE.search(before) is not None


def _check_missing(checked: Checked) -> Iterator[Finding]:
    draft = checked.draft
    if draft.attachments or any(text.part.filename for text in checked.texts):
        return
    for text, line, words in _lines_going_on(checked):
        match = _promise(words)
        if (
            match
            and match.start() < len(line.text[:_LINE_LIMIT])
            and not re.search(r"\b(?:not|nothing)\b|n't\b", match[0], re.IGNORECASE)
        ):
            message = f'"{cut(match[0])}" promises a file, and none is attached.'
            length = min(len(match[0]), len(line.text) - match.start())
            yield found_at("attachment-missing", cut(match[0]), message, text, line, start=match.start(), length=length)
            return


def _lines_going_on(checked: Checked) -> Iterator[tuple[Text, Line, str]]:
    """The writer's lines with the words of the next: a mail program breaks them where it likes."""
    lines = list(checked.own_lines())
    for number, (text, line) in enumerate(lines):
        following = [each for _, each in lines[number + 1 : number + 2] if each.number == line.number + 1]
        words = " ".join([line.text[:_LINE_LIMIT], *(each.text[:_LINE_LIMIT] for each in following)])
        yield text, line, words


# ---------------------------------------------------------------- risky


def _risks(part: Part) -> Iterator[tuple[str, str]]:
    names = part.filenames or ((part.type,) if part.type in _RISKY_TYPES else ())
    for name in names:
        why = _risk_of_name(name) or _RISKY_TYPES.get(part.type, "") or _risk_of_content(part)
        if why:
            yield name, why
            return
    why = "" if names else _risk_of_content(part)
    if why:
        yield part.type, why


def _risk_of_name(name: str) -> str:
    pieces = [piece.strip() for piece in name.strip(" .\t").casefold().split(".")]
    if _DIRECTION.search(name):
        return "named so that its ending reads backwards"
    ending, before = (pieces[-1], pieces[-2]) if len(pieces) > 1 else ("", "")
    kinds = (
        (_PROGRAMS, "a program, a script or a shortcut"),
        (_MACROS, "a document with macros"),
        (_PAGES, "a web page or a picture that can hold scripts"),
        (_CLOSED, "an archive that cannot be read here"),
    )
    why = next((word for endings, word in kinds if ending in endings and len(pieces) > 1), "")
    if why and len(pieces) > 2 and before in _DOCUMENTS:  # noqa: PLR2004 - name and two endings
        return f"{why} under the name of a document"
    return why


def _risk_of_content(part: Part) -> str:
    start = _first_bytes(part)
    why = next(
        (word for mark, word in _PROGRAM_STARTS if start.startswith(mark) and not part.type.startswith("text/")), ""
    )
    if why:
        return why
    if start.startswith(_OLE_START) and _OLE_MACROS in part.content:
        return "a document with macros"
    if start.startswith(_ZIP_ENTRY):
        return _risk_of_zip(part.content)
    return ""


def _first_bytes(part: Part) -> bytes:
    """The first few bytes, without decoding a large file for them."""
    if part.encoding != "base64":
        return part.body[:16]
    import binascii  # noqa: PLC0415 - with its one use

    packed = b"".join(part.body[:64].split())
    try:
        return binascii.a2b_base64(packed[: len(packed) // 4 * 4])[:16]
    except binascii.Error:
        return b""


def _risk_of_zip(content: bytes) -> str:
    """By the entries that a ZIP archive names (APPNOTE 4.3.7 and 4.3.12): an encrypted one, a program, macros."""
    at, count = content.find(_ZIP_DIRECTORY), 0
    while at >= 0 and count < 10_000:  # noqa: PLR2004 - more is no attachment
        flags = int.from_bytes(content[at + 8 : at + 10], "little")
        length = int.from_bytes(content[at + 28 : at + 30], "little")
        name = content[at + 46 : at + 46 + length].decode("utf-8", "replace")
        if flags & _ENCRYPTED:
            return "an encrypted archive that cannot be read here"
        if name.casefold().endswith("vbaproject.bin"):
            return "a document with macros"
        why = _risk_of_name(name)
        if why:
            return f"an archive that holds {why}"
        at, count = content.find(_ZIP_DIRECTORY, at + 46), count + 1
    return "" if count else "an archive that cannot be read"

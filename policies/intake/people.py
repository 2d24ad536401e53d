"""Who may be reported in a mail: names and handles that its words accuse, never who helps, hosts or was harmed.

A candidate must be the doer of a verb of harm or speech, stand behind "by" or "about" with a fitting noun, or be
labelled as the person.  Precision goes before recall: a member reads the mail anyhow.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from policies.folding import words
from policies.intake import japanese
from policies.intake.names import Mention, has_handle, has_name, is_handle, is_strong_handle, mentions
from policies.intake.passages import Sentence, Token
from policies.words import among, each_of, hard_acts, listed, longest_run, telling

_OPENING: Final = frozenset("\"'“„«»‘(‚")
_NOUN_WINDOW: Final = 6
_VERB_WINDOW: Final = 4
_CLAUSE_WINDOW: Final = 26
_HAVE: Final = frozenset({"hat", "hatte", "heeft", "had"})
_BE: Final = frozenset({"was", "were", "got", "been", "being", "be", "gets"})
_WEAK_ABOUT: Final = each_of(
    "about against concerning regarding involving with über gegen mit contre concernant avec contra sobre con contro "
    "over tegen met com fue heet appelé reporting"
)
_TOLD: Final = each_of("him her them ihn ihm sie hem haar")
# Of an account one says that it is private, of a nickname only what it is.
_NAMINGS: Final = each_of(
    "username handle nick nickname alias pseudonym screenname login nutzername nutzernamen benutzername spitzname "
    "pseudo pseudonyme identifiant apodo soprannome gebruikersnaam bijnaam "
    "apelido"
)
_AS: Final = each_of("as als be are como come comme")
_QUOTES: Final = frozenset('"“”„«»‹›「『')
_ERRANDS: Final = tuple([word] for word in ("write", "contact", "report", "send", "email", "e-mail", "tell", "ask"))
_PLATFORM: Final = re.compile(
    r"github|gitlab|twitter|mastodon|forum|discord|slack|irc|matrix|telegram|instagram|bluesky|linkedin|reddit|"
    r"handle|nick(?:name)?|user ?name|user|account|alias|x|codeberg|bitbucket|youtube|facebook|konto|nutzername|"
    r"pseudo|compte|usuario|cuenta|utente|gebruiker|profile?|login"
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Candidate:
    """A name or handle that may be a subject's; lower ranks come first.  ``handles`` are those beside a name."""

    value: str
    is_handle: bool
    rank: int
    evidence: str
    line: int
    handles: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Where it stands, not who."""
        return f"Candidate(rank {self.rank}, line {self.line})"


def candidates(sentences: Sequence[Sentence], not_them: Collection[str]) -> tuple[Candidate, ...]:
    """The candidates, best first, each once.

    ``not_them`` are the folded words of who cannot be meant: sender and members.  A name all of whose words are
    among them is left out.
    """
    found = [each for sentence in sentences for each in _in_sentence(sentence)]
    kept: dict[str, Candidate] = {}
    for each in sorted(found, key=lambda each: (each.rank, each.line)):
        named = words(each.value.lstrip("@"))
        if named and not all(word in not_them for word in named):
            kept.setdefault(" ".join(named), each)
    tied = {" ".join(words(handle.lstrip("@"))) for each in kept.values() for handle in each.handles}
    return tuple(each for key, each in kept.items() if key not in tied)


def _in_sentence(sentence: Sentence) -> Iterator[Candidate]:
    for name, offset in japanese.doers(sentence.text):
        yield Candidate(name, False, 4, sentence.text, sentence.line_at(offset))
    if not _may_accuse(sentence):
        return
    tokens = sentence.tokens
    for mention in mentions(tokens):
        rank = _rank(sentence, tokens, mention)
        if rank is not None:
            yield _candidate(sentence, mention, rank)
    for mention in _accounts(tokens):
        yield _candidate(sentence, mention, 2)


def _may_accuse(sentence: Sentence) -> bool:
    """Whether anybody can be a candidate by this sentence: asked of its words, before it is taken apart."""
    if sentence.may_have("accounts"):
        return True
    accuses = not _accusing().isdisjoint(sentence.runs)
    if accuses and (has_name(sentence.text) or sentence.may_have("titles")):
        return True
    return (accuses or sentence.may_have("copulas")) and has_handle(sentence.text)


@functools.cache
def _accusing() -> frozenset[str]:
    """Without one of these words nobody is accused: see ``_rank``."""
    return frozenset(map(longest_run, _verbs("acts", "soft_acts", "speech"))) | telling("writings", "about")


def _candidate(sentence: Sentence, mention: Mention, rank: int) -> Candidate:
    line = sentence.line_at(sentence.tokens[mention.first].start)
    handles = () if mention.is_handle else tuple(_handles_beside(sentence.tokens, mention.last + 1))
    return Candidate(mention.text, mention.is_handle, rank, sentence.text, line, handles)


def _rank(sentence: Sentence, tokens: Sequence[Token], mention: Mention) -> int | None:
    """How surely the mention is accused, 1 best; None when it is not."""
    left = [token.low for token in tokens[max(0, mention.first - 8) : mention.first]]
    while left and (left[-1] in _OPENING or left[-1] in among("titles") or left[-1] == "."):
        left.pop()
    right = [token.low for token in tokens[mention.last + 1 : mention.last + 1 + _CLAUSE_WINDOW]]
    right = right[1:] if right[:1] in (['"'], ["”"], ["“"], ["»"], ["'"], ["’"]) else right
    if _is_bystander(left, right) or _is_harmed(left, right):
        return None
    if _is_introduced(left, mention):
        return 1
    if _follows_by(left, right):
        return 2
    if _is_doer(sentence, left, right):
        return 3
    return None


def _is_bystander(left: Sequence[str], right: Sequence[str]) -> bool:
    """``the moderator, Frau X``; ``my friend X``; ``X, one of the organisers,``; ``X from the team``."""
    helpers = among("helpers", "officials", "local_people")
    before = [word for word in left[-2:] if word != ","]
    if before and before[-1] in helpers:
        return True
    opening = right[:6]
    if opening[:1] in ([","], ["("], ["from"], ["vom"], ["von"], ["de"], ["del"], ["dal"]):
        end = next((at for at, word in enumerate(opening[1:], 1) if word in {",", ")"}), len(opening))
        return any(word in helpers for word in opening[1:end])
    return False


def _is_harmed(left: Sequence[str], right: Sequence[str]) -> bool:
    """Done to, not done by: ``X was insulted``, ``wurde X beleidigt``, ``a été``, ``fue``."""
    following = [word for word in right[:4] if not word.endswith("ly") and word not in {"not", "also", "then"}]
    if following[:1] and following[0] in {"has", "had", "have"}:
        following = following[1:]
    if following[:1] and following[0] in _BE:
        done = following[2:3] if following[1:2] == ["being"] or following[1:2] == ["been"] else following[1:2]
        return bool(done) and done[0] in among("acts", "speech") and not done[0].endswith(("ing", "drunk"))
    if any(word in among("passives") and word not in _BE for word in following[:3]):
        return True
    return any(word in among("passives") and word not in _BE for word in left[-3:]) and not (
        left and left[-1] in among("by")
    )


def _is_introduced(left: Sequence[str], mention: Mention) -> bool:
    """Behind a phrase that says whom the mail is about."""
    role = left[-1:] and left[-1] in among("roles")
    before = left[:-1] if role else left
    if before and before[-1] in {"the", "der", "den", "die", "le", "la", "el", "il", "de", "an", "a", ":"}:
        before = before[:-1]
    joined = " " + " ".join(before)
    for phrase in listed("about"):
        if not joined.endswith(" " + phrase):
            continue
        if phrase not in _WEAK_ABOUT or (mention.is_handle and phrase in {"about", "against", "über", "gegen"}):
            return True
        return _has_noun(before[:-1]) or (len(before) > 2 and before[-3] in among("writings"))  # noqa: PLR2004
    return False


def _has_noun(left: Sequence[str]) -> bool:
    return any(word in among("writings") for word in left[-_NOUN_WINDOW:])


def _follows_by(left: Sequence[str], right: Sequence[str]) -> bool:
    """``posted by``, ``a message from``, ``beleidigt von``."""
    if not left or left[-1] not in among("by"):
        return False
    if any(word in among("writings", "acts", "speech") for word in left[-_NOUN_WINDOW:-1]):
        return True
    # German and Dutch put the participle last: "wurde von X im Flur beleidigt".
    is_passive = any(word in among("passives") for word in left[-4:-1])
    return is_passive and any(word in hard_acts() for word in right)


def _is_doer(sentence: Sentence, left: Sequence[str], right: Sequence[str]) -> bool:
    if left and left[-1] in hard_acts() and left[-1].endswith("ó"):
        return True
    helps = not among("witnessed").isdisjoint(sentence.lows)
    verb = _verb_after(right)
    if verb is not None:
        return _weighs(right[verb:], helps=helps)
    if (left and left[-1] in _HAVE) or (right and right[0] in _HAVE):
        clause = right[: next((at for at, word in enumerate(right) if word in {".", ";"}), len(right))]
        verb = next((at for at, word in enumerate(clause) if _is_verb(word)), None)
        return verb is not None and not helps and _weighs([clause[verb], *clause], helps=helps)
    return False


def _weighs(told: Sequence[str], *, helps: bool) -> bool:
    """Whether what was done, a verb and the words after it, speaks against the doer.

    Verbs of harm do; "sent" or "made" need something harmful beside them, and verbs of saying a quotation.
    """
    verb, rest = told[0], told[1:]
    if verb in _forms_of(hard_acts()):
        return True
    is_quoted = any(word in _QUOTES for word in rest)
    if verb in _verbs("soft_acts"):
        return is_quoted or any(word in among("harms", "writings") for word in rest)
    ordered = rest[:1] in (["me"], ["us"]) and rest[1:2] == ["to"] and rest[2:3] not in _ERRANDS
    return not helps and not (rest and rest[0] in _TOLD) and (is_quoted or ordered)


def _is_verb(word: str) -> bool:
    return word in _verbs("acts", "soft_acts", "speech")


@functools.cache
def _verbs(*fields: str) -> frozenset[str]:
    return _forms_of(among(*fields))


@functools.cache
def _forms_of(verbs: frozenset[str]) -> frozenset[str]:
    """Also with the endings of French, Italian and Spanish participles: ``insultée``, ``insultata``."""
    stems = {stem for verb in verbs for stem in (verb, f"{verb}e")}
    stems |= {verb[:-1] + ending for verb in verbs if verb.endswith("o") for ending in "aei"}
    return frozenset(stems | {f"{stem}s" for stem in stems})


def _verb_after(right: Sequence[str]) -> int | None:
    """Where the verb stands that the name does: right after it, or behind little words, or a remark in brackets."""
    at = 0
    if right[:1] == ["("] and ")" in right:
        at = right.index(")") + 1
    skipped = 0
    while at < len(right) and skipped <= _VERB_WINDOW:
        word = right[at]
        if _is_verb(word):
            return at
        if not (word in among("auxiliaries") or word == "," or word.endswith("ly")):
            return None
        at += 1
        skipped += 1
    return None


def _accounts(tokens: Sequence[Token]) -> Iterator[Mention]:
    """``user rex wrote``, ``the account "rex_31"``, ``his nickname on the list is rex``."""
    accounts, either = among("accounts"), among("accounts", "copulas")
    for index, token in enumerate(tokens):
        if token.low not in either:
            continue
        at = _skip_quotes(tokens, index + 1)
        if token.low not in accounts:
            # back as "rex_31": a quoted word that can only be an account's name
            is_quoted = at == index + 2 and at < len(tokens)
            if is_quoted and is_strong_handle(tokens[at].text):
                yield Mention(tokens[at].text, at, at, is_handle=True)
            continue
        if at < len(tokens) and _is_accounts_name(tokens, at, is_quoted=at > index + 1):
            yield Mention(tokens[at].text, at, at, is_handle=True)
        elif named := _after_copula(tokens, index):
            yield named


def _skip_quotes(tokens: Sequence[Token], at: int) -> int:
    return at + 1 if at < len(tokens) and tokens[at].text in _OPENING else at


def _is_accounts_name(tokens: Sequence[Token], at: int, *, is_quoted: bool) -> bool:
    token = tokens[at]
    if token.kind == "at" or is_strong_handle(token.text):
        return True
    if token.kind != "word" or not is_handle(token.text):
        return False
    following = tokens[at + 1].low if at + 1 < len(tokens) else ""
    return is_quoted or _is_verb(following)


def _after_copula(tokens: Sequence[Token], index: int) -> Mention | None:
    for at in range(index + 1, min(index + 8, len(tokens) - 1)):
        if tokens[at].text in ".;!?":
            return None
        if tokens[at].low in among("copulas") and tokens[at].low not in _AS:
            named = _skip_quotes(tokens, at + 1)
            if named >= len(tokens):
                return None
            token = tokens[named]
            ends = named + 1 == len(tokens) or tokens[named + 1].kind == "sign"
            is_sure = tokens[index].low in _NAMINGS or named > at + 1 or is_strong_handle(token.text)
            if token.kind == "at" or (token.kind == "word" and ends and is_sure and is_handle(token.text)):
                return Mention(token.text, named, named, is_handle=True)
            return None
    return None


def _handles_beside(tokens: Sequence[Token], at: int) -> Iterator[str]:
    """The handles in brackets right after a name: ``(GitHub: rex, forum: rex_31)``, ``(@rex)``."""
    if at < len(tokens) and tokens[at].text in "\"'”»’":
        at += 1
    if at >= len(tokens) or tokens[at].text not in {"(", "[", "/"}:
        return
    only_next = tokens[at].text == "/"
    for index in range(at + 1, min(at + (2 if only_next else 14), len(tokens))):
        token = tokens[index]
        if token.text in {")", "]"}:
            return
        if token.kind == "at" or (token.kind == "word" and _is_labelled(tokens, index)) or is_strong_handle(token.text):
            yield token.text


def _is_labelled(tokens: Sequence[Token], index: int) -> bool:
    """``forum: rex``, ``GitHub = rex``."""
    return tokens[index - 1].text in {":", "="} and _PLATFORM.fullmatch(tokens[index - 2].low) is not None

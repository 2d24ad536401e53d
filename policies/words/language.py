"""The lists that a language can fill in."""

from __future__ import annotations

from policies.values import value


@value
class Language:
    """One language's words, lower-case, ``|`` between entries.

    Layout of mail: ``greetings`` open a salutation and ``greeted`` may follow in lower case; ``closings`` open a
    signature; ``sent_from`` are lines of telephones; ``wrote`` and ``on`` make an attribution; ``forward_marks``
    and ``reply_marks`` stand above a forwarded or answered mail's header; ``label_*`` are its labels.

    Time: ``months`` (groups, ``;`` between), ``weekdays``, ``today``, ``yesterday``, ``deadlines`` (what makes a
    date none of an incident), ``in_month`` (what stands before a lone month).

    People: ``titles``; ``particles`` inside names; ``no_names`` (capitalised words that are no part of a name);
    ``roles`` (who may be reported: attendee, speaker), ``helpers`` (who stands by: moderator, friend);
    ``acts`` (verbs of doing harm), ``soft_acts`` (those of them that need one of ``harms`` or a quotation beside them
    to count), ``speech`` (verbs of saying), ``auxiliaries`` between name and verb,
    ``passives`` (what makes the name the one it was done to), ``by``, ``about`` (phrases that end right before the
    reported person), ``writings`` (nouns: message, comment), ``accounts`` (nouns: user, nickname), ``copulas`` (is,
    was), ``mine`` (what makes an address the writer's), ``witnessed`` (what makes a person a witness), ``self``
    (phrases before the writer's own name).

    The rest: ``absence`` (subject of an out-of-office), ``places_before``, ``venues``, ``no_places``, ``officials``
    (organiser), ``official_phrases``, ``local_people`` and ``local_acts`` (who is in charge on the spot, and their
    verbs), ``settled`` (phrases), ``negations``, and ``form_*`` for the labels of web forms.
    """

    greetings: str = ""
    greeted: str = ""
    closings: str = ""
    sent_from: str = ""
    wrote: str = ""
    on: str = ""
    forward_marks: str = ""
    reply_marks: str = ""
    label_from: str = ""
    label_date: str = ""
    label_to: str = ""
    label_cc: str = ""
    label_subject: str = ""
    months: str = ""
    weekdays: str = ""
    today: str = ""
    yesterday: str = ""
    deadlines: str = ""
    in_month: str = ""
    titles: str = ""
    particles: str = ""
    no_names: str = ""
    roles: str = ""
    helpers: str = ""
    acts: str = ""
    soft_acts: str = ""
    harms: str = ""
    speech: str = ""
    auxiliaries: str = ""
    passives: str = ""
    by: str = ""
    about: str = ""
    writings: str = ""
    accounts: str = ""
    copulas: str = ""
    mine: str = ""
    witnessed: str = ""
    self: str = ""
    absence: str = ""
    places_before: str = ""
    venues: str = ""
    no_places: str = ""
    officials: str = ""
    official_phrases: str = ""
    local_people: str = ""
    local_acts: str = ""
    settled: str = ""
    negations: str = ""
    form_subject: str = ""
    form_name: str = ""
    form_email: str = ""
    form_date: str = ""
    form_place: str = ""
    form_other: str = ""

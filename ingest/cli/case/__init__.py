"""``conduct case``: drafts reviewed, records kept, cases closed."""

from __future__ import annotations

from ingest.cli.lazy import lazy_group

group = lazy_group(
    "case",
    "Cases by their code names: drafts reviewed, records kept and closed.",
    {
        "list": ("ingest.cli.case.listing:command", "Every case, by code name."),
        "show": ("ingest.cli.case.show:command", "One case: fields, suggestions, mail, history, dates."),
        "accept": ("ingest.cli.case.accept:command", "Make a draft a record."),
        "edit": ("ingest.cli.case.edit:command", "Change fields of a record, or name another subject."),
        "witness": ("ingest.cli.case.witness:command", "Who saw or heard it: protected as the reporter is."),
        "merge": ("ingest.cli.case.merge:command", "File a draft with another case."),
        "split": ("ingest.cli.case.split:command", "Take mail out of a case, and make a draft of it."),
        "dismiss": ("ingest.cli.case.dismiss:command", "Say that a draft is no report."),
        "close": ("ingest.cli.case.close:command", "Record how it ended, and see when it will be expunged."),
        "reopen": ("ingest.cli.case.reopen:command", "Open a closed case again, to decide anew."),
        "lift": ("ingest.cli.case.lift:command", "A ban ends before its date."),
        "same": ("ingest.cli.case.same:command", "Two subjects are the same person."),
        "other": ("ingest.cli.case.other:command", "Two subjects are different people."),
    },
)

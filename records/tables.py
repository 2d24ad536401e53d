"""The tables of both stores; what lies here in clear names nobody but the committee's own members."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware instants in UTC; SQLite would give naive ones back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ANN401, ARG002
        """Refuse naive instants; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant without a zone"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ANN401, ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id(name: str = "id", **options: Any) -> sa.Column[str]:  # noqa: ANN401
    return sa.Column(name, sa.String(80), **options)


def _tag(name: str, **options: Any) -> sa.Column[bytes]:  # noqa: ANN401
    return sa.Column(name, sa.LargeBinary(32), **options)


keys: Final = sa.MetaData()
content: Final = sa.MetaData()

# --- the keys store: small, vacuumed after every expunge, with its own short-lived backups -------------------

grants = sa.Table(
    "grants",
    keys,
    _id("object", primary_key=True),
    _id("reader", primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
wrapped = sa.Table(
    "wrapped",
    keys,
    _id("object", primary_key=True),
    _id("under", nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
anchor = sa.Table(
    "anchor",
    keys,
    _id("name", primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    _tag("head", nullable=False),
    _id("signer", nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

# --- the content store --------------------------------------------------------------------------------------

meta = sa.Table("meta", content, _id("name", primary_key=True), sa.Column("value", sa.Text, nullable=False))

members = sa.Table(
    "members",
    content,
    _id("id", primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),  # addresses, handles, nicknames
    sa.Column("kem", sa.LargeBinary, nullable=False),
    sa.Column("sign", sa.LargeBinary, nullable=False),
    _id("added_by", nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)
periods = sa.Table(
    "periods",
    content,
    _id("member", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("starts", UtcDateTime),
    sa.Column("ends", UtcDateTime),
    _id("added_by", nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    _id("ended_by"),
    sa.Column("end_signature", sa.LargeBinary),
)
owed = sa.Table("owed", content, _id("object", primary_key=True), _id("member", primary_key=True))
exclusions = sa.Table(
    "exclusions",
    content,
    _id("object", primary_key=True),  # message:… (conflict hold) or case:… (recused, or accepted from a held mail)
    _id("member", primary_key=True),
    _id("why", nullable=False),
)

folders = sa.Table(
    "folders",
    content,
    _id("mailbox", primary_key=True),
    sa.Column("folder", sa.String(255), primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("last_uid", sa.BigInteger, nullable=False),
)
attempts = sa.Table(
    "attempts",
    content,
    _id("mailbox", primary_key=True),
    sa.Column("folder", sa.String(255), primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, primary_key=True),
    sa.Column("uid", sa.BigInteger, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
messages = sa.Table(
    "messages",
    content,
    _id("id", primary_key=True),
    sa.Column("received", UtcDateTime, nullable=False, index=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    _id("kind", nullable=False),
    _id("thread", index=True),
    _tag("message_id_tag", index=True),
    _tag("content_tag", unique=True),
    _tag("identity_tag", index=True),
    _tag("inner_id_tag", index=True),
    _id("copy_of"),
    _id("bounce_of"),
    _id("forwarded_by"),
    sa.Column("flags", sa.JSON, nullable=False),  # fixed words only: needs-eyes reasons, suspected conflict, unread
    sa.Column("triaged_on", sa.Date),
    sa.Column("expunged_on", sa.Date),
    sa.Column("mailbox_state", sa.String(20), nullable=False),  # kept, queued, gone, left
)
locations = sa.Table(
    "locations",
    content,
    _id("mailbox", primary_key=True),
    sa.Column("folder", sa.String(255), primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, primary_key=True),
    sa.Column("uid", sa.BigInteger, primary_key=True),
    _id("message", nullable=False, index=True),
)
blobs = sa.Table(
    "blobs",
    content,
    _id("message", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
drafts = sa.Table(
    "drafts", content, _id("message", primary_key=True), sa.Column("sealed", sa.LargeBinary, nullable=False)
)
threads = sa.Table(
    "threads",
    content,
    _id("id", primary_key=True),
    _tag("salt", nullable=False),
    _id("case"),
)
participants = sa.Table(
    "participants",
    content,
    _id("thread", primary_key=True),
    _tag("tag", primary_key=True),
    _id("message", primary_key=True, index=True),
)
case_mail = sa.Table("case_mail", content, _id("case", primary_key=True), _id("message", primary_key=True, index=True))
# What was destroyed, as keyed digests only, so that a leftover in the mailbox is found and never taken in again.
tombstones = sa.Table(
    "tombstones",
    content,
    _id("message", primary_key=True),
    _tag("content_tag", nullable=False, index=True),
    _tag("identity_tag", index=True),
    _tag("message_id_tag"),
    sa.Column("bytes", sa.BigInteger, nullable=False),
)

cases = sa.Table(
    "cases",
    content,
    _id("id", primary_key=True),
    sa.Column("code_name", sa.String(60), nullable=False, unique=True),
    _id("status", nullable=False),
    sa.Column("received", UtcDateTime, nullable=False),
    sa.Column("reported_on", sa.Date, nullable=False),
    _id("reporter_kind"),
    _id("handler"),
    sa.Column("accepted_on", sa.Date),
    sa.Column("dismissed_on", sa.Date),
    _id("dismissed_by"),
    _id("merged_into"),
    sa.Column("space", sa.Text),
    sa.Column("category", sa.Text),
    sa.Column("region", sa.Text),
    sa.Column("general_note", sa.Text),
    sa.Column("policy_digest", sa.String(64)),
    sa.Column("reporter_expunged", sa.Date),
    sa.Column("account_expunged", sa.Date),
)
# One row a named subject; n = 0 stands for a case that names nobody.  The row id is random, so that links between
# rows say nothing once the names are gone.
rows = sa.Table(
    "rows",
    content,
    _id("id", primary_key=True),
    _id("case", nullable=False, index=True),
    sa.Column("n", sa.Integer, nullable=False),
    _id("outcome"),
    sa.Column("decided_on", sa.Date),
    sa.Column("ban_from", sa.Date),
    sa.Column("ban_until", sa.Date),
    sa.Column("permanent", sa.Boolean, nullable=False),
    sa.Column("lifted_on", sa.Date),
    _id("closed_by"),
    sa.Column("closed_on", sa.Date),
    sa.Column("expunged_on", sa.Date),
    sa.UniqueConstraint("case", "n"),
)
links = sa.Table(
    "links",
    content,
    _id("a", primary_key=True),
    _id("b", primary_key=True),
    _id("state", nullable=False),  # same, possible, different
    _id("by", nullable=False),
)
parts = sa.Table("parts", content, _id("object", primary_key=True), sa.Column("sealed", sa.LargeBinary, nullable=False))
# Keyed digests of the private reporter's name tokens; their key lies in the account part.
screens = sa.Table("screens", content, _id("case", primary_key=True), sa.Column("tags", sa.JSON, nullable=False))
holds = sa.Table(
    "holds",
    content,
    _id("id", primary_key=True),
    _id("case", nullable=False, index=True),
    _id("by", nullable=False),
    sa.Column("placed_on", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("released_on", sa.Date),
)
deviations = sa.Table(
    "deviations",
    content,
    _id("id", primary_key=True),
    _id("row", nullable=False, index=True),
    _id("by", nullable=False),
    sa.Column("decided_on", sa.Date, nullable=False),
    sa.Column("until", sa.Date),  # null: never
    sa.Column("review_on", sa.Date),
)
# What waits for, or has, a second member's word; `about` names a hold, a deviation or a case's general note.
acts = sa.Table(
    "acts",
    content,
    _id("id", primary_key=True),
    _id("about", nullable=False, unique=True),
    _id("case", nullable=False),
    _id("by", nullable=False),
    _id("agreed_by"),
    sa.Column("agreed_on", sa.Date),
)
# What a member let pass in one draft.  The draft is known again by a salted digest, and only whoever has it can open
# `sealed`, which says about whom it is; so a door without anybody's key can go by it.
overrides = sa.Table(
    "overrides",
    content,
    _id("id", primary_key=True),
    _id("case", index=True),
    _id("by", nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("until", sa.Date, nullable=False, index=True),
    _id("rule", nullable=False),
    _id("note"),  # the object that holds the reason; null where it lies in the case's account
    _tag("salt", nullable=False),
    _tag("draft", nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)
# What the unattended sweep has announced, by the piece that will go; `fingerprint` is of its date and derivation.
notices = sa.Table(
    "notices",
    content,
    sa.Column("piece", sa.String(120), primary_key=True),
    sa.Column("fingerprint", sa.String(40), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)
# What it took on which day, noted before it is destroyed: cases and mails that count for the cap.
swept = sa.Table(
    "swept",
    content,
    sa.Column("on", sa.Date, primary_key=True),
    sa.Column("unit", sa.String(120), primary_key=True),
)
# One row: what it remembers of the clock, the days on which it ran, and who or what has stopped it.
sweep = sa.Table(
    "sweep",
    content,
    _id("name", primary_key=True),
    sa.Column("seen", UtcDateTime),
    _id("seen_boot"),
    sa.Column("seen_up", sa.Float),
    sa.Column("anchor", UtcDateTime),
    _id("anchor_boot"),
    sa.Column("anchor_up", sa.Float),
    sa.Column("disbelieved", UtcDateTime),  # records up to then were later than a clock that a member believed
    sa.Column("days", sa.JSON, nullable=False),
    _id("stopped"),  # paused, or why the clock is not believed
    sa.Column("stopped_at", UtcDateTime),
    _id("stopped_by"),
    _id("note"),  # the object that holds the reason of a pause
    sa.Column("wipe", sa.Boolean, nullable=False),  # freed space is still to be overwritten
)
# What was found in mails that a door refused: the code in the refusal's text, and sealed lines.
refusals = sa.Table(
    "refusals",
    content,
    _id("code", primary_key=True),
    sa.Column("cases", sa.JSON, nullable=False),
    sa.Column("until", sa.Date, nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
audit = sa.Table(
    "audit",
    content,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(40), nullable=False),
    _id("actor", nullable=False),
    _id("act", nullable=False),
    _id("about", nullable=False, index=True),  # a case's code name, a member's id, a mail's id; empty: the committee
    sa.Column("details", sa.Text, nullable=False),  # canonical JSON of fixed words, ids, dates, counts
    _tag("previous", nullable=False),
    _tag("hash", nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

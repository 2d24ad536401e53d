"""The tables of both stores; what lies here in clear names nobody but the committee's own members."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from records.columns import UtcDateTime, identifier, tag

keys: Final = sa.MetaData()
content: Final = sa.MetaData()

# --- the keys store: small, vacuumed after every expunge, with its own short-lived backups -------------------

grants = sa.Table(
    "grants",
    keys,
    identifier("object", primary_key=True),
    identifier("reader", primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
wrapped = sa.Table(
    "wrapped",
    keys,
    identifier("object", primary_key=True),
    identifier("under", nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
anchor = sa.Table(
    "anchor",
    keys,
    identifier("name", primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    tag("head", nullable=False),
    identifier("signer", nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

# --- the content store --------------------------------------------------------------------------------------

meta = sa.Table("meta", content, identifier("name", primary_key=True), sa.Column("value", sa.Text, nullable=False))

members = sa.Table(
    "members",
    content,
    identifier("id", primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),  # addresses, handles, nicknames
    sa.Column("kem", sa.LargeBinary, nullable=False),
    sa.Column("sign", sa.LargeBinary, nullable=False),
    identifier("added_by", nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)
periods = sa.Table(
    "periods",
    content,
    identifier("member", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("starts", UtcDateTime),
    sa.Column("ends", UtcDateTime),
    identifier("added_by", nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    identifier("ended_by"),
    sa.Column("end_signature", sa.LargeBinary),
)
owed = sa.Table("owed", content, identifier("object", primary_key=True), identifier("member", primary_key=True))
exclusions = sa.Table(
    "exclusions",
    content,
    identifier(
        "object", primary_key=True
    ),  # message:… (conflict hold) or case:… (recused, or accepted from a held mail)
    identifier("member", primary_key=True),
    identifier("why", nullable=False),
)

folders = sa.Table(
    "folders",
    content,
    identifier("mailbox", primary_key=True),
    sa.Column("folder", sa.String(255), primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("last_uid", sa.BigInteger, nullable=False),
)
attempts = sa.Table(
    "attempts",
    content,
    identifier("mailbox", primary_key=True),
    sa.Column("folder", sa.String(255), primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, primary_key=True),
    sa.Column("uid", sa.BigInteger, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
messages = sa.Table(
    "messages",
    content,
    identifier("id", primary_key=True),
    sa.Column("received", UtcDateTime, nullable=False, index=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    identifier("kind", nullable=False),
    identifier("thread", index=True),
    tag("message_id_tag", index=True),
    tag("content_tag", unique=True),
    tag("identity_tag", index=True),
    tag("inner_id_tag", index=True),
    identifier("copy_of"),
    identifier("bounce_of"),
    identifier("forwarded_by"),
    sa.Column("flags", sa.JSON, nullable=False),  # fixed words only: needs-eyes reasons, suspected conflict, unread
    sa.Column("triaged_on", sa.Date),
    sa.Column("expunged_on", sa.Date),
    sa.Column("mailbox_state", sa.String(20), nullable=False),  # kept, queued, gone, left
)
locations = sa.Table(
    "locations",
    content,
    identifier("mailbox", primary_key=True),
    sa.Column("folder", sa.String(255), primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, primary_key=True),
    sa.Column("uid", sa.BigInteger, primary_key=True),
    identifier("message", nullable=False, index=True),
)
blobs = sa.Table(
    "blobs",
    content,
    identifier("message", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
drafts = sa.Table(
    "drafts", content, identifier("message", primary_key=True), sa.Column("sealed", sa.LargeBinary, nullable=False)
)
threads = sa.Table(
    "threads",
    content,
    identifier("id", primary_key=True),
    tag("salt", nullable=False),
    identifier("case"),
)
participants = sa.Table(
    "participants",
    content,
    identifier("thread", primary_key=True),
    tag("tag", primary_key=True),
    identifier("message", primary_key=True, index=True),
)
case_mail = sa.Table(
    "case_mail", content, identifier("case", primary_key=True), identifier("message", primary_key=True, index=True)
)
# What was destroyed, as keyed digests only, so that a leftover in the mailbox is found and never taken in again.
tombstones = sa.Table(
    "tombstones",
    content,
    identifier("message", primary_key=True),
    tag("content_tag", nullable=False, index=True),
    tag("identity_tag", index=True),
    tag("message_id_tag"),
    sa.Column("bytes", sa.BigInteger, nullable=False),
)

cases = sa.Table(
    "cases",
    content,
    identifier("id", primary_key=True),
    sa.Column("code_name", sa.String(60), nullable=False, unique=True),
    identifier("status", nullable=False),
    sa.Column("received", UtcDateTime, nullable=False),
    sa.Column("reported_on", sa.Date, nullable=False),
    identifier("reporter_kind"),
    identifier("handler"),
    sa.Column("accepted_on", sa.Date),
    sa.Column("dismissed_on", sa.Date),
    identifier("dismissed_by"),
    identifier("merged_into"),
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
    identifier("id", primary_key=True),
    identifier("case", nullable=False, index=True),
    sa.Column("n", sa.Integer, nullable=False),
    identifier("outcome"),
    sa.Column("decided_on", sa.Date),
    sa.Column("ban_from", sa.Date),
    sa.Column("ban_until", sa.Date),
    sa.Column("permanent", sa.Boolean, nullable=False),
    sa.Column("lifted_on", sa.Date),
    identifier("closed_by"),
    sa.Column("closed_on", sa.Date),
    sa.Column("expunged_on", sa.Date),
    sa.UniqueConstraint("case", "n"),
)
links = sa.Table(
    "links",
    content,
    identifier("a", primary_key=True),
    identifier("b", primary_key=True),
    identifier("state", nullable=False),  # same, possible, different
    identifier("by", nullable=False),
)
parts = sa.Table(
    "parts", content, identifier("object", primary_key=True), sa.Column("sealed", sa.LargeBinary, nullable=False)
)
# Keyed digests of the private reporter's name tokens; their key lies in the account part.
screens = sa.Table("screens", content, identifier("case", primary_key=True), sa.Column("tags", sa.JSON, nullable=False))
holds = sa.Table(
    "holds",
    content,
    identifier("id", primary_key=True),
    identifier("case", nullable=False, index=True),
    identifier("by", nullable=False),
    sa.Column("placed_on", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("released_on", sa.Date),
)
deviations = sa.Table(
    "deviations",
    content,
    identifier("id", primary_key=True),
    identifier("row", nullable=False, index=True),
    identifier("by", nullable=False),
    sa.Column("decided_on", sa.Date, nullable=False),
    sa.Column("until", sa.Date),  # null: never
    sa.Column("review_on", sa.Date),
)
# What waits for, or has, a second member's word; `about` names a hold, a deviation or a case's general note.
acts = sa.Table(
    "acts",
    content,
    identifier("id", primary_key=True),
    identifier("about", nullable=False, unique=True),
    identifier("case", nullable=False),
    identifier("by", nullable=False),
    identifier("agreed_by"),
    sa.Column("agreed_on", sa.Date),
)
# What a member let pass in one draft.  The draft is known again by a salted digest, and only whoever has it can open
# `sealed`, which says about whom it is; so a door without anybody's key can go by it.
overrides = sa.Table(
    "overrides",
    content,
    identifier("id", primary_key=True),
    identifier("case", index=True),
    identifier("by", nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("until", sa.Date, nullable=False, index=True),
    identifier("rule", nullable=False),
    identifier("note"),  # the object that holds the reason; null where it lies in the case's account
    tag("salt", nullable=False),
    tag("draft", nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)
# Mails that a member took out of a case, so that she can put them back as they were: the thread they stood in, and
# from whom each has been held only since.
splits = sa.Table(
    "splits",
    content,
    identifier("message", primary_key=True),
    identifier("case", nullable=False, index=True),
    identifier("origin", nullable=False),
    identifier("thread", nullable=False),
    identifier("kind", nullable=False),
    sa.Column("flags", sa.JSON, nullable=False),
    sa.Column("held", sa.JSON, nullable=False),
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
    identifier("name", primary_key=True),
    sa.Column("seen", UtcDateTime),
    identifier("seen_boot"),
    sa.Column("seen_up", sa.Float),
    sa.Column("anchor", UtcDateTime),
    identifier("anchor_boot"),
    sa.Column("anchor_up", sa.Float),
    sa.Column("disbelieved", UtcDateTime),  # records up to then were later than a clock that a member believed
    sa.Column("days", sa.JSON, nullable=False),
    identifier("stopped"),  # paused, or why the clock is not believed
    sa.Column("stopped_at", UtcDateTime),
    identifier("stopped_by"),
    identifier("note"),  # the object that holds the reason of a pause
    sa.Column("wipe", sa.Boolean, nullable=False),  # freed space is still to be overwritten
)
# What was found in mails that a door refused: the code in the refusal's text, and sealed lines.
refusals = sa.Table(
    "refusals",
    content,
    identifier("code", primary_key=True),
    sa.Column("cases", sa.JSON, nullable=False),
    sa.Column("until", sa.Date, nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
sent_checks = sa.Table(
    "sent_checks",
    content,
    identifier("message", primary_key=True),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("ruling", sa.String(20), nullable=False),
    sa.Column("rules", sa.JSON, nullable=False),
)
audit = sa.Table(
    "audit",
    content,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(40), nullable=False),
    identifier("actor", nullable=False),
    identifier("act", nullable=False),
    identifier(
        "about", nullable=False, index=True
    ),  # a case's code name, a member's id, a mail's id; empty: the committee
    sa.Column("details", sa.Text, nullable=False),  # canonical JSON of fixed words, ids, dates, counts
    tag("previous", nullable=False),
    tag("hash", nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

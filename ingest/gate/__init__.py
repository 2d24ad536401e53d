"""The doors that stand in the way of outgoing mail, whichever mail program it comes from.

``whose`` asks whether a mail is the committee's at all: everything else passes byte for byte, unread and unlogged.
``judging`` is the one check behind every door, with a member's unlocked key or without any; ``apart`` runs it in a
limited child.  ``words`` says a ruling to whoever sent the mail, and names nobody.  ``server`` and ``relay`` are the
SMTP gateway, ``outbox`` keeps what ``conduct sendmail`` could not hand over.

A door only translates the ruling.  It never changes a mail, never answers for a server that it did not reach, and
what cannot be checked is not sent.
"""

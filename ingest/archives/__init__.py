"""Mail of former years in files: where the mails lie in mbox files, Maildirs and .eml files, and what they are.

Files are only read.  Every mail comes out as an IMAP server would give it, so that what the mailbox holds as well is
known by its bytes.
"""

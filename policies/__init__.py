"""The rules: what the committee's policy demands, as pure functions and plain values.

``policies`` decides and says why: what a mail is, where it belongs, who may read, what is due.  It knows no clock,
no file, no network and no database, and refuses to: everything it needs is handed in, so that the same question
has the same answer in a command, in a job and in a test.
"""

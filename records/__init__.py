"""The memory: two stores, the sealed mail and records in them, who may open them, and how they are destroyed.

``records`` keeps what the committee must keep and nothing that it must not: everything that names a person lies
sealed under a key of its own, and the key is granted to each reader.  This package refuses to decide: what is due,
who may read and what a case is called follow from ``policies``; it never reads mail and never asks the clock.
"""

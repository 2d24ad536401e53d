"""``make bench``: what the outgoing check says of ordinary mail, and how fast and small polling is beside a bare one."""

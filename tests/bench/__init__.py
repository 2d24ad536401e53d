"""``make bench``: what the outgoing check says of ordinary mail and how fast, at each door; polling by a bare one."""

"""``make bench``: what the outgoing check says of ordinary mail, and polling's speed and memory as ratios within one run."""

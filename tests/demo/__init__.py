"""``make demo``: the whole program shown on invented mail, in a scratch home that is gone afterwards."""

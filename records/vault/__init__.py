"""The vault: what is sealed, how its bytes look, and whose key opens it.

- ``format``: version, kind and armour of everything sealed; no cryptography
- ``newcomer``, ``recovery``: the block a newcomer hands over, and the printed recovery secret, as text; no cryptography
- ``identity``: a member's one secret and what follows from it; locked by a passphrase; the server's keys
- ``seal``: an object's key granted to a reader, keys under keys, bytes and streams under a key, HMAC tags

The only place that imports ``cryptography``.  The vault refuses to keep, find or log anything: keys and bytes come in
as arguments and go out as results.  It has no way to open what was sealed to a member without her secret, whoever asks.
"""

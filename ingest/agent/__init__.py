"""The key agent: a member's unlocked key in the memory of a small process, for as long as she said.

``conduct unlock`` starts it; every command that needs the key asks it first, so that a row of commands, and a mail
program's hook that cannot ask anybody, cost one passphrase.  ``place`` says where its socket lies and whose it must
be, ``protocol`` what is said on it, ``memory`` how the key is kept, ``server`` is the process, ``client`` what
commands call, ``start`` how the process comes about.

It refuses every other user, root included, and keeps nothing on the disk.  Whoever can run programs as this user can
ask it as well, as with ssh-agent: it guards against what comes later, not against who sits at the keyboard.
"""

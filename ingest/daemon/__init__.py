"""The service, ``conduct run``: tasks done by the clock and as mail comes, and what is told of how they went.

``tasks`` is the table of what is done and how often; ``keeper`` runs it (APScheduler), ``watching`` waits for new
mail, ``health`` keeps how it went, ``metrics`` and ``notify`` tell that to machines, ``journal`` to people, and
``digest`` once a week to the committee.  Nothing here opens a record: the service has no key that could.
"""

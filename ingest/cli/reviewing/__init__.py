"""The dialogue of ``conduct review``: plain lines, one question a line, each with its answers and a ``?`` for help.

Nothing depends on colour or on where the cursor stands, so that a screen reader can follow; and nothing is changed
before a question that says what will be done was answered with yes.
"""

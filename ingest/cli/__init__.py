"""The command line: one command, one file; ``app`` has the table that finds them.

A command reads its options, opens what it needs through the session (``context``), asks the rules, and shows the
answer (``output``).  Nothing from outside reaches the terminal save through ``output.clean``.
"""

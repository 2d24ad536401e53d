"""The watch over the drafts folder: what is wrong with a draft stands beside it before anybody presses Send.

``watching`` looks through the folder and asks the gate of each draft that has come to rest; ``note`` writes the
companion that stands beside a draft, and knows it again.  A draft itself is never changed but for one keyword.
"""

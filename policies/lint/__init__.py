"""The outgoing check: what the policy asks of a mail before it leaves the committee, computed from the draft itself."""

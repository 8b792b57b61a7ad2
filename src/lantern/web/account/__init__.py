"""Account: who sees what, who looked, consents, export, sessions, comfort."""

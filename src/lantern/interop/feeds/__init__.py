"""RSS, Atom and podcast feeds, and the OPML lists that name them."""

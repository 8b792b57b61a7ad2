"""Rules and acts that join features, and the handlers of their events."""

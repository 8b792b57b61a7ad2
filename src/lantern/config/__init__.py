"""The switches: settings from the environment, the list of URLs, checks before a production start."""

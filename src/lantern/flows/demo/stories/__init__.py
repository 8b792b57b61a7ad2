"""The lives that make the demo district worth a visit: those who learn, and those who help and lead."""

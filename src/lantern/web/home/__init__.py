"""Home: greeting, one next step with its reason, this week, suggestions, goals, credit, news."""

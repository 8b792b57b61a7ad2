"""Plans: which activity in which week, within the minutes one has.

Words: a *plan* belongs to one educator, who alone changes it (P1.2); a *week* is named by its Monday and has minutes
available; a *quiet* week has none.
"""

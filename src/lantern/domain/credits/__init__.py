"""Credits: an append-only ledger of hours, the rules that award them, and the licence they count towards.

Words: an *entry* adds (or, as a reversal, takes back) hundredths of hours of one credit type; a *rule* says what
earns them, in one version from one day on.
An entry is never changed. Credit is an official record: its owner and those who keep records see it.
"""

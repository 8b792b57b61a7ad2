"""The demo district: places, people, frameworks, a catalogue and a few lives, all of our own writing.

`seed.seed()` writes it once, through the same commands that everybody else uses; the texts are in `data/`.
"""

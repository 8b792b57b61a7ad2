"""Privacy: the classes of data, who may read which, shares, looks, and purposes one may refuse. The lowest feature.

Words: a *data class* says who may read a row; a *share* opens one item to one named person; a *look* is another
person's reading of it.
It never learns what a goal or a reflection is: features name their class and ask.
"""

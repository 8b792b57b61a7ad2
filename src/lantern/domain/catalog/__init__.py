"""The catalog: everything one can learn from, from any source, described in one taxonomy.

Words: a *resource* is one thing to learn from; a *term* is one word of the shared taxonomy (topic or subject); a
*kind* says what it is, a *modality*
how it is delivered. It never knows who learns.
"""

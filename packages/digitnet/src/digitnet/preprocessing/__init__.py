"""From ink or pictures to the 28x28 that the network reads: the only place that makes it.

`raster` turns strokes into pixels, `decode` any picture into greys and `images` these into an ink
mask, `segment` says which ink belongs to which digit, and `framing` makes one 28x28 of each digit.
"""

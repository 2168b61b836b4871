"""From ink or pictures to the 28x28 that the network reads: the only place that makes it.

`raster` turns strokes into pixels, `decode` any picture into greys and `images` these into an ink
mask (`paper` and `ruling` do so for photos), `text_lines` and `segment` say which ink belongs to
which line and which digit, and `framing` makes one 28x28 of each digit.
"""

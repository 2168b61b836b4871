"""From ink or images to the 28x28 that the network reads: the only place that makes it.

`segmentation` is the way in. `raster` draws strokes as pixels; `decode` turns any image into grey
levels, and `images` turns these into an ink mask (`paper` and `ruling` for photos). `text_lines`
and `lattice` decide which ink belongs to which line and which digit, and `framing` makes the 28x28
of each digit.
"""

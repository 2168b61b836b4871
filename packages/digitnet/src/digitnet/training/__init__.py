"""Training with PyTorch; needs ``digitnet[train]``.

Read in the order in which the data moves: `data`, `augment` and `ink_augment`, `model`, `fit`,
`evaluate`, `export`.
"""

"""Training with PyTorch; needs ``digitnet[train]``.

Read in the order in which the data moves: `data`, `augment` and `ink_augment`, `batches`, `model`,
`fit`, `evaluate`, `export`; `recipe` leads from files to a model, and `finetune` from a model and
somebody's own drawings to another.

>>> import torch
>>> from digitnet.training import load_pretrained
>>> network = load_pretrained()  # the shipped model as a torch.nn.Module
>>> network(torch.zeros(1, 28, 28)).shape
torch.Size([1, 11])
"""

from digitnet.training.config import Config
from digitnet.training.export import export, load_pretrained
from digitnet.training.fit import fit
from digitnet.training.log import Epoch
from digitnet.training.network import DigitNet

__all__ = ["Config", "DigitNet", "Epoch", "export", "fit", "load_pretrained"]

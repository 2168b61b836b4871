"""Training with PyTorch; needs ``digitnet[train]``.

The modules, in the order in which data moves through them:

1. `config`: the settings of a run. `network`: the CNN.
2. `data`: MNIST, recordings, and their splits. `user_drawings`: the drawings of one user.
3. `synthetic`: ink made by a program: digits, shapes that are not digits, stroke styles, and what
   pens and tablets do to ink.
   `rehearsal`: images of such ink, for networks that must not forget.
4. `augmentation`: for images. `stroke_augmentation`: for strokes. `batches`: both, by epoch.
5. `fit`: the training loop, with `optimization`, `distillation`, `devices`, `distributed`,
   `checkpoint` and `log`. `path_network` and `path_training`: the network for the pen's path.
6. `evaluation`: metrics. `plots`: curves and confusion matrices.
7. `export`: ONNX, safetensors and the manifest, with `quantization`.

`pipeline` runs all of it from files to a model folder; `finetune` adapts a trained model to one
user's drawings, and `finetune_report` measures the effect.

>>> import torch
>>> from digitnet.training import load_pretrained
>>> network = load_pretrained()  # the shipped model as a torch.nn.Module
>>> network(torch.zeros(1, 28, 28)).shape
torch.Size([1, 11])
"""

from digitnet.training.config import Config
from digitnet.training.export import export, load_pretrained, load_pretrained_path
from digitnet.training.fit import fit
from digitnet.training.log import Epoch
from digitnet.training.network import DigitNet
from digitnet.training.path_network import PathNet
from digitnet.training.path_training import fit_path

__all__ = [
    "Config",
    "DigitNet",
    "Epoch",
    "PathNet",
    "export",
    "fit",
    "fit_path",
    "load_pretrained",
    "load_pretrained_path",
]

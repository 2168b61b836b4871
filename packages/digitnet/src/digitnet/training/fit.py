"""The training loop."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load, save
from torch.nn import functional

from digitnet.errors import DataError
from digitnet.ink import Drawing
from digitnet.training import checkpoint, devices, distributed
from digitnet.training.batches import batches, render_ink
from digitnet.training.config import Config
from digitnet.training.data import Pictures
from digitnet.training.distillation import TeacherEnsemble
from digitnet.training.evaluation import accuracy, fit_temperature, log_loss, predict_logits
from digitnet.training.log import Epoch
from digitnet.training.network import DIGITS, NONE, DigitNet
from digitnet.training.optimization import make_optimizer, set_learning_rate, update_ema


def fit(
    config: Config,
    pictures: Pictures,
    validation: Pictures,
    drawings: Sequence[Drawing] = (),
    ink_validation: Pictures | None = None,
    *,
    start: DigitNet | None = None,
    teachers: Sequence[DigitNet] = (),
    device: str = devices.AUTO,
    checkpoint_path: Path | None = None,
    on_step: Callable[[], object] = lambda: None,
    on_epoch: Callable[[Epoch], object] = lambda _epoch: None,
) -> DigitNet:
    """Train a network.

    No epoch is selected: the result is the moving average of the weights after the last epoch, with
    the temperature that calibrates its confidence on the validation data.

    In a process group of torch.distributed, each process works on its part of every batch. All
    processes must pass the same arguments, and get the same result.

    Args:
        config: The training settings.
        pictures: MNIST's training images, augmented as images.
        validation: MNIST's validation split, for metrics and for the temperature.
        drawings: Recorded ink, augmented as strokes, each labelled with one digit, or "" if it is
            not a digit. Without any, the network does not learn to reject ink.
        ink_validation: The validation split of the recordings, rendered as the app would do it.
        start: A trained network to start from; None for random initial weights.
        teachers: Trained networks to learn from in addition to the labels.
        device: One of `devices.NAMES`.
        checkpoint_path: A file to write after each epoch, and to resume from if it exists. It
            is not deleted when the run is complete. None for no checkpoints.
        on_step: Called after every step, in the leading process.
        on_epoch: Called after every epoch, in the leading process; in a resumed run, first for each
            of the earlier epochs.

    Returns:
        The averaged network, on the CPU, in evaluation mode.

    Raises:
        DataError: There is too little data, the device is not available, or the checkpoint is
            damaged or of another run.
    """
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    steps = config.steps_per_epoch(len(pictures), len(drawings))
    all_validation = validation + ink_validation if ink_validation else validation
    fingerprint = checkpoint.fingerprint(
        config, [pictures, all_validation], drawings, [*([start] if start else []), *teachers]
    )
    with distributed.fail_together():
        _check_size(config, len(pictures) + len(drawings), steps)
        target = devices.resolve(device)
        state = _initial_state(config, start, target)
        if checkpoint_path:
            checkpoint.resume(checkpoint_path, state, fingerprint)
    ensemble = None
    if teachers:
        ensemble = TeacherEnsemble(teachers, config.distillation_temperature, target)
    if distributed.is_leader():
        for epoch in state.epochs:
            on_epoch(epoch)
    network = distributed.data_parallel(state.model, target)
    for number in range(len(state.epochs) + 1, config.epochs + 1):
        started = time.monotonic()
        state.model.train()
        ink = render_ink(drawings, config, state.numpy_rng)
        losses = torch.zeros(steps, device=target)
        rate = 0.0
        for index, batch in enumerate(batches(pictures, ink, config, state.torch_rng)):
            images, labels = (distributed.shard(part).to(target) for part in batch)
            step = (number - 1) * steps + index
            progress = step / (config.epochs * steps)
            rate = set_learning_rate(
                state.optimizer, config.learning_rate, progress, linear=config.linear
            )
            with devices.fast_precision(target):
                logits = network(images).float()
                soft_targets = ensemble.soft_targets(images) if ensemble else None
            loss = functional.cross_entropy(logits, labels, label_smoothing=config.label_smoothing)
            if ensemble and soft_targets is not None:
                loss = loss.lerp(ensemble.loss(logits, soft_targets), config.distillation_weight)
            state.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            state.optimizer.step()
            # The average is short at first, so that it soon forgets the random initial weights.
            update_ema(state.average, state.model, min(config.ema_decay, (step + 1) / (step + 11)))
            losses[index] = loss.detach()
            if distributed.is_leader():
                on_step()
        mean_loss = float(distributed.all_reduce_mean(losses).mean())
        if not distributed.is_leader():
            continue
        state.epochs.append(
            Epoch(
                number,
                loss=mean_loss,
                accuracy=accuracy(state.average, validation),
                ink_accuracy=accuracy(state.average, ink_validation) if ink_validation else None,
                validation_loss=log_loss(state.average, all_validation),
                learning_rate=rate,
                seconds=time.monotonic() - started,
            )
        )
        if checkpoint_path:
            checkpoint.save(checkpoint_path, state, fingerprint)
        on_epoch(state.epochs[-1])
    return _finish(state.average, all_validation)


def _check_size(config: Config, samples: int, steps: int) -> None:
    if not steps:
        raise DataError(
            f"{samples} images and drawings do not fill one batch of {config.batch_size}; "
            "add data, or choose a smaller batch"
        )
    if config.batch_size < distributed.world_size():
        raise DataError(
            f"a batch of {config.batch_size} is too small for {distributed.world_size()} "
            "processes; choose a larger batch, or start fewer processes"
        )


def _initial_state(
    config: Config, start: DigitNet | None, device: torch.device
) -> checkpoint.TrainingState:
    model = (
        copy.deepcopy(start)
        if start
        else DigitNet(config.width, config.depth, shallow=config.shallow)
    )
    model.temperature.fill_(1)
    model = model.to(device).to(memory_format=torch.channels_last)
    return checkpoint.TrainingState(
        model,
        average=copy.deepcopy(model).eval(),
        optimizer=make_optimizer(model, config.weight_decay),
        torch_rng=torch.Generator().manual_seed(config.seed),
        numpy_rng=np.random.default_rng(config.seed),
    )


def _finish(average: DigitNet, validation: Pictures) -> DigitNet:
    """Fit the temperature, and return the leader's network in all processes."""
    average = average.cpu()
    if distributed.is_leader():
        is_digit = validation.labels != NONE
        logits = predict_logits(average, validation)[is_digit, :DIGITS]
        average.temperature.fill_(fit_temperature(logits, validation.labels[is_digit]))
    if distributed.world_size() > 1:
        state = {name: tensor.contiguous() for name, tensor in average.state_dict().items()}
        content = save(state) if distributed.is_leader() else b""
        average.load_state_dict(load(distributed.broadcast_bytes(content)))
    return average

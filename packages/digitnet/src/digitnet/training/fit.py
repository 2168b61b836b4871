"""One training run, top to bottom."""

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
from digitnet.training.batches import batches, draw_ink
from digitnet.training.config import Config
from digitnet.training.data import Pictures
from digitnet.training.distillation import Teachers
from digitnet.training.evaluation import accuracy, fit_temperature, log_loss, predict_logits
from digitnet.training.log import Epoch
from digitnet.training.network import DIGITS, NONE, DigitNet
from digitnet.training.optimization import follow, new_optimizer, set_learning_rate


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
    keep_in: Path | None = None,
    on_step: Callable[[], object] = lambda: None,
    on_epoch: Callable[[Epoch], object] = lambda _epoch: None,
) -> DigitNet:
    """Train a network.

    Nothing is chosen on the way: the result is the averaged weights after the last epoch, with the
    temperature that makes its confidence true on the validation data.

    Within a process group of torch.distributed, each process takes its share of every batch; all
    must be given the same arguments, and get the same result.

    Args:
        config: how.
        pictures: MNIST's, varied as pictures.
        validation: to measure by, and to fit the temperature on.
        drawings: recorded ink, varied as strokes; each one digit, or none. Only where there are
            some is the network taught what is no digit.
        ink_validation: the same for ink, as the app would draw it.
        start: a trained network to begin with; None to begin with random weights.
        teachers: trained networks to learn from beside the labels.
        device: one of `devices.NAMES`.
        keep_in: the file in which the run is kept after each epoch, and from which it goes on
            where it was stopped; None to keep nothing. It stays when the run is done.
        on_step: called after every step, by the leading process.
        on_epoch: called after every epoch, by the leading process; of a run that goes on, also for
            the epochs before.

    Returns:
        the averaged network, on the CPU, in evaluation mode.

    Raises:
        DataError: there is too little data, no such device, or `keep_in` is another run's.
    """
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    steps = config.steps_per_epoch(len(pictures), len(drawings))
    measured = validation + ink_validation if ink_validation else validation
    identity = checkpoint.identify(
        config, [pictures, measured], drawings, [*([start] if start else []), *teachers]
    )
    with distributed.agreed():
        _check_size(config, len(pictures) + len(drawings), steps)
        place = devices.choose(device)
        run = _begin(config, start, place)
        if keep_in:
            checkpoint.go_on(keep_in, run, identity)
    ensemble = Teachers(teachers, config.teaching_temperature, place) if teachers else None
    if distributed.leads():
        for epoch in run.epochs:
            on_epoch(epoch)
    network = distributed.synchronised(run.model, place)
    for number in range(len(run.epochs) + 1, config.epochs + 1):
        started = time.monotonic()
        run.model.train()
        ink = draw_ink(drawings, config, run.rng)
        losses = torch.zeros(steps, device=place)
        rate = 0.0
        for index, batch in enumerate(batches(pictures, ink, config, run.chance)):
            images, labels = (distributed.share_of(part).to(place) for part in batch)
            step = (number - 1) * steps + index
            progress = step / (config.epochs * steps)
            rate = set_learning_rate(
                run.optimizer, config.learning_rate, progress, linear=config.linear
            )
            with devices.fast_precision(place):
                logits = network(images).float()
                opinions = ensemble.opinions(images) if ensemble else None
            loss = functional.cross_entropy(logits, labels, label_smoothing=config.label_smoothing)
            if ensemble and opinions is not None:
                loss = loss.lerp(ensemble.loss(logits, opinions), config.teaching)
            run.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            run.optimizer.step()
            # At first the average is short, so that it soon forgets the random start.
            follow(run.average, run.model, min(config.averaging, (step + 1) / (step + 11)))
            losses[index] = loss.detach()
            if distributed.leads():
                on_step()
        mean_loss = float(distributed.mean_of(losses).mean())
        if not distributed.leads():
            continue
        run.epochs.append(
            Epoch(
                number,
                loss=mean_loss,
                accuracy=accuracy(run.average, validation),
                ink_accuracy=accuracy(run.average, ink_validation) if ink_validation else None,
                validation_loss=log_loss(run.average, measured),
                learning_rate=rate,
                seconds=time.monotonic() - started,
            )
        )
        if keep_in:
            checkpoint.keep(keep_in, run, identity)
        on_epoch(run.epochs[-1])
    return _finish(run.average, measured)


def _check_size(config: Config, samples: int, steps: int) -> None:
    if not steps:
        raise DataError(
            f"{samples} pictures and drawings are less than one batch of {config.batch_size}; "
            "give more data, or a smaller batch"
        )
    if config.batch_size < distributed.processes():
        raise DataError(
            f"a batch of {config.batch_size} has no share for each of {distributed.processes()} "
            "processes; give a larger batch, or start fewer"
        )


def _begin(config: Config, start: DigitNet | None, place: torch.device) -> checkpoint.Run:
    model = (
        copy.deepcopy(start)
        if start
        else DigitNet(config.width, config.depth, shallow=config.shallow)
    )
    model.temperature.fill_(1)
    model = model.to(place).to(memory_format=torch.channels_last)
    return checkpoint.Run(
        model,
        average=copy.deepcopy(model).eval(),
        optimizer=new_optimizer(model, config.weight_decay),
        chance=torch.Generator().manual_seed(config.seed),
        rng=np.random.default_rng(config.seed),
    )


def _finish(average: DigitNet, measured: Pictures) -> DigitNet:
    """Set the temperature, and give all processes the network of the one that leads."""
    average = average.cpu()
    if distributed.leads():
        is_digit = measured.labels != NONE
        logits = predict_logits(average, measured)[is_digit, :DIGITS]
        average.temperature.fill_(fit_temperature(logits, measured.labels[is_digit]))
    if distributed.processes() > 1:
        state = {name: tensor.contiguous() for name, tensor in average.state_dict().items()}
        average.load_state_dict(
            load(distributed.shared(save(state) if distributed.leads() else b""))
        )
    return average

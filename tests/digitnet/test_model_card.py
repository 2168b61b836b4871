"""The shipped model card is rendered from the shipped manifest."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="the model card's tool needs PyTorch")

from digitnet.manifest import load_manifest, shipped_model
from model_card import render


def test_the_card_is_rendered_from_the_manifest() -> None:
    """After an edit of the prose or a measurement, run ``model_card.py --render-only``."""
    card = shipped_model() / "MODEL_CARD.md"
    assert card.read_text(encoding="utf-8") == render(load_manifest(shipped_model()))

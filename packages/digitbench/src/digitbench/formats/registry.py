"""The formats that `digitbench import` reads and `digitbench export` writes, a line each."""

from __future__ import annotations

from digitbench.formats.dollar import DOLLAR_IMPORTER
from digitbench.formats.inkml.reader import INKML_IMPORTER
from digitbench.formats.inkml.writer import INKML_EXPORTER
from digitbench.formats.quickdraw import QUICKDRAW_IMPORTER
from digitbench.formats.unipen.reader import UNIPEN_IMPORTER
from digitbench.formats.xopp import XOPP_IMPORTER

IMPORTERS = (
    UNIPEN_IMPORTER,
    INKML_IMPORTER,
    QUICKDRAW_IMPORTER,
    XOPP_IMPORTER,
    DOLLAR_IMPORTER,
)

EXPORTERS = (INKML_EXPORTER,)

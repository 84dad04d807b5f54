"""What surfaces look like: reflectance and backscatter of materials, for making scenes.

Reflectances are round numbers, drawn by us after the shapes published for such surfaces: the USGS Spectral Library
(Kokaly et al. 2017, doi:10.3133/ds1035) for rock, soil, snow and man-made materials; the ECOSTRESS library (Meerdink et
al. 2019, doi:10.1016/j.rse.2019.05.015) for plants and roofs; PROSAIL (Jacquemoud et al. 2009,
doi:10.1016/j.rse.2008.01.026) for canopies; Warren (1982, doi:10.1029/RG020i001p00067) for snow; Babin et al. (2003,
doi:10.4319/lo.2003.48.2.0843) for turbid water. Backscatter is C band, after Ulaby and Dobson, Handbook of Radar
Scattering Statistics for Terrain (1989). Pastures, mixed forest, houses with gardens and the levels of fields were set
beside pixels of the bundled Belgian scenes and of the northern half of the Slovenian one (its training part).

A material is a starting point only: every scene changes gain, slope and bands of each, far beyond these numbers' own
accuracy.
"""

from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["CLASSES", "MATERIALS", "NODES_NM", "Material", "band_reflectance", "materials_of"]

CLASSES = ("water", "tree", "shrub", "grass", "crop", "developed", "bare", "wetland", "snow")
"""Exclusive land-cover classes in the order of the label codes; 255 is no label."""

NODES_NM = (443, 490, 560, 665, 705, 740, 783, 842, 865, 1610, 2190)
"""Wavelengths at which materials are given, nanometres; straight lines between them."""


class Material(NamedTuple):
    """One kind of surface."""

    name: str
    home: str
    """Class it belongs to, or ``burned``, ``rubble``: states that follow an event."""
    reflectance: tuple[float, ...]
    """Surface reflectance, 0-1, at the nodes."""
    vv_db: float
    vh_db: float
    texture: float
    """Relative variation of brightness from pixel to pixel at 10 m."""


def _m(name: str, home: str, spectrum: str, vv_db: float, vh_db: float, texture: float) -> Material:
    values = tuple(int(v) / 1000 for v in spectrum.split())
    assert len(values) == len(NODES_NM), name
    return Material(name, home, values, vv_db, vh_db, texture)


MATERIALS: tuple[Material, ...] = (
    _m("clear deep water", "water", "35 30 22 10 8 6 6 5 5 3 2", -20, -28, 0.04),
    _m("clear shallow water", "water", "70 85 90 40 25 15 12 10 10 4 3", -19, -27, 0.06),
    _m("river water with silt", "water", "60 75 100 120 110 75 70 55 50 12 8", -18, -26, 0.05),
    _m("flood water with much silt", "water", "80 100 140 170 170 130 125 100 90 20 12", -18, -26, 0.06),
    _m("shallow water over soil", "water", "85 105 140 170 172 150 145 140 138 55 32", -17, -26, 0.07),
    _m("green water", "water", "35 40 70 35 60 35 30 22 20 6 4", -20, -28, 0.06),
    _m("peat water", "water", "20 20 20 15 13 10 10 8 8 4 3", -21, -28, 0.04),
    _m("water in sun glint", "water", "110 100 90 80 80 75 75 70 70 55 45", -16, -26, 0.08),
    _m("conifers", "tree", "18 22 35 22 60 160 190 200 210 90 40", -9, -14.5, 0.16),
    _m("broadleaved trees in summer", "tree", "20 25 50 25 90 280 350 370 380 170 70", -8, -13.5, 0.12),
    _m("rain forest", "tree", "20 25 45 20 75 250 320 340 350 140 55", -7.5, -12.5, 0.12),
    _m("mixed forest", "tree", "18 24 38 22 58 190 245 260 270 108 46", -8.5, -14, 0.14),
    _m("conifers in low sun", "tree", "16 20 28 18 42 125 155 162 170 66 28", -9, -14.5, 0.18),
    _m("broadleaved trees in autumn", "tree", "30 40 70 75 130 220 260 280 290 190 100", -8.5, -14, 0.14),
    _m("leafless trees", "tree", "40 50 70 85 110 150 170 185 200 210 140", -9, -15.5, 0.12),
    _m("open dry woodland", "tree", "35 45 70 65 110 200 230 250 260 200 120", -9.5, -15.5, 0.18),
    _m("maquis", "shrub", "30 40 60 55 100 190 220 240 250 190 110", -10.5, -16.5, 0.10),
    _m("sagebrush", "shrub", "60 70 100 110 150 200 220 235 245 280 200", -12, -19, 0.10),
    _m("heath", "shrub", "25 30 45 50 85 150 180 200 210 170 95", -11, -17.5, 0.08),
    _m("dry scrub", "shrub", "70 90 125 150 180 220 240 260 270 320 240", -12, -18.5, 0.12),
    _m("lush grass", "grass", "30 40 80 40 130 330 410 430 440 220 100", -11, -17.3, 0.04),
    _m("meadow", "grass", "35 45 85 60 140 290 350 370 380 240 125", -11.5, -17.8, 0.05),
    _m("early pasture", "grass", "28 35 65 45 110 270 330 350 360 205 98", -11.5, -17.8, 0.05),
    _m("late pasture", "grass", "28 35 62 44 95 230 285 305 315 190 92", -12, -18.3, 0.05),
    _m("mown meadow", "grass", "38 50 85 75 130 225 265 285 295 235 135", -12.5, -18.8, 0.05),
    _m("dry grass", "grass", "70 90 130 160 200 250 280 300 310 360 250", -14, -21, 0.06),
    _m("alpine grass", "grass", "40 50 85 70 130 240 280 300 310 250 150", -12.5, -20, 0.07),
    _m("green cereals", "crop", "25 35 70 35 120 360 450 480 490 200 85", -13.5, -19, 0.03),
    _m("maize", "crop", "30 35 70 40 110 320 410 440 450 200 90", -9.5, -15.5, 0.03),
    _m("flowering rape", "crop", "40 50 150 120 180 330 400 420 430 210 100", -9.5, -14.5, 0.03),
    _m("ripe cereals and stubble", "crop", "80 105 150 200 235 270 300 320 330 380 260", -10.5, -18, 0.04),
    _m("dark ploughed soil", "crop", "50 60 80 105 120 135 150 165 175 240 200", -8.5, -18, 0.04),
    _m("light ploughed soil", "crop", "90 115 155 200 220 240 260 280 290 370 320", -12, -21.5, 0.04),
    _m("flooded rice", "crop", "50 60 80 70 90 120 140 140 140 70 40", -14, -21, 0.04),
    _m("vineyard and orchard", "crop", "45 60 85 90 130 200 235 255 265 270 180", -11, -17.5, 0.06),
    _m("concrete and roofs", "developed", "120 140 160 175 185 190 200 205 210 230 210", -6.5, -13, 0.28),
    _m("asphalt", "developed", "70 75 85 90 95 100 105 110 115 130 125", -9, -17, 0.16),
    _m("houses with gardens", "developed", "68 79 97 106 128 184 203 201 210 208 168", -8.5, -14.5, 0.24),
    _m("dense houses", "developed", "78 90 109 126 137 177 193 194 200 212 179", -7.5, -13.5, 0.22),
    _m("red tiles", "developed", "70 80 110 170 200 220 240 260 265 300 270", -7, -13.5, 0.24),
    _m("bright halls", "developed", "300 330 350 360 360 360 360 360 360 380 350", -2, -11, 0.30),
    _m("dark roofs", "developed", "50 55 60 65 70 70 75 80 80 100 95", -6.5, -13.5, 0.22),
    _m("sheet metal roofs", "developed", "150 170 190 210 220 230 240 250 250 290 270", -6, -12.5, 0.28),
    _m("sand", "bare", "140 180 250 330 360 380 400 420 430 520 470", -18, -27, 0.04),
    _m("dark rock", "bare", "60 65 75 85 90 95 100 100 105 120 115", -10, -18, 0.12),
    _m("limestone", "bare", "200 240 290 330 340 350 360 370 370 400 360", -11, -19, 0.10),
    _m("red soil", "bare", "60 75 110 190 220 240 260 280 290 360 320", -13, -22, 0.05),
    _m("gravel", "bare", "110 130 160 180 190 200 210 215 220 250 230", -11, -19.5, 0.08),
    _m("wet sand", "bare", "90 110 150 180 190 200 200 205 205 200 160", -14, -23, 0.05),
    _m("mud", "bare", "70 85 110 130 135 135 135 130 130 90 60", -15, -24, 0.05),
    _m("green reed", "wetland", "30 35 60 40 90 200 250 270 275 95 45", -8.5, -16.5, 0.07),
    _m("brown sedge", "wetland", "40 50 70 75 110 170 200 215 220 105 55", -9.5, -17, 0.07),
    _m("flooded plants", "wetland", "30 35 50 40 70 130 155 160 160 60 30", -7.5, -16.5, 0.10),
    _m("bog", "wetland", "30 35 55 55 100 180 210 230 240 120 65", -11, -18, 0.08),
    _m("salt marsh", "wetland", "45 55 80 80 120 190 220 235 240 110 60", -10.5, -18.5, 0.08),
    _m("fresh snow", "snow", "930 930 920 910 900 880 870 860 850 100 60", -13, -20, 0.03),
    _m("old snow", "snow", "750 760 750 730 700 660 640 610 590 40 30", -16, -23, 0.05),
    _m("glacier ice", "snow", "500 550 550 470 430 380 350 310 290 20 20", -12, -19, 0.08),
    _m("dirty snow", "snow", "400 430 450 460 450 440 430 420 410 80 60", -15, -22, 0.10),
    _m("snow in shade", "snow", "350 330 270 220 200 190 180 170 160 20 15", -14, -21, 0.08),
    _m("char", "burned", "35 40 45 55 60 65 70 80 85 130 135", -12, -21, 0.10),
    _m("ash and dead plants", "burned", "60 70 85 100 110 120 130 140 145 190 180", -12, -20, 0.10),
)
"""All materials."""


def materials_of(home: str) -> tuple[int, ...]:
    """Return the positions of the materials of a class."""
    return tuple(i for i, m in enumerate(MATERIALS) if m.home == home)


def band_reflectance(centres_nm: Tensor, widths_nm: Tensor) -> Tensor:
    """Return what bands see of each material, by averaging the spectrum over each band's width.

    Args:
        centres_nm: Centre wavelengths, nanometres, shape [*n].
        widths_nm: Full widths at half maximum, nanometres, shape [*n].

    Returns:
        Reflectance 0-1, shape [*n, material].
    """
    nodes = torch.tensor(NODES_NM, dtype=torch.float32, device=centres_nm.device)
    table = torch.tensor([m.reflectance for m in MATERIALS], device=centres_nm.device)
    offsets = torch.linspace(-0.5, 0.5, 5, device=centres_nm.device)
    at = (centres_nm[..., None] + offsets * widths_nm[..., None]).clamp(float(nodes[0]), float(nodes[-1]) - 0.01)
    right = torch.searchsorted(nodes, at.contiguous(), right=True).clamp(1, len(nodes) - 1)
    share = (at - nodes[right - 1]) / (nodes[right] - nodes[right - 1])
    values = table[:, right - 1] * (1 - share) + table[:, right] * share
    return values.mean(-1).movedim(0, -1)

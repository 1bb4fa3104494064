"""A QGIS project (.qgz): a zipped XML file that names layers beside it by relative paths. Nothing here needs QGIS."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from twin.reports.layers import GROUND, Layer

if TYPE_CHECKING:
    from networks import City

_CLASSES = {"Point": ("marker", "SimpleMarker"), "Line": ("line", "SimpleLine"), "Polygon": ("fill", "SimpleFill")}
_COLOURS = {"roads": "150,156,164,255", "water": "186,214,230,255"}
_RESULTS = ("0,114,178,255", "213,94,0,255", "0,158,115,255", "204,121,167,255")
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
_MOMENT = (1980, 1, 1, 0, 0, 0)


def write_project(file: Path, title: str, city: City, layers: Sequence[Layer]) -> None:
    """Write a project that shows the layers, the first on top, in the city's coordinate system.

    The same layers give the same bytes.

    Args:
        file: The .qgz; layers lie beside it.
        title: What its window says.
        city: Its coordinate system, and who must be named on its map.
        layers: What to show.
    """
    root = ElementTree.Element("qgis", projectname=title, version="3.28.0")
    _text(root, "title", title)
    _system(ElementTree.SubElement(root, "projectCrs"), city)
    about = ElementTree.SubElement(root, "projectMetadata")
    _text(about, "rights", city.attribution)
    tree = ElementTree.SubElement(root, "layer-tree-group")
    held = ElementTree.SubElement(root, "projectlayers")
    order = ElementTree.SubElement(root, "layerorder")
    for at, layer in enumerate(layers):
        ident = f"citytwin_{at}_{layer.name}"
        provider = "gdal" if layer.sort == "raster" else "ogr"
        told = {"id": ident, "name": layer.name, "providerKey": provider, "source": source_of(layer)}
        ElementTree.SubElement(tree, "layer-tree-layer", told, checked="Qt::Checked", expanded="0")
        _layer(ElementTree.SubElement(held, "maplayer"), ident, layer, city, at)
        ElementTree.SubElement(order, "layer", id=ident)
    paths = ElementTree.SubElement(ElementTree.SubElement(root, "properties"), "Paths")
    _text(paths, "Absolute", "false").set("type", "bool")
    text = f"{_HEAD}\n{ElementTree.tostring(root, encoding='unicode')}\n"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(f"{file.stem}.qgs", _MOMENT), text)


def source_of(layer: Layer) -> str:
    """Where QGIS finds a layer, relative to the project."""
    return f"./{layer.file}" if layer.sort == "raster" else f"./{layer.file}|layername={layer.name}"


def _layer(element: ElementTree.Element, ident: str, layer: Layer, city: City, at: int) -> None:
    raster = layer.sort == "raster"
    element.set("type", "raster" if raster else "vector")
    _text(element, "id", ident)
    _text(element, "datasource", source_of(layer))
    _text(element, "layername", layer.name)
    _system(ElementTree.SubElement(element, "srs"), city)
    provider = _text(element, "provider", "gdal" if raster else "ogr")
    if not raster:
        provider.set("encoding", "UTF-8")
        element.set("geometry", layer.sort)
        _single_symbol(element, layer, at)


def _single_symbol(element: ElementTree.Element, layer: Layer, at: int) -> None:
    sort, drawn = _CLASSES[layer.sort]
    colour = _COLOURS.get(layer.name, _RESULTS[at % len(_RESULTS)])
    style = {"color": colour, "outline_color": colour, "line_color": colour, "size": "3"}
    style["line_width"] = "0.26" if layer.name in GROUND else "0.9"
    renderer = ElementTree.SubElement(element, "renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0")
    symbols = ElementTree.SubElement(renderer, "symbols")
    symbol = ElementTree.SubElement(symbols, "symbol", type=sort, name="0", alpha="1", clip_to_extent="1")
    inner = ElementTree.SubElement(symbol, "layer", {"class": drawn, "pass": "0", "locked": "0", "enabled": "1"})
    options = ElementTree.SubElement(inner, "Option", type="Map")
    for name, value in style.items():
        ElementTree.SubElement(options, "Option", name=name, value=value, type="QString")


def _system(parent: ElementTree.Element, city: City) -> None:
    from pyproj import CRS

    told = CRS.from_user_input(city.crs)
    code = told.to_epsg()
    system = ElementTree.SubElement(parent, "spatialrefsys")
    _text(system, "wkt", told.to_wkt())
    _text(system, "srid", str(code or 0))
    _text(system, "authid", f"EPSG:{code}" if code else "")


def _text(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = text
    return element

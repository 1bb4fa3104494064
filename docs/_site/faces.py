"""The public faces of the rooms, read from the code without running it.

A face is a stub (`__init__.pyi`) that lists what other rooms, and you, may import; what it lists is followed to where
it is defined.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOMS = ("networks", "models", "scenarios", "calibration", "viz", "twin")
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_LONGEST = 100
"""Characters of a signature's line before it is broken into one line a parameter."""


@dataclass(frozen=True)
class Name:
    """One public name: how it is written and what its docstring says (empty where it has none)."""

    name: str
    written: str
    says: str
    inside: tuple[Name, ...] = ()
    """A class's public methods and properties."""


def faces(root: Path) -> dict[str, list[Name]]:
    """Package -> the names of its face, in the stub's order.

    Raises:
        LookupError: A stub names what is not defined where it says.
    """
    stubs = [stub for room in ROOMS for stub in sorted((root / room).rglob("__init__.pyi"))]
    return {
        ".".join(stub.parent.relative_to(root).parts): [
            _defined(root, module, origin, name) for module, origin, name in _imports(root, stub)
        ]
        for stub in stubs
    }


def says_of(root: Path, package: str) -> str:
    """The docstring of a package."""
    return ast.get_docstring(_tree(root.joinpath(*package.split("."), "__init__.py"))) or ""


def _imports(root: Path, file: Path) -> Iterator[tuple[str, str, str]]:
    """(module, its name there, its name here) for what a module takes from our rooms."""
    folder = file.parent.relative_to(root).parts
    for node in _tree(file).body:
        if isinstance(node, ast.ImportFrom):
            base = folder[: len(folder) - node.level + 1] if node.level else ()
            module = ".".join([*base, *filter(None, [node.module])])
            yield from ((module, alias.name, alias.asname or alias.name) for alias in node.names)


def _defined(root: Path, module: str, origin: str, name: str) -> Name:
    """Follow a name to its definition, however many modules hand it on."""
    file = _file_of(root, module)
    if file is None:
        return Name(name, name, "")  # another library's
    body = _tree(file).body
    for at, node in enumerate(body):
        if isinstance(node, (*_FUNCTION, ast.ClassDef)) and node.name == origin:
            return _function(node, name) if isinstance(node, _FUNCTION) else _class(node, name)
        if origin in _assigned(node):
            return Name(name, _shortened(ast.unparse(node)), _text_after(body, at))
    stub = file.with_suffix(".pyi")
    for place in (file, stub) if stub.exists() else (file,):
        for further, theirs, ours in _imports(root, place):
            if ours == origin:
                return _defined(root, further, theirs, name)
    if _file_of(root, f"{module}.{origin}"):
        return Name(name, name, ast.get_docstring(_tree(_file_of(root, f"{module}.{origin}"))) or "")
    raise LookupError(f"{module} does not define {origin}")


def _class(node: ast.ClassDef, name: str) -> Name:
    public = [item for item in node.body if isinstance(item, _FUNCTION) and not item.name.startswith("_")]
    begins = [item for item in node.body if isinstance(item, _FUNCTION) and item.name == "__init__"]
    annotated = [item for item in node.body if isinstance(item, ast.AnnAssign)]
    fields = [ast.unparse(item) for item in annotated if not min(_assigned(item), default="_").startswith("_")]
    if begins:
        written = _signature(begins[0], name, result=False)
    elif fields:
        written = "\n".join([f"class {name}", *(f"    {field}" for field in fields)])
    else:
        written = f"class {name}"
    return Name(name, written, ast.get_docstring(node) or "", tuple(_function(item, item.name) for item in public))


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> Name:
    marks = {mark.id for mark in node.decorator_list if isinstance(mark, ast.Name)}
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    written = name + result if marks & {"property", "cached_property"} else _signature(node, name)
    return Name(name, written, ast.get_docstring(node) or "")


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str, *, result: bool = True) -> str:
    ending = f" -> {ast.unparse(node.returns)}" if result and node.returns else ""
    given = [part for part in _parameters(node.args) if part not in ("self", "cls")]
    line = f"{name}({', '.join(given)}){ending}"
    return line if len(line) <= _LONGEST else "\n".join([f"{name}(", *(f"    {part}," for part in given), f"){ending}"])


def _parameters(args: ast.arguments) -> list[str]:
    """Each parameter as it is written, `*` and `**` too; defaults belong to the last ones."""
    places = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(places) - len(args.defaults)) + list(args.defaults)
    parts = [_parameter(arg, value) for arg, value in zip(places, defaults, strict=True)]
    if args.vararg or args.kwonlyargs:
        parts.append("*" + (_parameter(args.vararg, None) if args.vararg else ""))
    parts += [_parameter(arg, value) for arg, value in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return [*parts, *([f"**{_parameter(args.kwarg, None)}"] if args.kwarg else [])]


def _parameter(arg: ast.arg, value: ast.expr | None) -> str:
    return ast.unparse(arg) + (f" = {_shortened(ast.unparse(value))}" if value else "")


def _assigned(node: ast.stmt) -> set[str]:
    """The names that a statement gives a value to."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return {part.id for part in parts if isinstance(part, ast.Name)}


def _text_after(body: list[ast.stmt], at: int) -> str:
    """The text under a constant, which says what it is."""
    after = body[at + 1] if at + 1 < len(body) else None
    text = after.value if isinstance(after, ast.Expr) else None
    return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " ..."


def _file_of(root: Path, module: str) -> Path | None:
    place = root.joinpath(*module.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.exists()), None)


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))

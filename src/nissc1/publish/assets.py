"""Take out of a produced site what no page of it asks for."""

from __future__ import annotations

import re
from pathlib import Path

from nissc1.publish import site

STATIC = "_static"
_MAP = re.compile(r"\n?(?://#|/\*#) sourceMappingURL=\S+(?: ?\*/)?\s*$")
_ICON_FONT = re.compile(r"@font-face\{[^}]*Font Awesome[^}]*\}")


def slim_assets(folder: Path) -> None:
    """Remove files below ``_static`` that neither a page nor a style sheet in use asks for.

    Parameters
    ----------
    folder : Path
        Folder of one edition. Before that, style sheets are freed of the theme's icon fonts, whose
        glyphs ``icons.css`` draws, and both kinds of file of the address of their source map.
    """
    static = folder / STATIC
    for path in sorted([*static.rglob("*.css"), *static.rglob("*.js")]):
        text = path.read_text("utf-8")
        slim = _MAP.sub("\n", _ICON_FONT.sub("", text))
        if slim != text:
            path.write_text(slim, "utf-8")
    used = site.used_files(folder.resolve())
    for path in sorted(static.resolve().rglob("*"), reverse=True):
        if path.is_file() and path not in used:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()

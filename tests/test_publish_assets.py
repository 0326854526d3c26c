"""Of the theme's files, only those that a page asks for are published."""

from __future__ import annotations

from pathlib import Path

from nissc1.publish.assets import slim_assets

CSS = (
    '@import "more.css";@font-face{font-family:Font Awesome\\ 6 Free;src:url(fonts/fa.woff2)}'
    "p{background:url(images/used.svg)}\n/*# sourceMappingURL=a.css.map*/"
)


def test_files_that_nothing_asks_for_are_removed(tmp_path: Path) -> None:
    for name, text in {
        "index.html": '<link rel="stylesheet" href="_static/a.css?v=1">'
        '<script src="_static/a.js"></script>',
        "_static/a.css": CSS,
        "_static/more.css": "q{color:red}",
        "_static/a.js": "run();\n//# sourceMappingURL=a.js.map",
        "_static/a.css.map": "{}",
        "_static/a.js.map": "{}",
        "_static/unused.css": "p{}",
        "_static/fonts/fa.woff2": "font",
        "_static/images/used.svg": "<svg/>",
        "_static/locales/de/theme.mo": "theme",
        "tables/a.csv": "not the theme's",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    slim_assets(tmp_path)
    left = sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    )
    assert left == [
        "_static/a.css",
        "_static/a.js",
        "_static/images/used.svg",
        "_static/more.css",
        "index.html",
        "tables/a.csv",
    ]
    assert not (tmp_path / "_static" / "locales").exists()
    assert "Font Awesome" not in (tmp_path / "_static" / "a.css").read_text()
    assert (tmp_path / "_static" / "a.js").read_text() == "run();\n"

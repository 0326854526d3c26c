"""Tables as LaTeX."""

from __future__ import annotations

from nissc1.report.layout import Layout

_PLAIN = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\u00a0": "~",
    "\u2009": r"\,",
    "\u2011": "-",
    "\ufe0e": "",
    "–": "--",
    "—": "---",
    "−": r"$-$",
    "×": r"$\times$",
    "±": r"$\pm$",
    "·": r"$\cdot$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "≠": r"$\neq$",
    "≈": r"$\approx$",
    "→": r"$\rightarrow$",
    "√": r"$\surd$",
    "✓": r"$\surd$",
    "⚠": "!",
    "µ": r"\textmu{}",
    "μ": r"\textmu{}",
    "°": r"\textdegree{}",
    "†": r"\dag{}",
    "‡": r"\ddag{}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "…": r"\dots{}",
    "α": r"$\alpha$",
    "β": r"$\beta$",
    "χ": r"$\chi$",
    **{sign: f"$^{{{digit}}}$" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{sign: f"$_{{{digit}}}$" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    "⁻": "$^{-}$",
}
_PREFERRED = 24
"""Characters from which a column is set in lines."""


def latex(layout: Layout) -> str:
    """Write a table as LaTeX.

    Parameters
    ----------
    layout : Layout
        The table.

    Returns
    -------
    str
        A ``table`` environment that needs the packages booktabs and textcomp.
    """
    columns = "".join(_column(layout, place) for place in range(len(layout.columns)))
    headings = [layout.stub, *(column.heading for column in layout.columns)]
    lines = [
        "% Needs \\usepackage{booktabs}, and \\usepackage{textcomp} before LaTeX 2020.",
        r"\begin{table}",
        rf"\caption{{{escaped(layout.title)}}}",
        rf"\label{{tab:{layout.name}}}",
        rf"\begin{{tabular}}{{@{{}}p{{0.3\linewidth}}{columns}@{{}}}}",
        r"\toprule",
        _row(headings),
        r"\midrule",
    ]
    for group in layout.groups:
        if group.name:
            lines.append(
                rf"\multicolumn{{{layout.wide}}}{{@{{}}l}}{{\textbf{{{escaped(group.name)}}}}} \\"
            )
        indent = r"\quad " if group.name else ""
        lines += [
            indent + _row([row.head, *(cell.text for cell in row.cells)]) for row in group.rows
        ]
    lines += [r"\bottomrule", r"\end{tabular}", ""]
    lines += [rf"\par\footnotesize {escaped(note)}" for note in layout.below]
    return "\n".join([*lines, r"\end{table}", ""])


def escaped(text: str) -> str:
    """Write text so that LaTeX sets it as it is.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        LaTeX.
    """
    return "".join(_PLAIN.get(sign, sign) for sign in text).replace("\n", " ")


def _column(layout: Layout, place: int) -> str:
    if layout.columns[place].right:
        return "r"
    texts = [row.cells[place].text for group in layout.groups for row in group.rows]
    long = max(map(len, texts), default=0) > _PREFERRED
    return r"p{0.25\linewidth}" if long else "l"


def _row(texts: list[str]) -> str:
    return " & ".join(escaped(text) for text in texts) + r" \\"

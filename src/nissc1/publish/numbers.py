"""Sphinx extension: computed numbers and facts of the edition in prose.

``{num}`pfs.24m``` shows the text of a results record, ``{num}`pfs.24m:estimate``` one part of it,
and ``{edition}`cutoff``` a fact of the edition. In the id of a record, ``{horizon}`` stands for the
last month of the edition. An unknown record, part or fact is a warning with its place, so that a
build that takes warnings for errors fails there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from nissc1.publish import exhibits, facts
from nissc1.publish.uses import note_use
from nissc1.report.formatting import EN_DASH
from nissc1.report.record import PARTS, RATES, Record
from nissc1.report.records import RecordBook

RESULTS = "nissc1_results"
EDITION = "nissc1_edition"
HORIZON = "{horizon}"
_ONE_LINE = 30
"""Characters up to which a number is kept on one line; what is longer is a sentence."""
_BOUNDS = {"median_range": "Range", "value": "From–to"}
"""What the bounds of a record are where they are no confidence interval."""
_EXTRA_PARTS = ("label", "interval")

_logger = logging.getLogger(__name__)


class ComputedNumber(nodes.inline):
    """Hold a number of a results record in a page; `record` is its id."""


def describe(record: Record, cell: int | None = None) -> str:
    """Say where a number comes from.

    Parameters
    ----------
    record : Record
        Its record.
    cell : int, optional
        Execution count of the cell that computed it.

    Returns
    -------
    str
        A line for the label, and one each, ``what: value``, for the record's id, the figure,
        its interval, the numbers behind it, release and notebook; what does not apply is left out.
    """
    rate = record.statistic in RATES
    facts = {
        "Record": record.id,
        "Figure": f"{record.text} {record.unit}".strip(),
        _BOUNDS.get(record.statistic, "Interval"): _span(record),
        "n": record.n,
        "Events": record.events,
        "At risk" if rate else "Denominator": record.denominator,
        "Release": record.release,
        "Notebook": record.notebook if cell is None else f"{record.notebook}, cell {cell}",
    }
    lines = [f"{name}: {value}" for name, value in facts.items() if value not in (None, "")]
    return "\n".join([" ".join(record.label.split()), *lines])


def _span(record: Record) -> str:
    return "" if record.lower is None or record.upper is None else part_of(record, "interval")


def part_of(record: Record, name: str) -> str:
    """Write one part of a record.

    Parameters
    ----------
    record : Record
        The record.
    name : str
        A part that `Record.part` knows, ``label``, or ``interval``: both bounds with an en dash.

    Returns
    -------
    str
        The part as text; of a record without an estimate, the interval is what its text says in
        place of one: "not estimable", "withheld".

    Raises
    ------
    ValueError
        If there is no such part, or the record leaves it empty.
    """
    if name == "label":
        return record.label
    if name == "interval":
        bounds = (record.part("lower"), record.part("upper"))
        if record.estimate is None and EN_DASH in bounds:
            return record.text.partition(":")[0]
        if EN_DASH in bounds:
            raise ValueError(f"record {record.id} has no bounds")
        joiner = " to " if any(bound.startswith("−") for bound in bounds) else EN_DASH
        return joiner.join(bounds)
    if name not in PARTS:
        allowed = ", ".join((*PARTS, *_EXTRA_PARTS))
        raise ValueError(f"record {record.id} has no part {name!r}; allowed: {allowed}")
    return record.part(name)


def book_of(app: Sphinx) -> RecordBook:
    """Read the records of the edition.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The running Sphinx.

    Returns
    -------
    RecordBook
        Records, read once.
    """
    loaded: RecordBook | None = getattr(app, "_nissc1_results", None)
    if loaded is None:
        text = Path(app.config[RESULTS]).read_text("utf-8")
        loaded = RecordBook.from_json(text)
        app._nissc1_results = loaded  # type: ignore[attr-defined]
    return loaded


def _lookup(app: Sphinx, text: str) -> tuple[Record, str]:
    horizon = facts.read(Path(app.config[EDITION])).horizon_months
    identity, _, part = text.strip().replace(HORIZON, horizon).partition(":")
    record = book_of(app)[identity]
    return record, part_of(record, part or "text")


def current_use(app: Sphinx, use: str) -> str:
    """Tell what a page would show now.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The running Sphinx.
    use : str
        Role and text, as `nissc1.publish.uses.note_use` was given them.

    Returns
    -------
    str
        What stands there, and for a number where it comes from; empty if there is no such thing.
    """
    role, _, text = use.partition(":")
    if role == "exhibit":
        return exhibits.state_of(Path(app.srcdir), text)
    if role != "num":
        return facts.read(Path(app.config[EDITION])).texts().get(text, "")
    try:
        record, shown = _lookup(app, text)
    except (KeyError, ValueError):
        return ""
    return f"{shown} ({describe(record)})"


class NumberRole(SphinxRole):
    """Show a results record, or one part of it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Look the record up.

        Returns
        -------
        tuple
            The number's node, and no messages; a warning is logged if there is no such record.
        """
        use = f"num:{self.text}"
        note_use(self.env, use, current_use(self.env.app, use))
        try:
            record, shown = _lookup(self.env.app, self.text)
        except (KeyError, ValueError) as fault:
            message = str(fault.args[0])
            _logger.warning("{num}`%s`: %s", self.text, message, location=self.get_location())
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        kind = "nissc1-number" if len(shown) <= _ONE_LINE else "nissc1-reason"
        node = ComputedNumber(self.rawtext, shown, classes=[kind])
        node["record"] = record.id
        return [node], []


class EditionRole(SphinxRole):
    """Show a fact of the edition."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Look the fact up.

        Returns
        -------
        tuple
            The fact's node, and no messages; a warning is logged if there is no such fact.
        """
        known = facts.read(Path(self.config[EDITION])).texts()
        name = self.text.strip()
        note_use(self.env, f"edition:{name}", known.get(name, ""))
        if name not in known:
            _logger.warning(
                "{edition}`%s`: no such fact; allowed: %s",
                name,
                ", ".join(known),
                location=self.get_location(),
            )
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        return [nodes.inline(self.rawtext, known[name], classes=["nissc1-edition"])], []


def _visit_html(translator: HTML5Translator, node: nodes.Element) -> None:
    """Open a link, which `nissc1.publish.origins` completes; no link within a link."""
    within = any(_is_link(parent) for parent in _ancestors(node))
    tag = "span" if within else "a"
    node["tag"] = tag
    opened = f'<{tag} class="{" ".join(node["classes"])}" data-record="{node["record"]}">'
    translator.body.append(opened)


def _depart_html(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append(f"</{node['tag']}>")


def _is_link(node: nodes.Node) -> bool:
    return isinstance(node, nodes.reference | nodes.title)


def _ancestors(node: nodes.Node) -> Iterator[nodes.Node]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _plain(translator: nodes.NodeVisitor, node: nodes.Element) -> None:
    """Leave the number as the text that it is."""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the roles ``num`` and ``edition``.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The running Sphinx; its configuration says where results and facts of the edition lie.

    Returns
    -------
    dict
        Version and safety of the extension.
    """
    app.add_config_value(RESULTS, "results.json", "env", types=(str,))
    app.add_config_value(EDITION, facts.FILE, "env", types=(str,))
    others: dict[str, Any] = dict.fromkeys(("latex", "text", "man", "texinfo"), (_plain, _plain))
    app.add_node(ComputedNumber, html=(_visit_html, _depart_html), **others)
    app.add_role("num", NumberRole())
    app.add_role("edition", EditionRole())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

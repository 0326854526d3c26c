"""How a page of an edition is cited: as text, BibTeX and RIS."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nissc1.publish.facts import Facts

PLACEHOLDER = "10.5281/zenodo.XXXXXXX"
"""Stands for the DOI as long as none is assigned; the form is that of a deposit at Zenodo."""
BOOK = "NISSC1 living report"
AUTHOR = "NISSC1 living report contributors"
_UNASSIGNED = "DOI is a placeholder, none is assigned yet"


@dataclass(frozen=True)
class Citation:
    """What there is to cite.

    Attributes
    ----------
    title : str
        Title of the page.
    page : str
        Its path in the edition, without suffix.
    edition : Facts
        The edition.
    doi : str
        Its DOI; empty where none is assigned.
    address : str
        Address of the page; empty where the site's is not configured.
    """

    title: str
    page: str
    edition: Facts
    doi: str = ""
    address: str = ""

    @property
    def year(self) -> str:
        """Return the year of the edition, "n.d." where its commit is unknown."""
        found = re.match(r"\d{4}", self.edition.built)
        return found[0] if found else "n.d."

    @property
    def _notes(self) -> list[str]:
        notes = [f"Data cut-off {self.edition.cutoff}", self.edition.notice]
        if self.edition.parameters != "none":
            notes.insert(1, self.edition.parameters)
        return notes if self.doi else [*notes, _UNASSIGNED]

    def text(self) -> str:
        """Write the citation as a sentence.

        Returns
        -------
        str
            Author, year, page, book, edition, version, DOI, and what the data are.
        """
        place = f" {self.address}" if self.address else f" {self.edition.edition}/{self.page}.html."
        return (
            f"{AUTHOR} ({self.year}). {self.title}. In: {BOOK}, edition {self.edition.edition} "
            f"(version {self.edition.version}, commit {self.edition.commit[:12]}). "
            f"doi:{self.doi or PLACEHOLDER}.{place} {'; '.join(self._notes)}."
        )

    def bibtex(self) -> str:
        """Write the citation for BibTeX.

        Returns
        -------
        str
            An ``@inbook`` entry.
        """
        fields = {
            "author": f"{{{AUTHOR}}}",
            "title": self.title,
            "booktitle": BOOK,
            "edition": self.edition.edition,
            "year": self.year,
            "doi": self.doi or PLACEHOLDER,
            "url": self.address,
            "note": f"Version {self.edition.version}, commit {self.edition.commit[:12]}. "
            f"{'. '.join(self._notes)}",
        }
        lines = [f"  {name} = {{{_tex(text)}}}" for name, text in fields.items() if text]
        key = re.sub(r"[^a-z0-9]+", "-", f"nissc1-{self.edition.edition}-{self.page}".lower())
        return f"@inbook{{{key},\n" + ",\n".join(lines) + "\n}\n"

    def ris(self) -> str:
        """Write the citation for reference managers that read RIS.

        Returns
        -------
        str
            A CHAP entry.
        """
        lines = [
            ("TY", "CHAP"),
            ("AU", AUTHOR),
            ("TI", self.title),
            ("T2", BOOK),
            ("ET", self.edition.edition),
            ("PY", self.year),
            ("DO", self.doi or PLACEHOLDER),
            ("UR", self.address),
            *(("N1", note) for note in self._notes),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {text}\n" for tag, text in lines if text or tag == "ER")


def _tex(text: str) -> str:
    """Escape what BibTeX would take for markup; braces of the author's name are meant."""
    return re.sub(r"([&%#_$])", r"\\\1", text).replace("–", "--")

"""What a page tells programs of itself: Open Graph, and schema.org as JSON-LD."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any

from nissc1.publish.citation import AUTHOR, BOOK, Citation

ARTICLE = "https://doi.org/10.3324/haematol.2019.230128"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_LONGEST = 250


@dataclass(frozen=True)
class PageMetadata:
    """What is told.

    Attributes
    ----------
    citation : Citation
        Title, edition and address.
    lead : str
        First sentences of the page.
    root : str
        Relative address of the edition's folder.
    """

    citation: Citation
    lead: str
    root: str

    @property
    def description(self) -> str:
        """Return what the data are, and the first sentences as far as there is room."""
        edition = self.citation.edition
        notice = f"{edition.notice}; data cut-off {edition.cutoff}."
        text = f"{notice} {' '.join(self.lead.split())}".strip()
        return text if len(text) <= _LONGEST else text[:_LONGEST].rpartition(" ")[0] + " …"

    def head(self) -> str:
        """Write the elements for the head of the page.

        Returns
        -------
        str
            HTML. Addresses that must be absolute, of the page and its image, are left out where
            the site's address is not configured.
        """
        title, address = self.citation.title, self.citation.address
        named = {"description": self.description, "twitter:card": "summary"}
        graph = {
            "og:type": "article",
            "og:site_name": BOOK,
            "og:title": f"{title} ({BOOK}, edition {self.citation.edition.edition})",
            "og:description": self.description,
            "og:locale": "en_GB",
        }
        if address:
            graph |= {"og:url": address, "og:image": f"{self._base}figures/figure-1.svg"}
        lines = [f'<meta name="{name}" content="{escape(text)}">' for name, text in named.items()]
        lines += [f'<meta property="{name}" content="{escape(t)}">' for name, t in graph.items()]
        data = json.dumps(self.linked_data(), ensure_ascii=False).replace("</", "<\\/")
        lines.append(f'<script type="application/ld+json">{data}</script>')
        return "\n".join(lines)

    @property
    def _base(self) -> str:
        """Return the address of the edition's folder, relative where no other is known."""
        if not self.citation.address:
            return self.root
        return self.citation.address.removesuffix(f"{self.citation.page}.html")

    def linked_data(self) -> dict[str, Any]:
        """Describe the page and its data in the terms of schema.org.

        Returns
        -------
        dict
            A ``ScholarlyArticle`` that is based on a ``Dataset``: the figures of the edition.
            Registry data bear no licence, which is not this project's to give.
        """
        edition = self.citation.edition
        author = {"@type": "Organization", "name": AUTHOR}
        shared = {
            "inLanguage": "en-GB",
            "version": edition.edition,
            "isAccessibleForFree": True,
            "creator": author,
        }
        if edition.synthetic == "yes":
            shared["license"] = LICENCE
        dated = {} if edition.built == "unknown" else {"datePublished": edition.built}
        doi = {"identifier": f"https://doi.org/{self.citation.doi}"} if self.citation.doi else {}
        data = f"{self._base}results.json#dataset"
        article = {
            "@type": "ScholarlyArticle",
            "headline": self.citation.title,
            "description": self.description,
            "isPartOf": {"@type": "Book", "name": BOOK, "bookEdition": edition.edition},
            "author": author,
            "isBasedOn": [{"@id": data}, {"@id": ARTICLE}],
            **({"url": self.citation.address} if self.citation.address else {}),
            **shared,
            **dated,
            **doi,
        }
        dataset = {
            "@type": "Dataset",
            "@id": data,
            "name": f"{BOOK}, edition {edition.edition}: computed figures",
            "description": f"Every figure of the report, computed from release {edition.release} "
            f"({edition.title}). {edition.notice}; data cut-off {edition.cutoff}.",
            "temporalCoverage": f"../{edition.cutoff}",
            "citation": ARTICLE,
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": kind,
                    "contentUrl": f"{self._base}results.{ending}",
                }
                for kind, ending in (("text/csv", "csv"), ("application/json", "json"))
            ],
            **shared,
            **dated,
        }
        return {"@context": "https://schema.org", "@graph": [article, dataset]}

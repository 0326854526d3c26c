"""Sentences that state a finding, with the numbers of records in them."""

from __future__ import annotations

import re

from nissc1.report.formatting import EN_DASH
from nissc1.report.records import RecordBook

_PLACE = re.compile(r"\{([a-z0-9_.]+)(?::([a-z]+))?\}")
HORIZON = "{horizon}"


def finding(records: RecordBook, template: str, otherwise: str, horizon: str = "") -> str:
    """Fill the numbers of records into a sentence.

    Parameters
    ----------
    records : RecordBook
        Records so far.
    template : str
        Sentence with places such as ``{os.24m:estimate}``; ``{os.24m}`` is the text of the record.
    otherwise : str
        What to say where one of the numbers is not to be had: not estimable, withheld, or not
        computed.
    horizon : str
        Last month of the edition, for ``{horizon}`` in the template.

    Returns
    -------
    str
        The sentence.
    """
    missing = False

    def number(match: re.Match[str]) -> str:
        nonlocal missing
        record = records.get(match[1])
        text = "" if record is None else record.part(match[2] or "text")
        missing |= record is None or (record.estimate is None and record.statistic != "text")
        missing |= text in ("", EN_DASH)
        return text

    sentence = _PLACE.sub(number, template.replace(HORIZON, horizon))
    return otherwise if missing or not template else sentence

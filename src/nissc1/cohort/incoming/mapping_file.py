"""Reading ``mapping.yml`` strictly: an unknown key is a fault, named by its line and its path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from nissc1.cohort.admissible import objection
from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.incoming.delimited import DELIMITERS, ENCODINGS
from nissc1.cohort.incoming.mapping import ColumnMapping, ExportMapping, TableMapping
from nissc1.cohort.incoming.raw_table import Decimals
from nissc1.cohort.located_yaml import Located, YamlError, read_yaml
from nissc1.cohort.reading import is_of_type
from nissc1.cohort.schema import fields, resource_names

MAPPING = "mapping.yml"
DATE_FORMAT = re.compile(r"(YYYY|MM?|DD?)[./ -](YYYY|MM?|DD?)[./ -](YYYY|MM?|DD?)")
_TOP = ("encoding", "delimiter", "decimal", "missing", "tables")
_TABLE = ("file", "sheet", "where", "ignore", "absent", "date_format", "columns")
_COLUMN = ("from", "codes", "others", "factor", "offset", "decimals", "date_format")


def read_mapping(path: Path) -> tuple[ExportMapping, list[Fault]]:
    """Read a mapping file.

    Parameters
    ----------
    path : Path
        File in YAML.

    Returns
    -------
    tuple of (ExportMapping, list of Fault)
        What it declares as far as it is sound, and each fault by line and key.
    """
    reader = _Reader(path.name)
    try:
        content = read_yaml(path)
    except YamlError as error:
        fault = Fault(path.name, error.line, None, None, "mapping", error.message, "Correct it.")
        return ExportMapping(), [fault]
    return reader.export(content), reader.faults


class _Reader:
    """Walks the file and collects what is wrong on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def export(self, content: Located) -> ExportMapping:
        keys = self.keys(content, "", _TOP)
        delimiter = self.choice(keys, "delimiter", tuple(DELIMITERS), "delimiter")
        decimal = self.choice(keys, "decimal", ("point", "comma"), "decimal")
        tables = self.keys(keys["tables"], "tables", resource_names()) if "tables" in keys else {}
        found = {
            name: table
            for name, entry in tables.items()
            if (table := self.table(entry, name)) is not None
        }
        return ExportMapping(
            self.choice(keys, "encoding", ENCODINGS, "encoding"),
            DELIMITERS[delimiter] if delimiter else None,
            Decimals(decimal) if decimal else None,
            self.texts(keys, "missing", "missing"),
            found,
        )

    def table(self, entry: Located, name: str) -> TableMapping | None:
        here = f"tables.{name}"
        keys = self.keys(entry, here, _TABLE)
        file = self.text(keys, "file", here)
        if file is None:
            if "file" not in keys:
                self.wrong(entry.line, here, "It names no file.", "Add file: and its name.")
            return None
        known = {described["name"]: described for described in fields(name)}
        where = self.keys(keys["where"], f"{here}.where") if "where" in keys else {}
        listed = self.keys(keys["columns"], f"{here}.columns", known) if "columns" in keys else {}
        absent = self.texts(keys, "absent", here)
        for column in absent:
            if column not in known or column in listed:
                message = f"{quoted(column)} is no column of {name}, or is mapped as well."
                self.wrong(keys["absent"].line, f"{here}.absent", message, "Remove it.")
        return TableMapping(
            file,
            self.text(keys, "sheet", here),
            {column: self.texts(where, column, f"{here}.where") for column in where},
            self.texts(keys, "ignore", here),
            absent,
            self.date_format(keys, here),
            {
                column: self.column(inner, f"{here}.columns.{column}", known[column])
                for column, inner in listed.items()
            },
        )

    def column(self, entry: Located, here: str, field: Mapping[str, Any]) -> ColumnMapping:
        if entry.text:
            return ColumnMapping(entry.text)
        keys = self.keys(entry, here, _COLUMN)
        codes = None
        if "codes" in keys:
            listed = self.keys(keys["codes"], f"{here}.codes")
            codes = {
                code: self.code(inner, f"{here}.codes.{code}", field)
                for code, inner in listed.items()
            }
        others = self.choice(keys, "others", ("keep",), here)
        numeric = field["type"] in ("integer", "number")
        if not numeric:
            for key in ("factor", "offset", "decimals"):
                if key in keys:
                    message = f"{key} is for numbers; {field['name']} is none."
                    self.wrong(keys[key].line, f"{here}.{key}", message, "Remove it.")
        date_format = self.date_format(keys, here)
        if date_format and field["type"] != "date" and field.get("unit") != "day":
            message = f"date_format is for dates and days; {field['name']} is neither."
            self.wrong(keys["date_format"].line, f"{here}.date_format", message, "Remove it.")
            date_format = None
        decimals = self.number(keys, "decimals", here, "integer")
        return ColumnMapping(
            self.text(keys, "from", here) or str(field["name"]),
            codes,
            others == "keep",
            self.number(keys, "factor", here) if numeric else None,
            self.number(keys, "offset", here) if numeric else None,
            int(decimals) if decimals is not None and numeric else None,
            date_format,
        )

    def code(self, entry: Located, here: str, field: Mapping[str, Any]) -> str:
        text = entry.text
        if text is None:
            self.wrong(entry.line, here, "A code must have a single value.", "Write one value.")
            return ""
        against = objection(text, field) if text else None
        if against:
            message = f"{quoted(text)} is no value of {field['name']}, which {against}."
            self.wrong(entry.line, here, message, "Map the code to an allowed value.", text)
        return text

    def keys(self, entry: Located, here: str, allowed: Any = None) -> dict[str, Located]:
        found = entry.mapping
        if found is None:
            message = "There must be keys and values here."
            self.wrong(entry.line, here, message, "Write 'key: value' lines.")
            return {}
        for name, inner in found.items():
            if allowed is not None and name not in allowed:
                message = f"{quoted(name)} is unknown. Must be one of {', '.join(allowed)}."
                self.wrong(inner.line, f"{here}.{name}".strip("."), message, "Correct the key.")
        return {name: each for name, each in found.items() if allowed is None or name in allowed}

    def text(self, keys: Mapping[str, Located], name: str, here: str) -> str | None:
        if name not in keys:
            return None
        text = keys[name].text
        if not text:
            where = f"{here}.{name}"
            self.wrong(keys[name].line, where, f"{name} must be a text.", "Give one value.")
        return text or None

    def texts(self, keys: Mapping[str, Located], name: str, here: str) -> tuple[str, ...]:
        if name not in keys:
            return ()
        entry = keys[name]
        if entry.text:
            return (entry.text,)
        found = entry.sequence
        if found is None or any(each.text is None for each in found):
            message = f"{name} must be a list of texts."
            self.wrong(entry.line, f"{here}.{name}", message, "Write [one, two].")
            return ()
        return tuple(each.text or "" for each in found)

    def choice(
        self, keys: Mapping[str, Located], name: str, allowed: tuple[str, ...], here: str
    ) -> str | None:
        if name not in keys:
            return None
        text = keys[name].text
        if text in allowed:
            return text
        message = f"{name} must be {' or '.join(allowed)}; it is {quoted(text)}."
        where = here if here == name else f"{here}.{name}"
        self.wrong(keys[name].line, where, message, "Correct it.", text)
        return None

    def number(
        self, keys: Mapping[str, Located], name: str, here: str, kind: str = "number"
    ) -> Decimal | None:
        if name not in keys:
            return None
        text = keys[name].text or ""
        sound = is_of_type(text, {"type": kind})
        if (
            sound
            and not (name == "factor" and Decimal(text) == 0)
            and (name != "decimals" or 0 <= int(text) <= 15)
        ):
            return Decimal(text)
        message = f"{name} must be a number such as {'0' if kind == 'integer' else '88.4'}."
        self.wrong(keys[name].line, f"{here}.{name}", message, "Correct it.", text)
        return None

    def date_format(self, keys: Mapping[str, Located], here: str) -> str | None:
        text = self.text(keys, "date_format", here)
        parts = DATE_FORMAT.fullmatch(text or "")
        if text is None or (parts and len({part[0] for part in parts.groups()}) == 3):
            return text
        message = f"{quoted(text)} is no date format such as YYYY-MM-DD, DD.MM.YYYY or M/D/YYYY."
        self.wrong(keys["date_format"].line, f"{here}.date_format", message, "Correct it.", text)
        return None

    def wrong(
        self, line: int, where: str, message: str, action: str, value: str | None = None
    ) -> None:
        shown = None if value is None else quoted(value)
        self.faults.append(Fault(self.file, line, where or None, shown, "mapping", message, action))

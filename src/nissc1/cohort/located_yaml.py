"""Reading a YAML file as text, each value with the line on which it stands.

Nothing is interpreted: ``no`` is the text "no" and ``2013-01-15`` the text "2013-01-15", so that
what a person wrote is compared as it was written. A null (``~`` or nothing) is the empty text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

_NULL = "tag:yaml.org,2002:null"


class YamlError(ValueError):
    """A file cannot be read as YAML.

    Parameters
    ----------
    message : str
        What is wrong.
    line : int or None
        Line of the file, the first being 1.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True)
class Located:
    """A value of a YAML file.

    Parameters
    ----------
    value : str, dict of str to Located, or list of Located
        A scalar as text, a mapping or a sequence.
    line : int
        Line of the file on which it begins.
    """

    value: str | dict[str, Located] | list[Located]
    line: int

    @property
    def text(self) -> str | None:
        """The scalar, None where it is a mapping or a sequence."""
        return self.value if isinstance(self.value, str) else None

    @property
    def mapping(self) -> dict[str, Located] | None:
        """The mapping, None where it is something else; an empty value is an empty mapping."""
        if isinstance(self.value, dict):
            return self.value
        return {} if self.value == "" else None

    @property
    def sequence(self) -> list[Located] | None:
        """The sequence, None where it is something else; an empty value is an empty sequence."""
        if isinstance(self.value, list):
            return self.value
        return [] if self.value == "" else None


def read_yaml(path: Path) -> Located:
    """Read a YAML file.

    Parameters
    ----------
    path : Path
        File in UTF-8, with or without a byte-order mark.

    Returns
    -------
    Located
        Its content; an empty text where the file is empty.

    Raises
    ------
    YamlError
        When the file cannot be opened, is not UTF-8, is no YAML, repeats a key or uses an alias.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise YamlError(f"The file cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise YamlError(f"The file is not UTF-8 at byte {error.start}.") from error
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise YamlError("The file uses an alias (*); write it out.", _line(event))
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        message = f"The file is not YAML: {error.problem or 'it cannot be parsed'}."
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise YamlError(message, line) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise YamlError("The file is not YAML that can be read.") from error
    return Located("", 1) if node is None else _located(node)


def _line(found: yaml.Node | yaml.Event) -> int:
    return int(found.start_mark.line) + 1 if found.start_mark else 1


def _located(node: yaml.Node) -> Located:
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Located] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise YamlError("A key must be a plain text.", _line(key))
            if key.value in entries:
                raise YamlError(f"The key {key.value!r} stands twice.", _line(key))
            inner = _located(value)
            entries[key.value] = Located(inner.value, _line(key))
        return Located(entries, _line(node))
    if isinstance(node, yaml.SequenceNode):
        return Located([_located(each) for each in node.value], _line(node))
    return Located("" if node.tag == _NULL else str(node.value), _line(node))

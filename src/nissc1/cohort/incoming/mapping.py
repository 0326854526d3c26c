"""What ``mapping.yml`` declares: which file is which table, and how its columns are to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from nissc1.cohort.incoming.raw_table import Decimals


@dataclass(frozen=True)
class ColumnMapping:
    """How one column of a release is read.

    Parameters
    ----------
    source : str
        Name of the column in the export.
    codes : mapping of str to str, optional
        Value of the release by value of the export. A value that is not listed is a fault.
    keep_others : bool
        Whether values that are not listed stay as they are.
    factor, offset : Decimal, optional
        The value of the release is that of the export times `factor` plus `offset`.
    decimals : int, optional
        Places to which the result is rounded, halves away from zero.
    date_format : str, optional
        Such as ``DD.MM.YYYY``. On a column of days it says that the export holds a date, from which
        the patient's day 0 is subtracted.
    """

    source: str
    codes: Mapping[str, str] | None = None
    keep_others: bool = False
    factor: Decimal | None = None
    offset: Decimal | None = None
    decimals: int | None = None
    date_format: str | None = None


@dataclass(frozen=True)
class TableMapping:
    """Where one table of a release is found.

    Parameters
    ----------
    file : str
        Name of the file in the export's folder.
    sheet : str, optional
        Sheet of a workbook.
    where : mapping of str to tuple of str
        Rows of the file that belong to the table: column of the export and the values it then has.
    ignore : tuple of str
        Columns of the export that are left out; ``*`` stands for any characters.
    absent : tuple of str
        Columns of the release that the export does not have, and that stay empty.
    date_format : str, optional
        Of all columns of dates.
    columns : mapping of str to ColumnMapping
        By column of the release. A column that is not listed is expected under its own name.
    """

    file: str
    sheet: str | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    date_format: str | None = None
    columns: Mapping[str, ColumnMapping] = field(default_factory=dict)

    def column(self, name: str) -> ColumnMapping:
        """Say how a column is read.

        Parameters
        ----------
        name : str
            Column of the release.

        Returns
        -------
        ColumnMapping
            As declared, or the column of the same name.
        """
        return self.columns.get(name, ColumnMapping(name))


@dataclass(frozen=True)
class ExportMapping:
    """How an export is read.

    Parameters
    ----------
    encoding : {"utf-8", "windows-1252"}, optional
        Of the CSV files.
    delimiter : {",", ";"}, optional
        Of the CSV files.
    decimals : Decimals, optional
        How numbers are written.
    missing : tuple of str
        Texts that stand for a missing value, besides the empty cell.
    tables : mapping of str to TableMapping
        By table of the release. A table that is not listed is expected in a file or a sheet of its
        own name.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimals: Decimals | None = None
    missing: tuple[str, ...] = ()
    tables: Mapping[str, TableMapping] = field(default_factory=dict)

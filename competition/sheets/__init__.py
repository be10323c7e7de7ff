"""Excel files: read with suspicion, written without formulas."""

from competition.sheets.reading import MOST_BYTES, MOST_ROWS, read_rows
from competition.sheets.writing import Sheet, workbook, write_workbook

__all__ = ["MOST_BYTES", "MOST_ROWS", "Sheet", "read_rows", "workbook", "write_workbook"]

"""Any file of tables as sheets of cells: delimited text, spreadsheets, Parquet, JSON, files of
survey programs, and archives of these.
"""

from darkfigure.reading.sheets.opening import open_workbook
from darkfigure.reading.sheets.workbook import Sheet, Workbook

__all__ = ["Sheet", "Workbook", "open_workbook"]

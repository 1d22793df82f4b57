"""Exchange formats: what leaves as a spreadsheet comes back identical.

``tables`` knows files (CSV, XLSX) and nothing of the domain; ``fields`` turns one cell into one
value and back; ``records`` does it for a whole record; ``actors``, ``flows`` and ``collection``
list the columns of each kind; ``importing`` compares a file with the store before writing.
"""

"""Lists of records: the page, filters, tables, rows, paging, columns and saved views."""

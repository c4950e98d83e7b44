"""Releases written: workbooks, tables for programs, catalogues, pages; one bundle of all."""

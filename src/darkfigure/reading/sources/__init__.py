"""The sources whose files can be received: a module for each, with its columns and how its rows
become statements or records.
"""

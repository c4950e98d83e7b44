"""A Django database backend: PostgreSQL as ever, with the embedded server started at the first
connection.
"""

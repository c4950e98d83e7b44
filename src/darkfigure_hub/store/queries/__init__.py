"""Reading and writing rows, and turning them into library objects. A query that takes a
Scope gives nothing marked higher than it sees; over a table without marking it takes none, and the
flow that calls it asks for the permission.
"""

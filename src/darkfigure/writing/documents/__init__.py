"""The documents that leave as JSON: a declaration of each, and the JSON Schema that follows from
it. The Schemas are kept in `data/schemas`, so that a changed document shows as a changed file.
"""

"""The hub: where agencies report and questions are asked. A Django project over one PostgreSQL
database.
"""

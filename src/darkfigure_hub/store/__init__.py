"""Memory: the one app with tables, its migrations, the queries over it, and the server it lives
on.
"""

"""What questions are asked of without a database: case records in memory, and snapshots in Parquet
files.
"""

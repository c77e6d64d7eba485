"""What grows: full tables, and what lists, searches and `clear_expired` cost then. `python -m bench.growth`, or
`make bench-growth`. PostgreSQL only: that is what somebody with so many rows has.
"""

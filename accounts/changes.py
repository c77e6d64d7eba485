"""When somebody's row, or a session's, changed in this process: what was remembered of them then counts no more."""

from fairlead.memory import Stamp

# Call `people.changed(transaction.on_commit)` inside the transaction that changes the row.
people = Stamp()

"""Acts on many rows of a list at once: chosen, previewed, confirmed, done in one transaction.

Rows are locked first, in the order of single edits, then done 200 to a savepoint by the service for many, one by one
where that is refused. Events are gathered and chained last, since the chain's lock holds up everybody's saves.
"""

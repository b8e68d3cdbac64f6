"""The ledger alive: events followed into accounts, apologies given, and what people see of it."""

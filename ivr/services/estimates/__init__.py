"""How long people wait, worked out live: the estimator fed from the events, the boards and waits
that come of it, and what is told of them to supervisors."""

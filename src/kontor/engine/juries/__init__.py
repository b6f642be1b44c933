"""Who assesses what: assignment, re-assignment, calibration, scoring, and the order of a pitch day."""

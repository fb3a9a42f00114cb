"""Calibration of what ships: from scores to probabilities, each fitted on one half of a public set."""

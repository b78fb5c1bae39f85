"""Workbooks that people fill in: forms for analysts, whole studies; written, read and collected."""

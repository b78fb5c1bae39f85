"""Tests: laws first, then worked numbers, then faces from outside."""

"""Offline evaluation of `radar-classify`: comparing, plotting, cross-validating and sweeping."""

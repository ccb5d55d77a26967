"""Engines that render events to samples: one file per engine."""

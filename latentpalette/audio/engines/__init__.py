"""Engines, which render note events to samples: one module per engine."""

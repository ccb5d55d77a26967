"""Widgets: for notebooks (anywidget), and as HTML pages of their own."""

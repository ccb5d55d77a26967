"""The instruments: anywidgets for a notebook, and pages of their own."""

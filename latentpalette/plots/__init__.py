"""Plots of music, latent space, training and evaluation: interactive piano rolls in bokeh, PNG in matplotlib."""

"""Fast autoregressive decoding without gradients; see `latentpalette.models.fast_decoding.loop`."""

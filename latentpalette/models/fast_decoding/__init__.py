"""Fast autoregressive decoding: one file per recurrent cell."""

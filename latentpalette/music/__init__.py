"""What a score is. No torch, no sound."""

"""Training: configuration, recipes, loss, schedules, trainer."""

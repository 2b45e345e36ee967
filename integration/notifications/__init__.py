"""What somebody must be told: recorded here, claimed by a bot, delivered there, acknowledged back."""

"""What meetings add up to: hours by customer, month and organizer; and the proof behind each number."""

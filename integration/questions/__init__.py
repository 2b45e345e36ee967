"""What people asked, what they were answered, and whether it helped."""

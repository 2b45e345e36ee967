"""What the knowledge base could not answer well, grouped, and patches that teach it."""

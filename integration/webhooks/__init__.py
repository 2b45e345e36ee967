"""What Zoom tells us by itself."""

"""Private links that sign one person in to pages, who they are then, and where they may go."""

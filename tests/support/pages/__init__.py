"""The pages with everything on them: a seeded service, who looks at it, and a table of all there is to see."""

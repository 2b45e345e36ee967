"""The pages that are open to everybody: articles, the search, opinions of them, and a form to people."""

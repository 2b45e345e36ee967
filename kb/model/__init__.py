"""The sentence encoder's files: fetched, checked, made into a graph for onnxruntime, kept in the user's cache."""

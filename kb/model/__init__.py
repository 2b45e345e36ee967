"""The sentence encoder's files: fetched, checked, turned into a graph that onnxruntime runs, kept in the user's cache."""

"""`make lighthouse`: what Google's auditor says of our pages. It brings 200 packages, so it is apart from the tests.

What it finds of a page's own making is asked by tests/browser in every run, of every page: axe, headers, heads, weight.
"""

"""The integrations page: how Zoom stands for an organisation, and connecting and disconnecting it.

pages.py    its addresses        looking.py  who looks, and at whose
tile.py     what the Zoom tile says, and to whom it offers what
"""

"""The web: one thing outside, asked politely, guarded, and answering with values.

It owns httpcore and what unpacks bodies. `client` is the door; nothing above needs the others but
`settings` and `clock`.
"""

"""What a list may be made of: bounds on every size that a stranger chooses."""

from __future__ import annotations

# The sitemap protocol allows 50 MB unpacked and 50,000 addresses; feeds are far below.
MAX_PACKED_BYTES = 52_428_800
MAX_UNPACKED_BYTES = 52_428_800
# What begins or ends an element, begins a reference or a value. A full sitemap with twenty elements
# for each address has half of that; without a bound 50 MB of "<a/>" take 1.7 GB to read, and 50 MB
# of "& " half a minute.
MAX_MARKS = 4_000_000
# A feed that is packed once more by the server that sends it is packed twice.
MAX_PACKINGS = 2
# Addresses of a list: those of the sitemap protocol. Later ones are left out, and `mended` says so.
MAX_LINKS = 50_000
# An address that no browser would follow.
MAX_URL_CHARS = 4_000
MAX_TITLE_CHARS = 2_000
# Names of people, subjects, languages, ids, dates as written.
MAX_WORD_CHARS = 1_000
# A whole long read with its markup is some 300,000.
MAX_CONTENT_CHARS = 2_000_000
# Authors or tags of one link; lists of people who signed something are the longest.
MAX_WORDS = 200
# Languages of one page; the largest sites have some 150.
MAX_ALTERNATES = 500
# How much of what precedes a feed may be something else: warnings of the program that wrote it.
MAX_JUNK_CHARS = 65_536

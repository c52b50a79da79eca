"""Sites: which part of a host's name its owner has registered."""

from __future__ import annotations

import re

# As browsers see it: a host that ends in a number is an address, not a name.
_NUMBER_LAST = re.compile(r"(?:\A|\.)(?:[0-9]+|0x[0-9a-f]*)\Z")

# Second-level names below a country under which anyone may register. A list of a few dozen words in
# place of the ten thousand lines of the public one: a name missing here makes a site too wide,
# which costs a link that is looked at in vain.
_SECOND_LEVEL = frozenset(
    {
        *("ac", "co", "com", "edu", "gob", "gov", "gouv", "gub", "go", "gv", "id", "in", "k12"),
        *("ltd", "mil", "ne", "net", "nom", "or", "org", "plc", "sch", "web"),
    }
)
# Hosts whose subdomains belong to strangers.
_SHARED_HOSTS = frozenset(
    {
        *("blogspot.com", "wordpress.com", "substack.com", "medium.com", "tumblr.com"),
        *("github.io", "gitlab.io", "pages.dev", "netlify.app", "vercel.app", "herokuapp.com"),
        *("weebly.com", "wixsite.com", "livejournal.com", "typepad.com", "blogs.com"),
        *("over-blog.com", "hatenablog.com", "cloudfront.net", "amazonaws.com"),
        *("azurewebsites.net", "web.app", "firebaseapp.com", "ghost.io", "beehiiv.com"),
    }
)
_COUNTRY_CODE_CHARACTERS = 2


def is_address(host: str) -> bool:
    """Return whether `host` is an address and no name, or can only be meant as one."""
    return host.startswith("[") or bool(_NUMBER_LAST.search(host))


def site_of(host: str) -> str:
    """Return the name that the owner of `host` has registered, as far as its form tells."""
    if is_address(host):
        return host
    labels = host.removeprefix("www.").split(".")
    last = ".".join(labels[-2:])
    is_below = len(labels[-1]) == _COUNTRY_CODE_CHARACTERS and labels[-2:-1] != []
    is_shared = last in _SHARED_HOSTS or (is_below and labels[-2] in _SECOND_LEVEL)
    return ".".join(labels[-3:]) if is_shared else last

"""The parameters of an address: which may choose the page, and which only track its reader."""

from __future__ import annotations

import re

# Parameters that say where a reader came from or which campaign sent them, never which page it is.
# A name belongs here only when no site is known to choose a page by it: so not `id`, `p`, `s`, `q`,
# `page`, `source`, `from`, `ref`, `share`, `feature` and the like.
_TRACKING = re.compile(
    r"""(?:
    utm_\w+ | hsa_\w+ | mtm_\w+ | guce_\w+ | guccounter
    | (?:pk|piwik)_(?:campaign|kwd|keyword|source|medium|content|cid)
    | at_(?:medium|campaign(?:_type)?|custom\d|bbc_team|link_\w+|ptr_\w+|format|creation|platform)
    | ns_(?:mchannel|source|campaign|linkname|fee)
    | fbclid | gclid | gclsrc | dclid | gbraid | wbraid | msclkid | yclid | ysclid | twclid | ttclid
    | igshid | igsh | li_fat_id | epik | srsltid | mibextid | fb_(?:action_ids|action_types|source|
    ref) | _openstat
    | mc_cid | mc_eid | mkt_tok | _hsenc | _hsmi | __hs(?:tc|sc|fp) | hsctatracking | vero_id
    | oly_(?:anon|enc)_id | ml_subscriber(?:_hash)? | ck_subscriber_id | s_cid | sc_(?:campaign|
    channel|content|country|funnel|geo|medium|outcome) | _ga | _gl | wickedid | rb_clickid
    | wt_(?:mc|zmc)(?:_o)? | xtor | cmpid | ncid | ocid | smid | smtyp | soc_src | soc_trk | ito
    | maca | icid | ref_src | ref_url | twsrc | tw_source | __twitter_impression
    | traffic_source
    )\Z""",
    re.IGNORECASE | re.VERBOSE,
)
# Names that some sites choose pages by: left out only with a value that names a feed or a network.
_PERHAPS_TRACKING = frozenset({"ref", "source", "src", "from", "referrer", "via", "cmp", "partner"})
_FEED_VALUE = re.compile(
    r"(?:rss|feed|atom|feeds|rss-?feed|rss20|facebook|twitter|newsletter|whatsapp|telegram)\Z",
    re.IGNORECASE,
)
# Sessions: one story under as many addresses as it has readers.
_SESSION = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|cftoken|cfid)\Z", re.IGNORECASE
)
_SESSION_VALUE = re.compile(r"[0-9a-f]{32}\Z", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[\w.\-!]*", re.IGNORECASE)
# An AMP page says so in a parameter; without it the same address gives the story itself.
_AMP = frozenset({"amp", "amp=1", "amp=true", "outputtype=amp"})


def story_query(query: str) -> str:
    """Return the parameters that may choose the page, in the order of their names."""
    pairs = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if not name or _tells_nothing(name, value) or pair.lower() in _AMP:
            continue
        pairs.append((name, pair if value else name))
    pairs.sort(key=lambda named: named[0])
    return "&".join(pair for _, pair in pairs)


def _tells_nothing(name: str, value: str) -> bool:
    if _TRACKING.match(name) or _SESSION.match(name):
        return True
    lower = name.lower()
    if lower in _PERHAPS_TRACKING:
        return bool(_FEED_VALUE.match(value))
    return lower in {"sid", "sessionid"} and bool(_SESSION_VALUE.match(value))


def without_session(path: str) -> str:
    """Return `path` without the session that some servers write behind it."""
    return _SESSION_IN_PATH.sub("", path)

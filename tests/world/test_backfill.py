from pathlib import Path
from tests.world.archives import states_its_sitemap
from tests.world.world import World
def write_sources(world: World, folder: Path) -> None:
    """Write the files of the sources, as a person would."""
    folder.mkdir(parents=True)
    for outlet in world.script.outlets:
        (sitemap,) = outlet.sitemaps
        stated = [world.sitemap_url(outlet, sitemap)] if states_its_sitemap(outlet) else []
        lines = [
            f'homepage = "{world.url(outlet, "/")}"',
            f'feeds = ["{world.feed_url(outlet, outlet.feeds[0])}"]',
            f"sitemaps = {stated!r}",
            f"delay_seconds = {outlet.delay_seconds}",
        ]
        (folder / f"{outlet.name}.toml").write_text("\n".join([*lines, ""]), encoding="utf-8")

"""The commands `ingest sources`, as a person uses them, against a small newspaper on loopback."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Command
from tests.web.site import Site, open_site, page, rss, stories, story, tidewater

from ingest.world.sources import read_source

LOOPBACK = {
    "INGEST_WEB__ALLOWED_NETWORKS": '["127.0.0.0/8"]',
    "INGEST_WEB__CONTACT": "desk@archive.example",
}
QUICK = ("--delay-seconds", 0.1)


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site(tidewater()) as site:
        yield site


def write(tmp_path: Path, toml: str, name: str = "tidewater") -> Path:
    file = tmp_path / "data" / "sources" / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(toml)
    return file


def test_a_source_is_added_listed_tried_and_exported(
    command: Command, site: Site, tmp_path: Path
) -> None:
    added = command(
        "sources", "add", site.address, "--name", "tidewater", *QUICK, "--json", **LOOPBACK
    )
    told = json.loads(added.stdout)
    file = tmp_path / told["file"]
    listed = json.loads(command("sources", "list", "--json").stdout)
    file.write_text(file.read_text().replace("# delay_seconds = 2.0", "delay_seconds = 0.1"))
    tried = command("sources", "test", "tidewater", "--json", **LOOPBACK)
    trial = json.loads(tried.stdout)
    exported = list(csv.DictReader(io.StringIO(command("sources", "export").stdout)))

    assert (
        added.returncode,
        [each["list"] for each in told["lists"] if each["taken"]],
        [(each["name"], each["title"]) for each in listed],
        tried.returncode,
        [(each["kind"], each["items"]) for each in trial["lists"]],
        [(each["outcome"], each["title"]) for each in trial["pages"]],
        [(row["name"], row["kind"], row["url"]) for row in exported],
    ) == (
        0,
        [f"{site.address}/feed.xml", f"{site.address}/sitemap-news.xml"],
        [("tidewater", "Tidewater Post")],
        0,
        [("rss", 6), ("news_sitemap", 4)],
        [("article", f"Bridge {number} is repaired") for number in range(3)],
        [
            ("tidewater", "feed", f"{site.address}/feed.xml"),
            ("tidewater", "sitemap", f"{site.address}/sitemap-news.xml"),
        ],
    ), (added.stderr, tried.stderr)


def test_links_are_read_from_the_web(command: Command, site: Site) -> None:
    done = command("links", f"{site.address}/feed.xml", **LOOPBACK)
    urls = [json.loads(line)["url"] for line in done.stdout.splitlines()]

    assert (done.returncode, len(urls), {url.startswith(site.address) for url in urls}) == (
        *(0, 6, {True}),
    ), done.stderr


def test_a_trial_stores_nothing(command: Command, site: Site, tmp_path: Path) -> None:
    write(tmp_path, f'feeds = ["{site.address}/feed.xml"]\ndelay_seconds = 0.1')
    command("sources", "test", "tidewater", **LOOPBACK)

    assert [str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*") if each.is_file()] == [
        "data/sources/tidewater.toml"
    ]


def test_a_trial_asks_only_for_what_is_wanted(command: Command, tmp_path: Path) -> None:
    paths = [*stories(1), *stories(2, "sport")]
    files = {"/feed.xml": rss(paths, now=datetime.now(UTC))}
    with open_site(files | {path: story(1) for path in paths}) as site:
        write(
            tmp_path,
            f'feeds = ["{site.address}/feed.xml"]\nexclude = ["/sport/"]\ndelay_seconds = 0.1',
        )
        done = command("sources", "test", "tidewater", "--json", **LOOPBACK)
    (told,) = json.loads(done.stdout)["lists"]

    assert (told["items"], told["wanted"], site.paths) == (
        3,
        1,
        ["/robots.txt", "/feed.xml", "/news/bridge-0-is-repaired"],
    )


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ({"/feed.xml": "<html></html>"}, "no list (html)"),
        ({}, "the site says that nothing is there, or no more (404, 410): status 404"),
        ({"/robots.txt": "User-agent: *\nDisallow: /feed.xml"}, "robots.txt asks not to fetch"),
    ],
)
def test_a_trial_without_articles_says_why_and_fails(
    command: Command, tmp_path: Path, files: dict[str, str], note: str
) -> None:
    with open_site(files) as site:
        write(tmp_path, f'feeds = ["{site.address}/feed.xml"]\ndelay_seconds = 0.1')
        done = command("sources", "test", "tidewater", "--json", **LOOPBACK)
    (told,) = json.loads(done.stdout)["lists"]

    assert (done.returncode, note in told["note"]) == (1, True), told


def test_people_are_shown_tables(command: Command, site: Site) -> None:
    added = command("sources", "add", site.address, "--name", "tidewater", *QUICK, **LOOPBACK)
    listed = command("sources", "list")

    assert (
        "a part of the site" in added.stdout,
        "2 of 6 lists are in data/sources/tidewater.toml" in added.stderr,
        "Tidewater Post" in listed.stdout,
    ) == (True, True, True), (added, listed)


def test_places_that_nobody_named_and_that_hold_nothing_are_told_in_one_line(
    command: Command,
) -> None:
    files = {"/": page(""), "/rss.xml": rss(stories(2), now=datetime.now(UTC))}
    with open_site(files) as site:
        done = command("sources", "add", site.address, "--name", "a", *QUICK, **LOOPBACK)

    assert (
        "/rss.xml" in done.stdout,
        "/sitemap.xml" in done.stdout,
        "7 places where many sites have a list have none" in done.stderr,
        "1 of 1 lists are in" in done.stderr,
    ) == (True, False, True, True), done


def test_every_request_says_who_asks(command: Command, site: Site) -> None:
    command("sources", "add", site.address, "--name", "a", *QUICK, **LOOPBACK)

    assert {agent.partition(" ")[2] for _, agent in site.asked} == {"(+desk@archive.example)"}


def test_without_a_contact_a_person_is_told(command: Command, site: Site) -> None:
    networks = {"INGEST_WEB__ALLOWED_NETWORKS": LOOPBACK["INGEST_WEB__ALLOWED_NETWORKS"]}
    done = command("sources", "add", site.address, "--name", "a", *QUICK, **networks)

    assert "no contact: publishers cannot reach you" in done.stderr


def test_a_network_that_is_not_allowed_is_not_asked(command: Command, site: Site) -> None:
    done = command("sources", "add", site.address, "--name", "a", *QUICK)

    assert (done.returncode, "not of the public web" in done.stderr, site.asked) == (2, True, [])


def test_a_csv_that_was_exported_makes_the_same_sources(
    command: Command, site: Site, tmp_path: Path
) -> None:
    toml = f'title = "Tidewater; \\"Post\\""\nfeeds = ["{site.address}/a", "{site.address}/b"]\n'
    mine = write(tmp_path, toml + 'pages = ["https://a.example/x,y"]\ncountry = "GB"')
    (tmp_path / "all.csv").write_text(command("sources", "export").stdout)
    done = command("--home", "other", "sources", "import", "all.csv", "--json")
    again = command("--home", "other", "sources", "import", "all.csv", "--json")
    other = tmp_path / "other" / "sources" / "tidewater.toml"

    assert (
        read_source(other),
        [each["outcome"] for each in json.loads(done.stdout)],
        [each["outcome"] for each in json.loads(again.stdout)],
        (done.returncode, again.returncode, site.asked),
    ) == (read_source(mine), ["added"], ["there already"], (0, 0, []))


def test_opml_makes_a_source_for_each_site_and_is_made_of_their_feeds(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "feeds.opml").write_text(
        """<?xml version="1.0"?><opml version="2.0"><body><outline text="Harbour">
        <outline text="Tidewater &amp; Post" xmlUrl="https://www.tidewater.example/feed"
                 htmlUrl="https://www.tidewater.example/"/>
        <outline text="Sport" xmlUrl="https://www.tidewater.example/sport/feed"/>
        <outline text="Lantern" xmlUrl="https://feeds.lantern.example/all"/></outline></body></opml>
        """
    )
    write(tmp_path, 'sitemaps = ["https://map.example/s.xml"]', name="map")
    done = command("sources", "import", "feeds.opml", "--json")
    exported = command("sources", "export", "--opml")
    (tmp_path / "again.opml").write_text(exported.stdout)
    command("--home", "other", "sources", "import", "again.opml")
    folders = [tmp_path / home / "sources" for home in ("data", "other")]
    (folders[0] / "map.toml").unlink()
    first, second = (
        {file.stem: read_source(file) for file in folder.iterdir()} for folder in folders
    )

    assert (
        [(each["name"], each["outcome"], each["lists"]) for each in json.loads(done.stdout)],
        first["tidewater"].title,
        exported.stderr,
        first == second,
    ) == (
        [("tidewater", "added", 2), ("lantern", "added", 1)],
        "Tidewater & Post",
        "left out, as they have no feed: map\n",
        True,
    )


def test_a_line_that_is_not_understood_keeps_no_other_away(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text(
        'title,kind,url\n"Tide\nwater",feed,https://tidewater.example/a\n'
        "Bad,feed,htp://bad\nLantern,feed,https://lantern.example/a\n"
    )
    done = command("sources", "import", "list.csv", "--json")
    told = [(each["name"], each["outcome"]) for each in json.loads(done.stdout)]

    assert (
        done.returncode,
        told,
        "list.csv, line 4: the address is 'htp://bad'" in done.stdout,
    ) == (
        1,
        [("", "failed"), ("tidewater", "added"), ("lantern", "added")],
        True,
    )


def test_a_list_of_addresses_is_looked_at_one_by_one(
    command: Command, site: Site, tmp_path: Path
) -> None:
    with open_site({"/": page("")}) as bare:
        (tmp_path / "list.txt").write_text(
            f"# papers\nname,url\ntidewater,{site.address}\n\nbare,{bare.address}\n"
        )
        done = command("sources", "import", "list.txt", *QUICK, "--json", **LOOPBACK)
    told: list[dict[str, Any]] = json.loads(done.stdout)

    assert (
        done.returncode,
        [(each["name"], each["outcome"], each["lists"]) for each in told],
        "no feed and no sitemap" in told[1]["detail"],
        [file.name for file in (tmp_path / "data" / "sources").iterdir()],
    ) == (
        1,
        [("tidewater", "added", 2), ("bare", "failed", 0)],
        True,
        ["tidewater.toml"],
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "ftp://a.example", "--name", "a"), "'ftp://a.example' is no address"),
        (("add", "https://a.example", "--name", "../a"), "a source cannot be named '../a'"),
        (("test", "tidal"), "no source 'tidal'; there are: tidewater"),
        (("import", "gone.csv"), "gone.csv: cannot be read (No such file or directory)"),
        (("import", "bad.opml"), "bad.opml: has no outline with an xmlUrl"),
        (("export", "--csv", "--opml"), "give --csv or --opml, not both"),
        (("import", "bad.csv"), "bad.csv, line 2: 'x' is not understood; expected an address"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    command: Command, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    write(tmp_path, "")
    (tmp_path / "bad.opml").write_text("<opml><body/></opml>")
    (tmp_path / "bad.csv").write_text("# mine\nx\n")
    done = command("sources", *words)
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]

    assert (done.returncode, told in line) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("home", "told"),
    [
        ((), "try it: ingest sources test tidewater\n"),
        (("--home", "my web"), "try it: ingest --home 'my web' sources test tidewater\n"),
    ],
)
def test_a_command_that_is_told_runs_as_it_stands(
    command: Command, site: Site, home: tuple[str, ...], told: str
) -> None:
    words = ("sources", "add", site.address, "--name", "tidewater", *QUICK)
    done = command(*home, *words, **LOOPBACK)

    assert told in done.stderr


def test_a_home_without_sources_says_how_to_make_one(command: Command) -> None:
    assert "`ingest sources add URL`" in command("sources", "list").stderr

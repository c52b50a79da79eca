"""Settings, of a file and of the environment, and what is told where they are not understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.words.errors import WrongUse
from ingest.world import settings as keys
from ingest.world.settings import ENVIRONMENT, Settings, read_settings
from ingest.world.settings.alerts import AlertSettings
from ingest.world.settings.keep import KeepSettings
from ingest.world.settings.schedule import ScheduleSettings, find_zone
from ingest.world.web.settings import WebLimits, WebSettings

CONTACT = "https://archive.example/about"


def write(home: Path, toml: str) -> Path:
    (home / "settings.toml").write_text(toml, encoding="utf-8")
    return home


def test_a_home_without_settings_has_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {"HOME": "x", "INGEST_HOME": "x"}) == Settings()


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "ours.pem").touch()
    home = write(
        tmp_path,
        f"""[web]
contact = "{CONTACT}"
user_agent = "our-archive/2 (desk@archive.example)"
allowed_networks = ["10.1.0.0/16", "fd00::/8"]
proxy = "http://me:secret@proxy.example:3128"
verify = "ours.pem"
concurrency = 8
[web.limits]
max_page_bytes = 1_000_000
max_list_bytes = 2_000_000
max_robots_bytes = 600_000
max_header_bytes = 10_000
max_redirects = 0
connect_seconds = 1
read_seconds = 2.5
total_seconds = 30
""",
    )

    assert read_settings(home, {}).web == WebSettings(
        contact=CONTACT,
        named="our-archive/2 (desk@archive.example)",
        allowed_networks=("10.1.0.0/16", "fd00::/8"),
        proxy="http://me:secret@proxy.example:3128",
        verify=tmp_path / "ours.pem",
        concurrency=8,
        limits=WebLimits(1_000_000, 2_000_000, 600_000, 10_000, 0, 1.0, 2.5, 30.0),
    )


def test_the_environment_wins_key_by_key(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        f'[web]\ncontact = "{CONTACT}"\nconcurrency = 8\nverify = false\n'
        "[web.limits]\nmax_redirects = 3\nread_seconds = 7\n",
    )
    environment = {
        "INGEST_WEB__CONTACT": "desk@archive.example",
        "INGEST_WEB__ALLOWED_NETWORKS": '["127.0.0.0/8"]',
        "INGEST_WEB__VERIFY": "true",
        "INGEST_WEB__LIMITS__MAX_REDIRECTS": "4",
    }

    assert read_settings(home, environment).web == WebSettings(
        contact="desk@archive.example",
        allowed_networks=("127.0.0.0/8",),
        concurrency=8,
        verify=True,
        limits=WebLimits(max_redirects=4, read_seconds=7.0),
    )


def test_each_name_of_the_environment_is_understood(tmp_path: Path) -> None:
    """Each is refused for its value, so it was known as a key."""
    told = []
    for name in ENVIRONMENT:
        with pytest.raises(WrongUse) as caught:
            read_settings(tmp_path, {name: "[{}]"})
        told.append("unknown" in str(caught.value) or name not in str(caught.value))

    assert told == [False] * len(ENVIRONMENT)
    assert len(ENVIRONMENT) >= 20


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[wep]", "unknown key 'wep'; did you mean 'web'?"),
        (f'contact = "{CONTACT}"', "unknown key 'contact'; write it below a line [web]"),
        ("web = 3", "'web' is 3; expected a table; open it with a line [web]"),
        ("[web]\nemail = 1", "[web]: unknown key 'email'; did you mean 'contact'?"),
        ("[web]\nuser-agent = 1", "unknown key 'user-agent'; did you mean 'user_agent'?"),
        ("[web]\nmax_redirects = 1", "write it in a table of its own, [web.limits]"),
        ("[web]\ndelay_seconds = 1", "it is of each source: sources/NAME.toml has it"),
        ("[web]\ncontact = 3", "[web]: 'contact' is 3; expected a mail address or a page"),
        ('[web]\ncontact = "somebody"', "expected a mail address or a page"),
        ('[web]\ncontact = "a@b.example)\\n"', "expected a mail address or a page"),
        ('[web]\ncontact = "ä@b.example"', "expected a mail address or a page"),
        ('[web]\nuser_agent = "a\\r\\nX: y"', "expected one line of at most 150 ASCII letters"),
        ('[web]\nuser_agent = ""', "expected one line"),
        ('[web]\nallowed_networks = "127.0.0.0/8"', "expected a list in brackets, such as"),
        ('[web]\nallowed_networks = ["10.0.0.1/8"]', "no. 1 is '10.0.0.1/8'; expected a network"),
        ("[web]\nallowed_networks = [10]", "no. 1 is 10; expected a network"),
        ('[web]\nproxy = "proxy:3128"', "'proxy' is none; expected one such as"),
        ('[web]\nproxy = "http://["', "'proxy' is none; expected one such as"),
        ("[web]\nproxy = 1", "'proxy' is none; expected one such as"),
        ("[web]\nverify = 1", "'verify' is 1; expected true, false, or a file"),
        ('[web]\nverify = "gone.pem"', "'verify': there is no file"),
        ("[web]\nconcurrency = 0", "expected a whole number from 1 to 1_000: somebody has to ask"),
        ("[web]\nconcurrency = 1001", "each holds a connection and files open"),
        ("[web]\nlimits = 3", "'limits' is 3; expected a table; open it with a line [web.limits]"),
        ("[web.limits]\nmax_size = 3", "[web.limits]: unknown key 'max_size'; known are max_page"),
        ("[web.limits]\nmax_page_bytes = 65535", "from 65_536 to 268_435_456: most pages are"),
        ("[web.limits]\nmax_page_bytes = 268435457", "a page is held in memory"),
        ("[web.limits]\nmax_list_bytes = 1", "from 1_048_576 to 1_073_741_824: many sitemaps"),
        ("[web.limits]\nmax_robots_bytes = 1", "RFC 9309 asks for 500 KiB at least"),
        ("[web.limits]\nmax_header_bytes = 1", "from 8_192 to 1_048_576: servers send up to"),
        ("[web.limits]\nmax_redirects = -1", "from 0 to 20: 0 follows none"),
        ("[web.limits]\nconnect_seconds = 0", "from 0.1 to 600: nobody is as fast"),
        ("[web.limits]\ntotal_seconds = 601", "one host would hold up the run"),
        ("[cron]", "unknown key 'cron'; did you mean 'schedule'?"),
        ("poll_minutes = 5", "unknown key 'poll_minutes'; write it below a line [schedule]"),
        ("[schedule]\nzone = 1", "unknown key 'zone'; did you mean 'timezone'?"),
        ('[schedule]\ntimezone = "CET+1"', "'timezone' is 'CET+1'; expected the name of a time"),
        ("[schedule]\npoll_minutes = 0", "from 1 to 1_440: a run takes some seconds itself"),
        ("[schedule]\npoll_minutes = 1441", "feeds forget what is older than a day"),
        ("[keep]\nrun_days = 0", "expected a whole number from 1 to 3_650"),
        ("[keep]\nlake_days = 400", "expected a whole number from 1 to 365"),
        ("[keep]\ngenerations = 1", "a reader may be about to open the one before"),
        ("[keep]\ndays = 9", "did you mean 'run_days'?"),
        ("[retention]\nrun_days = 9", "did you mean 'keep'?"),
        ('[schedule]\nmaintain = "03:30"', "expected minute, hour, day, month and weekday"),
        ('[schedule]\nwatch = "incoming"', "expected a list in brackets, such as"),
        ('[schedule]\nwatch = [""]', "no. 1 is ''; expected a folder"),
        ("[alert]", "unknown key 'alert'; did you mean 'alerts'?"),
        ("[alerts]\ncmd = []", "unknown key 'cmd'; did you mean 'command'?"),
        ("[alerts]\ncommand = []", "'command' is []; expected a program and its words"),
        ('[alerts]\ncommand = "tell --now"', "expected a program and its words, at most 50"),
        ('[alerts]\ncommand = [""]', "no. 1 is ''; expected a program"),
        ('[alerts]\ncommand = ["a", 1]', "no. 2 is 1; expected a text of at most 1000 letters"),
        ('[alerts]\nnotify = "newsroom"', "expected a type of block and its name, such as"),
        ("[alerts]\nremind_hours = 0.9", "from 1 to 8_760: nobody reads what comes all the time"),
        ("[alerts]\nchance = 0", "from 1e-09 to 0.05: nothing would be told any more"),
        ("[alerts]\nchance = 0.1", "most would be told by chance"),
        ("[alerts]\nhistory_weeks = 3", "from 4 to 26: fewer say nothing of what is usual"),
        ("[alerts]\nstale_hours = 0", "from 0.5 to 720: a run may take as long"),
        ("[alerts]\ndisk_free_share = 1", "from 0 to 0.9: it would always be told"),
        ("web", "settings.toml: not TOML in UTF-8"),
        ("#" * (keys.MAX_FILE_BYTES + 1), "larger than 1 MiB; expected a few lines of TOML"),
    ],
)
def test_an_error_says_where_and_what_was_expected(tmp_path: Path, toml: str, told: str) -> None:
    with pytest.raises(WrongUse) as caught:
        read_settings(write(tmp_path, toml), {})
    message = str(caught.value)

    assert (message.startswith(f"{tmp_path}/settings.toml: "), told in message) == (
        True,
        True,
    ), message


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("INGEST_WEB__CONTAKT", "a", "INGEST_WEB__CONTAKT: unknown key 'contakt'; did you mean"),
        ("INGEST_WEB__CONCURRENCY", "many", "'concurrency' is 'many'; expected a whole number"),
        ("INGEST_WEB__LIMITS__MAX_REDIRECTS", "99", "'max_redirects' is 99; expected a whole"),
        ("INGEST_WEB__LIMITS__MAX", "99", "INGEST_WEB__LIMITS__MAX: unknown key 'max'; known"),
        ("INGEST_WEB__LIMITS", "99", "'limits' is 99; expected a table"),
        ("INGEST_CONTACT", "a@b.example", "did you mean 'INGEST_WEB__CONTACT'?"),
        ("INGEST_WEB_USER_AGENT", "a", "did you mean 'INGEST_WEB__USER_AGENT'?"),
        ("INGEST_LIMITS__READ_SECONDS", "1", "did you mean 'INGEST_WEB__LIMITS__READ_SECONDS'?"),
    ],
)
def test_an_error_of_the_environment_has_its_name(
    tmp_path: Path, name: str, value: str, told: str
) -> None:
    with pytest.raises(WrongUse) as caught:
        read_settings(tmp_path, {name: value})

    assert (str(caught.value).startswith(f"{name}: "), told in str(caught.value)) == (
        True,
        True,
    ), caught.value


def test_a_schedule_is_read_with_its_folders_from_the_home(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        '[schedule]\ntimezone = "Asia/Kolkata"\npoll_minutes = 5\nverify = "0 5  * * SUN"\n'
        'watch = ["incoming", "/srv/wire"]\n',
    )

    assert read_settings(home, {"INGEST_SCHEDULE__POLL_MINUTES": "10"}).schedule == (
        ScheduleSettings(
            timezone="Asia/Kolkata",
            poll_minutes=10,
            verify="0 5 * * SUN",
            watch=(f"{home}/incoming", "/srv/wire"),
        )
    )


def test_the_settings_of_alerts_are_read(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        '[alerts]\ncommand = ["tell", "--now"]\ncommand_seconds = 5\n'
        'notify = "slack-webhook/newsroom"\nremind_hours = 12\nchance = 0.001\n'
        "history_weeks = 6\ndrift_days = 3\ndrift_share = 0.2\ngap_hours = 24\n"
        "gap_days = 7\nstale_hours = 2\nstale_load_hours = 36\ndisk_free_bytes = 1\n",
    )

    assert read_settings(home, {"INGEST_ALERTS__DISK_FREE_SHARE": "0.01"}).alerts == AlertSettings(
        command=("tell", "--now"),
        command_seconds=5.0,
        notify="slack-webhook/newsroom",
        remind_hours=12.0,
        chance=0.001,
        history_weeks=6,
        drift_days=3,
        drift_share=0.2,
        gap_hours=24,
        gap_days=7,
        stale_hours=2.0,
        stale_load_hours=36.0,
        disk_free_bytes=1,
        disk_free_share=0.01,
    )


def test_what_is_kept_is_read(tmp_path: Path) -> None:
    home = write(tmp_path, "[keep]\nrun_days = 90\nlake_days = 2\n")

    assert read_settings(home, {"INGEST_KEEP__GENERATIONS": "5"}).keep == KeepSettings(
        run_days=90, lake_days=2, generations=5
    )


@pytest.mark.parametrize(
    ("told", "place", "zone"),
    [
        ({"TZ": "Europe/Madrid"}, "/usr/share/zoneinfo/Asia/Tokyo", "Europe/Madrid"),
        ({}, "/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ({"TZ": ":/etc/localtime"}, "/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ({}, "/nowhere", "UTC"),
    ],
)
def test_the_zone_is_the_machine_s(
    tmp_path: Path, told: dict[str, str], place: str, zone: str
) -> None:
    link = tmp_path / "localtime"
    link.symlink_to(place)

    assert find_zone(told, link) == zone


def test_what_a_cluster_says_of_its_services_is_no_setting_of_ours(tmp_path: Path) -> None:
    environment = {
        "WEB__CONTACT": "desk@archive.example",
        "INGEST_PORT": "tcp://10.0.0.1:80",
        "INGEST_WEB_SERVICE_HOST": "10.0.0.1",
        "INGEST_WEB_PORT_80_TCP": "tcp://10.0.0.1:80",
    }

    assert read_settings(tmp_path, environment) == Settings()


def test_an_error_shows_no_password_of_a_proxy(tmp_path: Path) -> None:
    with pytest.raises(WrongUse) as caught:
        read_settings(tmp_path, {"INGEST_WEB__PROXY": "ftp://me:secret@proxy.example"})

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (WebSettings(), " (no contact given)"),
        (WebSettings(contact=CONTACT), f" (+{CONTACT})"),
        (WebSettings(contact=CONTACT, named="ours/2"), "ours/2"),
    ],
)
def test_every_request_says_how_to_reach_who_asks(settings: WebSettings, told: str) -> None:
    assert settings.user_agent.endswith(told)

"""How much one file may cost: the limits, their reasons, and the error that stops at one."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20

# Below this a high ratio costs nothing: a megabyte of spaces is no bomb.
_RATIO_MATTERS_BYTES = MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost; what is beyond is `Reason.TOO_LARGE`."""

    # The longest news pages are some 3 MB; ten times that is no article.
    max_file_bytes: int = 32 * MIB
    # What a compressed archive may unpack to: a million articles of 4 KB.
    max_archive_bytes: int = 4096 * MIB
    # A member costs half a kilobyte of memory while its zip is read: a million cost 0.5 GB.
    max_members: int = 1_000_000
    # Text packs 3 to 10 times, templated pages up to 50; deflate reaches 1,032 only on bombs.
    max_ratio: int = 200


DEFAULT_LIMITS = Limits()


class TooLarge(Exception):
    """One document passes a limit."""


class ArchiveTooLarge(TooLarge):
    """The archive as a whole passes a limit: no later member is read."""


@dataclass(slots=True)
class Budget:
    """What one archive has cost so far; each method raises once a limit is passed."""

    limits: Limits
    members: int = 0
    unpacked_bytes: int = 0

    def count_member(self) -> None:
        """Count one more member of the archive."""
        if self.members >= self.limits.max_members:
            raise ArchiveTooLarge(f"it holds more than {self.limits.max_members:,} members")
        self.members += 1

    def refuse_member(self, member_bytes: int) -> None:
        """Refuse one member of `member_bytes` if that is more than a document may be."""
        if member_bytes > self.limits.max_file_bytes:
            limit = f"{self.limits.max_file_bytes:,}"
            raise TooLarge(f"{member_bytes:,} bytes, expected at most {limit}")

    def spend(self, unpacked_bytes: int) -> None:
        """Add `unpacked_bytes` to what the archive unpacked to."""
        self.unpacked_bytes += unpacked_bytes
        if self.unpacked_bytes > self.limits.max_archive_bytes:
            limit = f"{self.limits.max_archive_bytes:,}"
            raise ArchiveTooLarge(f"it unpacks to more than {limit} bytes; split it")


def bomb(unpacked_bytes: int, packed_bytes: int, limits: Limits) -> str:
    """Return the sentence that refuses an archive bomb, or "" if this is none."""
    if unpacked_bytes <= max(_RATIO_MATTERS_BYTES, limits.max_ratio * packed_bytes):
        return ""
    return (
        f"{packed_bytes:,} bytes unpack to {unpacked_bytes:,} or more, "
        f"over {limits.max_ratio} times as much: an archive bomb"
    )

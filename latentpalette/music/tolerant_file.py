"""Parse MIDI files that players play although they break rules of the format.

A RIFF file (RMID) is one with a MIDI file in it. Chunks that are no tracks are skipped, lengths and counts that are
wrong are corrected by the ends of tracks and the beginnings of others, a track that is damaged is read up to the
damage, and a file that is cut off, or has nothing but zeros from some place on, up to there. What is skipped is listed.
The work is proportional to the size of the file.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from latentpalette.music.film_clock import read_film_clock
from latentpalette.music.midi_file import NOTE_ON, MidiFile, Track, check_header, damaged
from latentpalette.music.midi_patterns import lay_end_to_end
from latentpalette.music.skipped import Skipped
from latentpalette.music.tolerant_events import parse_events

_HEADER, _TRACK = b"MThd", b"MTrk"
_MAX_BYTES_BEFORE_HEADER = 1024  # such as the 128 that old Macintosh programs write
_END_OF_TRACK = b"\xff\x2f\x00"
_MIN_ZEROS = 8  # fewer at the end of a track may be the data of its last events
_CUT_OFF = "the file is cut off; the rest is missing"
_MAX_PARSED_IN_VAIN = 8  # times the size of the file, of tracks that say they last beyond the beginning of the next
_PATTERNS = 2  # the type of a file whose tracks are played one after the other


def parse_tolerantly(data: bytes, *, name: str = "MIDI data") -> MidiFile:
    r"""Parse a MIDI file as players do.

    Parameters
    ----------
    data : bytes
    name : str
        Name of the file, for messages.

    Raises
    ------
    MidiError
        If it is no MIDI file, ends inside its header, or is so damaged or cut off that no note can be read.

    Examples
    --------
    >>> header = b"MThd\0\0\0\6\0\0\0\2\0\x60"
    >>> track = b"MTrk\0\0\0\xff\0\x99\x24\x50\x18\x24\0\0\xff\x2f\0"
    >>> file = parse_tolerantly(header + b"XFIH\0\0\0\0" + track)
    >>> file.tracks[0].events
    [(0, 153, 36, 80), (24, 153, 36, 0)]
    >>> [part.kind for part in file.skipped]
    ['chunks that are no tracks are skipped', 'tracks are missing']
    """
    data = _unwrap(data)
    check_header(data, name)
    header_size, file_type, num_counted, ticks_per_quarter = struct.unpack(">IHHH", data[4:14])
    film_clock = read_film_clock(ticks_per_quarter, name)
    position = 8 + header_size
    if not _is_chunk(data, position):
        position = 14
    tracks: list[Track] = []
    skipped: list[Skipped] = []
    other_chunks: list[tuple[int, bytes]] = []
    allowance = _Allowance(_MAX_PARSED_IN_VAIN * len(data))
    while position < len(data):
        if data.startswith(_TRACK, position):
            tracks.append(Track([], []))
            position = _parse_track(data, position, tracks, skipped, num_counted, allowance)
        elif len(tracks) < num_counted and _TRACK.startswith(data[position:]):
            skipped.append(_cut_off(len(tracks) + 1, num_counted))
            break
        else:
            start, position = position, _skip_to_next_track(data, position, skipped)
            if _is_chunk(data, start):
                other_chunks.append((len(tracks), data[start:position]))
    if not tracks:
        raise damaged(name, "no tracks")
    is_cut_off = any(part.kind == _CUT_OFF for part in skipped)
    if (is_cut_off or len(tracks) < num_counted) and not any(map(_has_notes, tracks)):
        raise damaged(name, "it ends before its first note")
    if skipped and not any(track.events for track in tracks):
        raise damaged(name, f"{skipped[0].kind}, and nothing else is left")
    if len(tracks) < num_counted and not is_cut_off:
        skipped.append(Skipped("tracks are missing", f"{num_counted} are counted, {len(tracks)} found"))
    if film_clock:
        tracks, skipped = film_clock.convert(tracks, skipped)
        ticks_per_quarter = film_clock.ticks_per_quarter
    if file_type == _PATTERNS and len(tracks) > 1:
        skipped.append(Skipped("the tracks are patterns (type 2); they are read one after the other"))
        tracks = lay_end_to_end(tracks, ticks_per_quarter)
    return MidiFile(ticks_per_quarter, tracks, tuple(skipped), min(file_type, 1), tuple(other_chunks))


def _unwrap(data: bytes) -> bytes:
    """Return the MIDI file inside a RIFF file, or after some bytes of something else."""
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        position = 12
        while position + 8 <= len(data):
            size = int.from_bytes(data[position + 4 : position + 8], "little")
            if data[position : position + 4] == b"data":
                start = position + 8
                return data[start : start + size] if 14 <= size <= len(data) - start else data[start:]
            position += 8 + size + size % 2
    start = 0 if data.startswith(_HEADER) else data.find(_HEADER, 0, _MAX_BYTES_BEFORE_HEADER)
    return data[start:] if start > 0 else data


@dataclass
class _Allowance:
    """The bytes that may still be parsed in vain: no file takes work in proportion to the square of its size."""

    bytes: int


def _parse_track(
    data: bytes,
    position: int,
    tracks: list[Track],
    skipped: list[Skipped],
    num_counted: int,
    allowance: _Allowance,
) -> int:
    """Parse the last of the tracks, which begins at a position; return the position after it."""
    start = position + 8
    stop = start + int.from_bytes(data[position + 4 : start], "big")
    if start > len(data):
        tracks.pop()
        skipped.append(_cut_off(len(tracks) + 1, num_counted))
        return len(data)
    # A length is right if a chunk or the end of the file follows, or the track says there that it ends.
    is_length_right = (
        allowance.bytes > 0
        and stop <= len(data)
        and (stop == len(data) or data[stop - 3 : stop] == _END_OF_TRACK or _is_chunk(data, stop))
    )
    end = stop if is_length_right else _find_track(data, start)
    parsed = parse_events(data[start:end], tracks[-1], stop_at_end=not is_length_right)
    if is_length_right and not parsed.is_ended and (next_track := data.find(_TRACK, start, stop)) >= 0:
        _clear(tracks[-1])
        allowance.bytes -= parsed.position
        end = next_track
        parsed = parse_events(data[start:end], tracks[-1], stop_at_end=True)
    if not parsed.is_ended and end == len(data):
        without_zeros = max(len(data.rstrip(b"\0")), start)
        if end - without_zeros >= _MIN_ZEROS:
            _clear(tracks[-1])
            parsed = parse_events(data[start:without_zeros], tracks[-1], stop_at_end=True)
        if end < stop or end - without_zeros >= _MIN_ZEROS:
            skipped += [*parsed.skipped, _cut_off(len(tracks), num_counted, parsed.tick)]
            return end
    skipped += parsed.skipped
    if parsed.is_damaged and not parsed.is_ended:
        skipped.append(Skipped("damaged ends of tracks are left out", f"track {len(tracks)}", parsed.tick))
    is_whole = parsed.is_ended and (not is_length_right or data.startswith(_TRACK, start + parsed.position))
    return start + parsed.position if is_whole else end


def _skip_to_next_track(data: bytes, position: int, skipped: list[Skipped]) -> int:
    """Return the position after something that is no track, and list it unless only the end of the file follows."""
    if _is_chunk(data, position):
        skipped.append(Skipped("chunks that are no tracks are skipped", data[position : position + 4].decode("ascii")))
        return position + 8 + int.from_bytes(data[position + 4 : position + 8], "big")
    next_track = _find_track(data, position)
    if next_track < len(data):
        skipped.append(Skipped("bytes between tracks are skipped"))
    return next_track


def _find_track(data: bytes, position: int) -> int:
    """Return the position of the next track, or the end of the file."""
    found = data.find(_TRACK, position)
    return found if found >= 0 else len(data)


def _is_chunk(data: bytes, position: int) -> bool:
    """Return True if a chunk begins at a position: four characters and a length that fits into the file."""
    chunk_type = data[position : position + 4]
    if chunk_type == _TRACK:
        return True
    stop = position + 8 + int.from_bytes(data[position + 4 : position + 8], "big")
    return len(chunk_type) == 4 and chunk_type.isascii() and chunk_type.strip().isalnum() and stop <= len(data)


def _cut_off(track: int, num_counted: int, tick: int | None = None) -> Skipped:
    """Describe the end of a file that is cut off in a track, or where one begins."""
    return Skipped(_CUT_OFF, f"from track {track} of {max(track, num_counted)} on", tick)


def _clear(track: Track) -> None:
    track.events.clear()
    track.meta_events.clear()


def _has_notes(track: Track) -> bool:
    return any(NOTE_ON <= status < 0xA0 and velocity for _, status, _, velocity in track.events)

"""Files of a session: what is edited in its instruments as one state, and the Python source that makes it again."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from typing import Any

from latentpalette.errors import PaletteError
from latentpalette.widgets.instrument import Instrument
from latentpalette.widgets.pianorolls import PianoRolls

Member = Instrument | PianoRolls
# Is edited in every instrument, as static/state/groupstate.js has it.
_EVERY = ("mutes", "locks", "volumes", "sounds", "silenced", "volume")
_OF_ROLLS = ("roll", "in_order", "silenced", "volume")


def edited_traits(member: Member) -> tuple[str, ...]:
    """Return the names of what is edited in an instrument of a session; the tempo is that of the session."""
    names = (*member.edited, *_EVERY) if isinstance(member, Instrument) else _OF_ROLLS
    return tuple(name for name in dict.fromkeys(names) if name != "qpm")


def models_in_words(members: Sequence[Member]) -> str:
    """Return the models of a session, which its state fits."""
    return " + ".join(each.model_name if isinstance(each, Instrument) else "rolls" for each in members)


def state_of(members: Sequence[Member]) -> dict[str, Any]:
    """Return what is edited in instruments, each trait under the number of its instrument: ``"0.mutes"``."""
    return {
        f"{index}.{name}": getattr(each, name) for index, each in enumerate(members) for name in edited_traits(each)
    }


def restore(members: Sequence[Member], state: Mapping[str, Any]) -> None:
    """Set what is edited in instruments, as `state_of` returns it: all of it, or nothing if a value is wrong.

    Raises
    ------
    PaletteError
        If a value does not fit its instrument.
    """
    checked = [
        each.check_state({name: state[key] for name in edited_traits(each) if (key := f"{index}.{name}") in state})
        for index, each in enumerate(members)
    ]
    for each, values in zip(members, checked, strict=True):
        each.store_state(values)


def source_of_session(members: Sequence[Member], *, names: Sequence[str], given: Sequence[str], qpm: float) -> str:
    """Return the Python source that makes a session and its instruments again.

    Parameters
    ----------
    members : list of Instrument or PianoRolls
    names : list of str
        Of the instruments.
    given : list of str
        The names that they have by themselves.
    qpm : float
    """
    parts = [each.to_python() for each in members]
    variables = _variables(parts, names)
    pieces = [_renamed(part, variable) for part, variable in zip(parts, variables, strict=True)]
    arguments = [f"[{', '.join(variables)}]", f"qpm={qpm!r}"]
    if list(names) != list(given):
        arguments.append(f"names={list(names)!r}")
    after = [
        f"{variable}.silenced = True\n" for each, variable in zip(members, variables, strict=True) if each.silenced
    ]
    session = f"session = lp.Session({', '.join(arguments)})\n"
    return "\n".join(["import latentpalette as lp\n", *pieces, "".join([session, *after])])


def _variables(parts: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return a name for each instrument's variable: its own where that is one, else that of its kind."""
    found: list[str] = []
    for part, name in zip(parts, names, strict=True):
        own = re.sub(r"\W+", "_", name.strip().lower()) if len(name.split()) == 1 else ""
        is_free = own.isidentifier() and not keyword.iskeyword(own) and own not in ("lp", "session")
        stem = own if is_free else _variable_of(part)
        number = 1
        while (variable := stem if number == 1 else f"{stem}_{number}") in found:
            number += 1
        found.append(variable)
    return found


def _variable_of(part: str) -> str:
    match = re.search(r"^(\w+) = lp\.", part, re.MULTILINE)
    if match is None:
        raise PaletteError("The source of an instrument assigns it to a variable.")
    return match[1]


def _renamed(part: str, variable: str) -> str:
    """Return the source of an instrument without its import, under another name; its lines begin with its name."""
    body = part.removeprefix("import latentpalette as lp\n").lstrip("\n")
    return re.sub(rf"^{_variable_of(part)}(?=\W)", variable, body, flags=re.MULTILINE)

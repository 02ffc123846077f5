"""Of whom a passage speaks: names, and the joint language of judgments (二被告人, 三人均, 上述各被告人, 其余被告人)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from panjue.extractors.parties import Party
from panjue.extractors.quantities import number

_JOINT = (
    r"(?:上述|以上|前述|本案|该|各|诸|全体|所有|均)?(?P<n>[二两三四五六七八九十]+|[2-9]|1[0-9])?(?:名|个|位)?(?:原审)?(?P<who>被告人|被告单位|上诉人|被告)(?=均|各|分别|共同|自愿|在|对|的|到|归|能|系|认|无|表|当|已|经|、|，|。|；|主|犯|都|有|之|如|及|未|案|也|亦|辩|提|同|供|一致|明|以|签|违|非|积|家|违|构|结|行|具|因|其|无|虽|且|可|依)"
)


_FIRST, _REST = 0xE000, "\uf000"
#: a defendant in masked text
NAME = "[\ue000-\uefff]\uf000*"
_MENTION = re.compile(
    rf"(?P<except>除(?:原审)?(?:被告人|被告单位|上诉人)?(?P<excepted>{NAME}(?:[、和及]{NAME})*)(?:以)?外)|"
    rf"(?P<rest>其余|其他|另外?)(?P<restn>[二两三四五六七八九十])?(?:名|各)?(?:被告人|被告单位|上诉人)|(?P<name>{NAME})|(?P<joint>{_JOINT})|"
    r"(?P<men>[二两三四五六七八九十]人)(?=均|都|各|分别|自愿|的行为|亦|到案|归案|能|系)"
)


class Roster:
    """The defendants of a document and how a passage refers to them."""

    def __init__(self, parties: list[Party]) -> None:
        """Index the defendants by every name the document gives them."""
        self.parties = parties
        self._names: dict[str, int] = {}
        for index, party in enumerate(parties):
            self._names.setdefault(_folded(party.name), index)
        for index, party in enumerate(parties):
            for alias in party.aliases:
                if len(alias) > 1:
                    self._names.setdefault(_folded(alias), index)
            for short in _short(party):
                self._names.setdefault(short, index)

    def __len__(self) -> int:
        """How many defendants there are."""
        return len(self.parties)

    @property
    def everyone(self) -> tuple[int, ...]:
        """All defendants."""
        return tuple(range(len(self.parties)))

    def mask(self, text: str) -> str:
        """The text with every name of a defendant replaced, length kept, by characters that stand for him.

        Patterns can then be written once for all documents: ``NAME`` matches any defendant and nothing else does.
        """
        names = sorted(self._names, key=len, reverse=True)
        if not names:
            return text
        pattern = re.compile("|".join(re.escape(name) + _guard(name) for name in names))
        return pattern.sub(lambda match: chr(_FIRST + self._names[match.group()]) + _REST * (len(match.group()) - 1), text)

    @staticmethod
    def of(mask: str) -> int:
        """The defendant that a masked name stands for."""
        return ord(mask[0]) - _FIRST

    def mentioned(self, text: str, start: int, end: int) -> tuple[int, ...]:
        """The defendants a passage names or means, in the order of the document; empty if it names none."""
        found: set[int] = set()
        for match in _MENTION.finditer(text, start, end):
            found.update(self.meaning(match, text))
        return tuple(sorted(found))

    def meaning(self, match: re.Match[str], text: str) -> Iterable[int]:
        """The defendants that one mention means."""
        if match["name"]:
            return (self.of(match["name"]),)
        if match["excepted"]:
            out = {self.of(name) for name in re.findall(NAME, match["excepted"])}
            return tuple(i for i in self.everyone if i not in out)
        if match["rest"]:
            before = text[max(0, match.start() - 80) : match.start()]
            named = {self.of(name) for name in re.findall(NAME, before)}
            return tuple(i for i in self.everyone if i not in named) or self.everyone
        if match["joint"]:
            count = number(match["n"]) if match["n"] else None
            joint = match["joint"]
            plural = bool(match["n"]) or re.match("上述|以上|前述|各|诸|全体|所有|均", joint) is not None
            if "单位" in joint:
                group = tuple(i for i in self.everyone if self.parties[i].kind == "organization")
            elif match["who"] == "被告人":
                group = tuple(i for i in self.everyone if self.parties[i].kind == "person")
            else:
                group = self.everyone
            if not plural and len(self.everyone) > 1:
                return group if len(group) == 1 else ()
            if count is None or count >= len(group):
                return group
            return self._last_named(text, match.start(), count) or group
        count = number(match["men"][:-1]) or 0
        if count >= len(self.everyone):
            return self.everyone if count == len(self.everyone) else ()
        return self._last_named(text, match.start(), count)

    def _last_named(self, text: str, position: int, count: int) -> tuple[int, ...]:
        """The last ``count`` different defendants named before ``position``, as 二被告人 in a case of more means."""
        found: list[int] = []
        window = text[max(0, position - 200) : position]
        for name in reversed(re.findall(NAME, window)):
            index = self.of(name)
            if index not in found:
                found.append(index)
            if len(found) == count:
                return tuple(sorted(found))
        return ()


def _guard(name: str) -> str:
    return r"(?![某甲乙丙丁戊己庚辛×0-9])" if name[-1] in "某×" or len(name) == 1 else "(?!某)"


def _folded(name: str) -> str:
    from panjue.extractors.view import View

    return View(name).text


def _short(party: Party) -> list[str]:
    return [name for name in party.aliases if party.kind == "organization" and len(name) > 2]

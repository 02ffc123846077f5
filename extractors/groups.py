"""Of whom a passage speaks: names, and the joint language of judgments (二被告人, 三人均, 上述各被告人, 其余被告人)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from panjue.extractors.parties import Party
from panjue.extractors.quantities import number
from panjue.extractors.view import View

# Every alternative begins with a fixed character, so that the search can skip; what stands before 被告人 is looked at
# only where 被告人 is found.
_AFTER = r"(?=均|各|分别|共同|自愿|在|对|的|到|归|能|系|认|无|表|当|已|经|、|，|。|；|主|犯|都|有|之|如|及|未|案|也|亦|辩|提|同|供|一致|明|以|签|违|非|积|家|行|构|结|具|因|其|虽|且|可|依)"
_BEFORE = re.compile(
    r"(?P<all>上述|以上|前述|本案|该|各|诸|全体|所有)?(?P<n>[二两三四五六七八九]?十[一二三四五六七八九]?|[二两三四五六七八九]|[2-9]|1[0-9])?(?:名|个|位)?(?:原审)?$"
)
_FIRST, _REST = 0xE000, "\uf000"
# what may follow a masked name in a longer one: 张某 in 张某甲
_LONGER = "某甲乙丙丁戊己庚辛×0123456789"
_ANY = "[\ue000-\uefff]"
#: a defendant in masked text
NAME = f"{_ANY}\uf000*"
_BUT = re.compile(
    rf"除(?:原审)?(?:被告人|被告单位|上诉人)?(?P<excepted>{NAME}(?:[、和及](?:被告人)?{NAME})*)(?:以)?外，(?:其余|其他)?[二两三四五六七八九十]*(?:名|位|个)?$"
)
_NAME = re.compile(NAME)
_EXCEPTED = f"(?P<excepted>{NAME}(?:[、和及]{NAME})*)"
# every alternative begins with a character of its own, outside any group, so that the search can skip
_JOINT = re.compile(
    rf"除(?:原审)?(?:被告人|被告单位|上诉人)?{_EXCEPTED}(?:以)?外|"
    r"其(?:余|他)(?P<rest>[二两三四五六七八九十]?(?:名|各)?(?:被告人|被告单位|上诉人))|另(?P<other>外?[二两三四五六七八九十]?(?:名|各)?(?:被告人|被告单位|上诉人))|"
    rf"被告(?P<who>人(?:{_AFTER}|(?<=[二两三四五六七八九十名位各述]被告人)(?!{_ANY}))|单位(?:{_AFTER}|(?<=[二两三四五六七八九十名各述]被告单位)(?!{_ANY}))|{_AFTER})|上诉人(?P<appellant>{_AFTER})|"
    r"人(?P<men>(?=均|都|各|分别|自愿|的行为|亦|到案|归案|能|系))"
)
#: what stands between the names of a list; a name in it may be one that the header does not have
_LIST = re.compile(
    r"(?:、|，|和|及|与|以及|原审|被告人|被告单位|上诉人|（[^）]{0,10}）|(?<=[、人])[\u4e00-\u9fff×]{2,3}[0-9甲乙丙丁]?(?=[、和及与]))*"
)


class Roster:
    """The defendants of a document and how a passage refers to them."""

    def __init__(self, parties: list[Party]) -> None:
        """Index the defendants by every name the document gives them."""
        self.parties = parties
        self._text = ""
        self._mentions: list[tuple[int, int, tuple[int, ...]]] = []
        self._names: dict[str, int] = {}
        for index, party in enumerate(parties):
            self._names.setdefault(_folded(party.name), index)
        for name, index in list(self._names.items()):
            # the character that masks is not always the same one
            self._names.setdefault(name.replace("×", "X"), index)
            self._names.setdefault(name.replace("X", "×"), index)
        for index, party in enumerate(parties):
            for alias in party.aliases:
                if len(alias) > 1:
                    self._names.setdefault(_folded(alias), index)
            for short in _short(party):
                self._names.setdefault(short, index)
        # several whom the masking gives one name; a masked name stands for the first of them
        self._namesakes: dict[int, tuple[int, ...]] = {}
        for index, party in enumerate(parties):
            first = self._names[_folded(party.name)]
            self._namesakes[first] = (*self._namesakes.get(first, ()), index)

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
        # splitting is faster than a pattern made for every document; a longer name goes before one inside it
        for name in sorted(self._names, key=len, reverse=True):
            if name in text:
                masked = chr(_FIRST + self._names[name]) + _REST * (len(name) - 1)
                longer = _LONGER if name[-1] in "某×" or len(name) == 1 else "某"
                first, *pieces = text.split(name)
                text = first + "".join(
                    (name if piece[:1] and piece[0] in longer and not self._listed(name, piece) else masked) + piece
                    for piece in pieces
                )
        self._text = text
        joint = list(_JOINT.finditer(text))
        taken = {
            match.start("excepted") + at for match in joint if match["excepted"] for at in range(len(match["excepted"]))
        }
        named = [
            (*match.span(), self.called(match.group())) for match in _NAME.finditer(text) if match.start() not in taken
        ]
        meant = [(*match.span(), who) for match in joint if (who := self._meaning(match))]
        self._mentions = sorted([*named, *meant])
        return text

    def _listed(self, name: str, rest: str) -> bool:
        """Whether 某 stands for the 和 or 、 between two full names, as one anonymization leaves it (甲乙丙某丁戊己)."""
        return (
            rest[0] == "某"
            and name[-1] not in "某×"
            and (rest[1:2] >= chr(_FIRST) or any(rest.startswith(other, 1) for other in self._names if len(other) > 2))
        )

    @staticmethod
    def of(mask: str) -> int:
        """The defendant that a masked name stands for."""
        return ord(mask[0]) - _FIRST

    def called(self, mask: str) -> tuple[int, ...]:
        """All defendants of the name that a masked name stands for: one, unless the masking gave it to several."""
        index = self.of(mask)
        return self._namesakes.get(index, (index,))

    def mentioned(self, start: int, end: int) -> tuple[int, ...]:
        """The defendants that a passage of the masked text names or means, in the order of the document."""
        return tuple(sorted({index for _, _, who in self.mentions(start, end) for index in who}))

    def mentions(self, start: int, end: int) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Each mention in a passage of the masked text: where it begins and ends, and whom it means."""
        first = bisect_left(self._mentions, start, key=lambda mention: mention[0])
        for position, until, who in islice(self._mentions, first, None):
            if position >= end:
                return
            yield position, until, who

    def groups(self, start: int, end: int) -> list[tuple[int, int, tuple[int, ...]]]:
        """The mentions in a passage, those of one list as one: where it begins and ends, and whom it means."""
        found: list[tuple[int, int, tuple[int, ...]]] = []
        for position, until, who in self.mentions(start, end):
            if found and _LIST.fullmatch(self._text, found[-1][1], position):
                found[-1] = found[-1][0], until, tuple(sorted({*found[-1][2], *who}))
            else:
                found.append((position, until, who))
        return found

    def spoken_of(self, start: int, position: int) -> tuple[int, ...]:
        """The defendants last mentioned between ``start`` and ``position``: all of a list."""
        last = bisect_left(self._mentions, position, key=lambda mention: mention[0]) - 1
        found: set[int] = set()
        begun = position
        while last >= 0 and self._mentions[last][0] >= start:
            if found and not _LIST.fullmatch(self._text, self._mentions[last][1], begun):
                break
            begun = self._mentions[last][0]
            found.update(self._mentions[last][2])
            last -= 1
        return tuple(sorted(found))

    def _meaning(self, match: re.Match[str]) -> tuple[int, ...]:
        text, everyone = self._text, self.everyone
        if match["excepted"]:
            return self._without(match["excepted"])
        if match["rest"] is not None or match["other"] is not None:
            begun = text.rfind("。", 0, match.start()) + 1
            # 其余被告人 at the head of a sentence leaves out those of the one before
            names = _NAME.findall(text, begun, match.start()) or _NAME.findall(text, max(0, begun - 80), begun)
            return self._without("".join(names)) or everyone
        but = "外，" in text[max(0, match.start() - 8) : match.start()] and _BUT.search(
            text, max(0, match.start() - 60), match.start()
        )
        if but:  # 除某某外，五被告人
            return self._without(but["excepted"])
        before = _BEFORE.search(text, max(0, match.start() - 8), match.start())
        count = number(before["n"]) if before and before["n"] else None
        if match["men"] is not None:
            if count is None or count > len(everyone):
                return ()
            return everyone if count == len(everyone) else self._last_named(match.start(), count)
        group = everyone
        if match["who"]:  # 被告人, 被告单位; 被告 alone is either
            kind = "organization" if match["who"] == "单位" else "person"
            group = tuple(i for i in everyone if self.parties[i].kind == kind)
        if count is None and not (before and before["all"]):
            return group if len(group) == 1 else ()
        if count is None or count >= len(group):
            return group
        return self._last_named(match.start(), count) or group

    def _without(self, names: str) -> tuple[int, ...]:
        out = {self.of(name) for name in re.findall(NAME, names)}
        return tuple(i for i in self.everyone if i not in out)

    def _last_named(self, position: int, count: int) -> tuple[int, ...]:
        """The last ``count`` different defendants named before ``position``, as 二被告人 in a case of more means."""
        found: list[int] = []
        window = self._text[max(0, position - 200) : position]
        for name in reversed(re.findall(NAME, window)):
            index = self.of(name)
            if index not in found:
                found.append(index)
            if len(found) == count:
                return tuple(sorted(found))
        return ()


def _folded(name: str) -> str:
    return View(name).text


def _short(party: Party) -> list[str]:
    return [name for name in party.aliases if party.kind == "organization" and len(name) > 2]

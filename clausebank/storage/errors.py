"""Exceptions of the store."""

from __future__ import annotations

from clausebank.errors import BilingualError, ClauseBankError


class NewerDatabase(ClauseBankError):  # noqa: N818 (reads better without Error)
    """The database was made by a newer version of the product."""

    def __init__(self, revision: str) -> None:
        self.revision = revision
        super().__init__(f"database revision {revision} is newer than this program")


class Refusal(ClauseBankError):  # noqa: N818 (reads better without Error)
    """A step was refused; says why and what to do, in both languages."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        self.place, self.zh, self.en = place, zh, en
        super().__init__(f"{place}: {en}")


class Conflict(Refusal):
    """Somebody else saved meanwhile; carries both texts, so that nothing is lost."""

    def __init__(self, place: str, mine: str, theirs: str, editor: str) -> None:
        self.mine, self.theirs, self.editor = mine, theirs, editor
        zh = f"{editor}在此期间保存了这份草稿；您的文本没有保存，请对照两份文本后再保存"
        en = f"{editor} saved this draft meanwhile; your text was not saved: compare both and save again"
        super().__init__(place, zh, en)


class Outdated(Refusal):
    """A newer version was approved after the draft was begun."""

    def __init__(self, place: str, base: int, current: int) -> None:
        self.base, self.current = base, current
        zh = f"草稿依据的是第{base}版，现行的是第{current}版；请对照差异，确认后再提交"
        en = f"the draft is based on version {base}, version {current} is in force: compare and confirm"
        super().__init__(place, zh, en)


class StoreError(BilingualError):
    """A file cannot be had from the store, or not be put into it."""


class MissingFile(StoreError):  # noqa: N818 (reads better without Error)
    """The store has no file under a key."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"文件库中没有这个文件：{key}，请从备份恢复",
            f"the file store does not have {key}: restore it from a backup",
        )


class DamagedFile(StoreError):  # noqa: N818 (reads better without Error)
    """The content of a file is not what was put; it is never handed out."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"文件已损坏（校验值不符）：{key}，请从备份恢复",
            f"the file is damaged (its digest differs): {key}: restore it from a backup",
        )


class StoreUnavailable(StoreError):  # noqa: N818 (reads better without Error)
    """The store cannot be used just now."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"无法使用文件库 {place}：{reason}", f"the file store {place} cannot be used: {reason}"
        )

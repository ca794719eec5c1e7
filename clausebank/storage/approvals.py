"""The policy in force, and requests to go beyond it: asked, approved or returned, all on the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from clausebank.policy import Breach, Policy
from clausebank.storage.approval_models import ApprovalRequest, PolicyVersion, RequestState
from clausebank.storage.audit import record
from clausebank.storage.columns import now
from clausebank.storage.errors import Refusal
from clausebank.storage.models import Approval, Contract, State

LONGEST_REASON = 2000


def present_policy(session: Session) -> tuple[int, Policy]:
    """Return the policy in force with its number; the one shipped has number 0."""
    row = session.scalar(select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(1))
    return (row.number, Policy.from_data(row.content)) if row else (0, Policy())


def policy_versions(session: Session) -> list[PolicyVersion]:
    """Return every version of the policy, the newest first."""
    return list(session.scalars(select(PolicyVersion).order_by(PolicyVersion.number.desc())))


def save_policy(session: Session, policy: Policy, seen: int, note: str, actor: str) -> PolicyVersion:
    """Put a policy into force; Refusal when somebody put another into force since version ``seen``."""
    number, present = present_policy(session)
    if number != seen:
        zh = f"另一位同事在此期间保存了第{number}版；请对照现行的内容后再保存"
        raise Refusal(
            "policy", zh, f"somebody put version {number} into force meanwhile: compare and save again"
        )
    if policy == present:
        raise Refusal("policy", "没有改动", "nothing was changed")
    if not note.strip():
        raise Refusal("note", "请填写修改说明", "a change note is needed")
    row = PolicyVersion(
        number=number + 1, content=policy.to_data(), author=actor, note=note.strip()[:LONGEST_REASON]
    )
    session.add(row)
    session.flush()
    detail = {"note": row.note, "before": present.to_data(), "after": row.content}
    record(session, "set policy", f"policy/{row.number}", detail, actor)
    return row


# --- requests ------------------------------------------------------------------------------------


def ask(
    session: Session, contract: Contract, reason: str, found: Sequence[Breach], policy: int, actor: str
) -> ApprovalRequest:
    """Ask to agree to a contract that goes below the floor."""
    if contract.approval not in {Approval.NEEDED, Approval.RETURNED}:
        raise Refusal("contract", "这份合同不需要申请，或者已经申请", "nothing is to be asked for")
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        zh, en = (
            f"请写明理由（最多{LONGEST_REASON}个字符）",
            f"give a reason ({LONGEST_REASON} characters at most)",
        )
        raise Refusal("reason", zh, en)
    row = ApprovalRequest(
        contract_id=contract.id,
        policy=policy,
        breaches=[breach.to_data() for breach in found],
        author=actor,
        reason=said,
        team_id=contract.team_id,
        owner_id=contract.owner_id,
    )
    contract.approval = Approval.ASKED.value
    session.add(row)
    session.flush()
    facts = {"request": str(row.id), "reason": said, "policy": policy, "breaches": row.breaches}
    record(session, "ask for approval", _target(row), facts, actor)
    return row


def find_request(session: Session, request_id: UUID, *, locked: bool = False) -> ApprovalRequest | None:
    """Return a request with its contract and the files of that; None when it is not there."""
    files = selectinload(ApprovalRequest.contract).selectinload(Contract.files)
    template = selectinload(ApprovalRequest.contract).selectinload(Contract.template)
    which = {"of": ApprovalRequest} if locked else None
    return session.get(ApprovalRequest, request_id, options=[files, template], with_for_update=which)


def requests(session: Session, state: RequestState | None = None, limit: int = 200) -> list[ApprovalRequest]:
    """Return requests with their contracts, the newest first."""
    query = select(ApprovalRequest).options(selectinload(ApprovalRequest.contract))
    if state is not None:
        query = query.where(ApprovalRequest.state == state.value)
    newest = query.order_by(ApprovalRequest.created_at.desc(), ApprovalRequest.id)
    return list(session.scalars(newest.limit(limit)))


def requests_of(session: Session, contract_id: UUID) -> list[ApprovalRequest]:
    """Return what was asked about a contract, the newest first."""
    query = select(ApprovalRequest).where(ApprovalRequest.contract_id == contract_id)
    return list(session.scalars(query.order_by(ApprovalRequest.created_at.desc())))


def waiting_for(session: Session, login: str, *, reviews: bool) -> int:
    """Count what waits for somebody: requests to decide, or one's own that came back."""
    rows = _waiting(login, reviews=reviews).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def waiting_requests(session: Session, login: str, *, reviews: bool, limit: int) -> list[ApprovalRequest]:
    """Return what ``waiting_for`` counts, with the contracts, the oldest first."""
    query = _waiting(login, reviews=reviews).options(selectinload(ApprovalRequest.contract))
    oldest = query.order_by(ApprovalRequest.created_at, ApprovalRequest.id)
    return list(session.scalars(oldest.limit(limit)))


def _waiting(login: str, *, reviews: bool) -> Select[ApprovalRequest]:
    query = select(ApprovalRequest)
    if reviews:
        return query.where(ApprovalRequest.state == RequestState.OPEN.value, ApprovalRequest.author != login)
    return query.join(ApprovalRequest.contract).where(
        ApprovalRequest.state == RequestState.RETURNED.value,
        ApprovalRequest.author == login,
        Contract.approval == Approval.RETURNED.value,
    )


def settle(
    session: Session, request: ApprovalRequest, reviewer: str, comment: str, *, approved: bool
) -> None:
    """Approve or return a request; never by who asked. Files are the business of who approves."""
    need_open(request, reviewer)
    said = comment.strip()[:LONGEST_REASON]
    if not approved and not said:
        raise Refusal("comment", "请写明退回的理由", "say why it is returned")
    state = RequestState.APPROVED if approved else RequestState.RETURNED
    request.state, request.reviewer, request.comment = state.value, reviewer, said
    request.decided_at = now()
    contract = request.contract
    contract.approval = (Approval.APPROVED if approved else Approval.RETURNED).value
    if approved:
        contract.state = State.FINAL.value
    session.flush()
    facts = {"request": str(request.id), "comment": said}
    record(session, "approve" if approved else "return", _target(request), facts, reviewer)


def need_open(request: ApprovalRequest, reviewer: str) -> None:
    """Refuse to decide on what is decided already, or on what one asked for oneself."""
    if request.state != RequestState.OPEN:
        zh = "这项申请已经处理过了"
        raise Refusal("request", zh, "this request was decided on already")
    if reviewer == request.author:
        zh = "不能审批自己的申请，请另一个人审批"
        raise Refusal("request", zh, "nobody decides on what they asked for: another person must")


def _target(request: ApprovalRequest) -> str:
    return f"contract/{request.contract_id}"

"""An emulator of a signal control system that a city's platform talks to by GA/T 1049.2 (a declared subset).

Answers Login, Logout, Get and Set. Get: SysInfo, CrossParam, LampGroup, SignalGroupParam or PhaseParam, StageParam,
PlanParam, CrossCtrlInfo or CrossPlan. Set: SetPlanParam (2024) or StageParam and PlanParam (2013), CrossCtrlInfo or
CrossPlan. Everything of a message is done or nothing of it. Notify (heartbeats) is heard and not answered.
"""

from __future__ import annotations

import hmac
import secrets
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from copy import copy
from datetime import datetime
from threading import Lock

from networks.errors import BadInput, Refused
from networks.protocols.emulated_crossing import EmulatedCrossing
from networks.protocols.gat1049.message import (
    ERROR,
    MOST_CHARACTERS,
    PUSH,
    REQUEST,
    RESPONSE,
    SIGNALS,
    VERSIONS,
    Message,
    Operation,
    element,
    parts,
    read_message,
    sequence,
    write_message,
)
from networks.protocols.gat1049.reading import crossing_in
from networks.protocols.gat1049.writing import crossing_elements

_RUNNING = {2013: "CrossPlan", 2024: "CrossCtrlInfo"}
_ASSIGNABLE = {"21", "22", "23", "31", "41", "53"}
"""Control modes with which a plan may be named: all but off, flashing, all red, manual, locked."""


class Fault(Exception):
    """Why a message is answered with ERROR.

    Args:
        code: One of SDE_Version, SDE_Token, SDE_Address, SDE_MsgType, SDE_OperName, SDE_UserName, SDE_Pwd,
            SDE_NotAllow, SDE_Failure, SDE_Unknown (secondary source: both implementations named in the envelope).
        words: For people.
        about: The object.
    """

    def __init__(self, code: str, words: str, about: str = "") -> None:
        super().__init__(words)
        self.code, self.words, self.about = code, words, about


class SignalSystem:
    """The system: its crossings, and who may log in.

    Args:
        crossings: By id.
        edition: 2013 or 2024.
        user, password: Of the platform.
        log: Is told each request in a line.
        keep: Is called after each change.
    """

    def __init__(
        self,
        crossings: Mapping[str, EmulatedCrossing],
        edition: int,
        *,
        user: str,
        password: str = "",
        log: Callable[[str], None] = lambda _: None,
        keep: Callable[[], None] = lambda: None,
    ) -> None:
        self.crossings, self.edition, self.user, self.password = dict(crossings), edition, user, password
        self.log, self.keep, self.lock = log, keep, Lock()

    def converse(self) -> SystemTalk:
        """The conversation of a new connection."""
        return SystemTalk(self)


class SystemTalk:
    """One platform's connection."""

    def __init__(self, system: SignalSystem) -> None:
        self.system, self.done = system, False
        self._buffer, self._token, self._count = b"", "", 0

    def feed(self, data: bytes) -> bytes:
        """The answers to whole packets among what has come."""
        try:
            packets, self._buffer = parts(self._buffer + data)
        except BadInput as error:
            self.done = True
            return self._error(None, Fault("SDE_MsgType", error.what))
        return b"".join(self._answer(packet) for packet in packets)

    def _answer(self, packet: bytes) -> bytes:
        message = None
        try:
            if len(packet) > 4 * MOST_CHARACTERS or len(packet.decode("utf-8", "replace")) > MOST_CHARACTERS:
                raise Fault("SDE_MsgType", f"a packet holds at most {MOST_CHARACTERS} characters")
            try:
                message = read_message(packet, name="the platform")
            except BadInput as error:
                raise Fault("SDE_MsgType", error.what) from error
            if message.kind == PUSH:
                return b""
            try:
                with self.system.lock:
                    operations = self._done(message)
            except (BadInput, Refused) as error:
                code = "SDE_NotAllow" if isinstance(error, Refused) else "SDE_Failure"
                raise Fault(code, error.what) from error
        except Fault as fault:
            self.system.log(f"{_told(message)}: refused: {fault.code}: {fault.words}")
            return self._error(message, fault)
        self.system.log(f"{_told(message)}: done")
        return self._write(RESPONSE, message, operations)

    def _done(self, message: Message) -> tuple[Operation, ...]:
        """Do what is asked, all of it or nothing.

        Raises:
            Fault: It is refused.
        """
        if message.version.split(".")[0] != VERSIONS[self.system.edition].split(".")[0]:
            raise Fault("SDE_Version", f"version {message.version}, not {VERSIONS[self.system.edition]}")
        if message.receiver != SIGNALS:
            raise Fault("SDE_Address", f"this is {SIGNALS}, not {message.receiver}")
        if message.kind != REQUEST:
            raise Fault("SDE_MsgType", f"{message.kind} was not asked for")
        if [one.name for one in message.operations] == ["Login"]:
            return self._login(message.operations[0])
        if not self._token or not hmac.compare_digest(message.token.encode(), self._token.encode()):
            raise Fault("SDE_Token", "log in first")
        draft = {name: copy(one) for name, one in self.system.crossings.items()}
        answers = tuple(Operation(one.name, self._operate(one, draft)) for one in message.operations)
        changed = any(draft[name].record is not one.record for name, one in self.system.crossings.items())
        self.system.crossings = draft
        if changed:
            self.system.keep()
        return answers

    def _login(self, operation: Operation) -> tuple[Operation, ...]:
        user = next((one for one in operation.objects if one.tag == "SDO_User"), ET.Element("none"))
        if (user.findtext("UserName") or "").strip() != self.system.user:
            raise Fault("SDE_UserName", "nobody of this name may log in", "SDO_User")
        if not hmac.compare_digest((user.findtext("Pwd") or "").encode(), self.system.password.encode()):
            raise Fault("SDE_Pwd", "the password is wrong", "SDO_User")
        self._token = secrets.token_hex(20)
        return (Operation("Login", (element("SDO_User", [("UserName", self.system.user), ("Pwd", "")]),)),)

    def _operate(self, operation: Operation, draft: dict[str, EmulatedCrossing]) -> tuple[ET.Element, ...]:
        if operation.name == "Get":
            return tuple(one for command in operation.objects for one in self._get(command, draft))
        if operation.name == "Set":
            self._set(operation, draft)
            return operation.objects
        if operation.name == "Logout":
            self._token, self.done = "", True
            return ()
        raise Fault("SDE_OperName", f"there is no operation {operation.name!r}")

    def _get(self, command: ET.Element, draft: dict[str, EmulatedCrossing]) -> list[ET.Element]:
        if command.tag != "TSCCmd":
            raise Fault("SDE_OperName", f"Get asks with TSCCmd, not {command.tag}", command.tag)
        name, cross_id, number = ((command.findtext(tag) or "").strip() for tag in ("ObjName", "ID", "No"))
        if name == "SysInfo":
            made = element("SysInfo", [("SysName", "citytwin emulator"), ("SysVersion", str(self.system.edition))])
            ET.SubElement(made, "CrossIDList").extend(element_of("CrossID", one) for one in sorted(draft))
            return [made]
        own = crossing_elements(self._crossing(cross_id, name, draft).record, self.system.edition)
        found = [one for one in own if one.tag == name]
        key = {"PlanParam": "PlanNo", "StageParam": "StageNo"}.get(name)
        found = [one for one in found if key is None or number in ("", "0") or one.findtext(key) == number]
        if not found:
            raise Fault("SDE_Failure", f"there is no {name} {number}".strip(), name)
        return found

    def _set(self, operation: Operation, draft: dict[str, EmulatedCrossing]) -> None:
        allowed = {"SetPlanParam"} if self.system.edition == 2024 else {"StageParam", "PlanParam"}
        for one in operation.objects:
            if one.tag not in allowed | {_RUNNING[self.system.edition]}:
                raise Fault("SDE_NotAllow", f"{one.tag} cannot be set", one.tag)
        for one in operation.objects:
            if one.tag == "SetPlanParam":
                self._set_plan(one, draft)
        if any(one.tag == "PlanParam" for one in operation.objects):
            self._put([one for one in operation.objects if one.tag in ("StageParam", "PlanParam")], draft)
        for one in operation.objects:
            if one.tag == _RUNNING[self.system.edition]:
                self._run(one, draft)

    def _set_plan(self, command: ET.Element, draft: dict[str, EmulatedCrossing]) -> None:
        """Oper 1 adds a plan, 2 changes it, 3 removes it; stages come with it (secondary source)."""
        plan, oper = command.find("PlanParam"), (command.findtext("Oper") or "").strip()
        if plan is None or oper not in ("1", "2", "3"):
            raise Fault("SDE_Failure", "SetPlanParam needs Oper 1, 2 or 3 and a PlanParam", "SetPlanParam")
        crossing = self._crossing((plan.findtext("CrossID") or "").strip(), "PlanParam", draft)
        known = (plan.findtext("PlanNo") or "").strip() in {str(number) for number in crossing.record.plans}
        if known is (oper == "1"):
            raise Fault("SDE_Failure", f"plan {plan.findtext('PlanNo')} is{'' if known else ' not'} there", "PlanParam")
        if oper == "3":
            number = int(plan.findtext("PlanNo") or 0)
            if number == crossing.record.running:
                raise Fault("SDE_NotAllow", f"plan {number} is running", "PlanParam")
            record = crossing.record
            crossing.record = type(record)(
                record.cross_id, {n: p for n, p in record.plans.items() if n != number}, record.running
            )
            return
        self._put([plan, *command.iter("StageParam")], draft)

    def _put(self, objects: list[ET.Element], draft: dict[str, EmulatedCrossing]) -> None:
        for cross_id in dict.fromkeys((one.findtext("CrossID") or "").strip() for one in objects):
            crossing = self._crossing(cross_id, "PlanParam", draft)
            own = [one for one in objects if (one.findtext("CrossID") or "").strip() == cross_id]
            for number, plan in crossing_in(own, crossing.wired).plans.items():
                crossing.put(number, plan)

    def _run(self, told: ET.Element, draft: dict[str, EmulatedCrossing]) -> None:
        crossing = self._crossing((told.findtext("CrossID") or "").strip(), told.tag, draft)
        mode, number = told.findtext("ControlMode"), (told.findtext("PlanNo") or "").strip()
        if mode is not None and mode.strip() not in _ASSIGNABLE:
            raise Fault("SDE_NotAllow", f"control mode {mode} is not emulated", told.tag)
        if not number.isdecimal():
            raise Fault("SDE_Failure", f"PlanNo is {number!r}", told.tag)
        crossing.run(int(number))

    def _crossing(self, cross_id: str, about: str, draft: dict[str, EmulatedCrossing]) -> EmulatedCrossing:
        if cross_id not in draft:
            raise Fault("SDE_Failure", f"there is no crossing {cross_id!r}", about)
        return draft[cross_id]

    def _error(self, message: Message | None, fault: Fault) -> bytes:
        told = element("SDO_Error", [("ErrObj", fault.about), ("ErrType", fault.code), ("ErrDesc", fault.words)])
        name = message.operations[0].name if message and message.operations else "Other"
        return self._write(ERROR, message, (Operation(name, (told,)),))

    def _write(self, kind: str, message: Message | None, operations: tuple[Operation, ...]) -> bytes:
        self._count += 1
        seq = message.seq if message else sequence(datetime.now(), self._count)
        receiver = message.sender if message else "TICP"
        version = VERSIONS[self.system.edition]
        return write_message(Message(kind, seq, operations, self._token, SIGNALS, receiver, version))


def element_of(tag: str, text: str) -> ET.Element:
    """An element that holds a text."""
    made = ET.Element(tag)
    made.text = text
    return made


def _told(message: Message | None) -> str:
    if message is None:
        return "what was no message"
    words = []
    for operation in message.operations:
        about = [one.findtext("ObjName") or one.tag for one in operation.objects]
        ids = {i for one in operation.objects for tag in ("ID", "CrossID") for i in (one.findtext(f".//{tag}"),) if i}
        words.append(" ".join([operation.name, *dict.fromkeys(about), *sorted(ids)]))
    return "; ".join(words)

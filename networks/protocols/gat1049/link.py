"""The platform's side of GA/T 1049.2."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import datetime

from networks.errors import EngineFailed, Refused
from networks.protocols.controller_link import Line
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.gat1049.message import (
    ERROR,
    MOST_CHARACTERS,
    REQUEST,
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
from networks.protocols.gat1049.writing import plan_elements, running_element
from networks.protocols.staged.plan import StagedPlan

_ASKED = {
    2013: ("LampGroup", "PhaseParam", "StageParam", "PlanParam", "CrossPlan"),
    2024: ("LampGroup", "SignalGroupParam", "StageParam", "PlanParam", "CrossCtrlInfo"),
}


class SignalSystemLink:
    """A session with a signal control system, logged in.

    Args:
        host, port: Where it listens.
        edition: 2013 or 2024.
        user, password: Of the platform at the system.
        timeout_s: Longest wait for an answer.

    Raises:
        NotThere: Nobody answers.
        Refused: The login is refused.
    """

    def __init__(
        self, host: str, port: int, edition: int, *, user: str, password: str = "", timeout_s: float = 20.0
    ) -> None:
        self.edition = edition
        self._line, self._token, self._count, self._rest = Line(host, port, timeout_s), "", 0, b""
        answer = self.request("Login", [element("SDO_User", [("UserName", user), ("Pwd", password)])])
        self._token = answer.token

    def request(self, name: str, objects: Sequence[ET.Element]) -> Message:
        """The answer to one operation.

        Raises:
            Refused: It answers with an error.
            EngineFailed: The connection is lost, or the answer is not to this request.
            BadInput: The answer cannot be read.
        """
        self._count += 1
        seq = sequence(datetime.now(), self._count)
        operation = Operation(name, tuple(objects))
        packet = write_message(Message(REQUEST, seq, (operation,), self._token, version=VERSIONS[self.edition]))
        if len(packet.decode()) > MOST_CHARACTERS:
            raise Refused(f"the packet has more than {MOST_CHARACTERS} characters", place=self._line.name)
        self._line.send(packet)
        answer = self._next()
        if answer.seq != seq:
            raise EngineFailed(f"it answers to {answer.seq}, not to {seq}", place=self._line.name)
        if answer.kind == ERROR:
            told = next(iter(answer.objects("SDO_Error")), ET.Element("none"))
            code, words = told.findtext("ErrType") or "SDE_Unknown", told.findtext("ErrDesc") or ""
            raise Refused(f"the signal system refuses {name}: {code}: {words}", place=self._line.name)
        return answer

    def crossings(self) -> list[str]:
        """Ids of the crossings that the system controls."""
        answer = self.request("Get", [element("TSCCmd", [("ObjName", "SysInfo"), ("ID", ""), ("No", "")])])
        return [one.text or "" for told in answer.objects("SysInfo") for one in told.iter("CrossID")]

    def read(self, cross_id: str) -> CrossingRecord:
        """The plans of a crossing and which one runs.

        Raises:
            Refused, EngineFailed, BadInput: As `request`; or the answer does not agree with itself.
        """
        found = list[ET.Element]()
        for name in _ASKED[self.edition]:
            command = element("TSCCmd", [("ObjName", name), ("ID", cross_id), ("No", "")])
            found += self.request("Get", [command]).objects(name)
        return crossing_in(found)

    def write(self, record: CrossingRecord, number: int, plan: StagedPlan) -> None:
        """Put a plan under a number.

        Raises:
            Refused, EngineFailed, BadInput: As `request`.
        """
        *stages, told = plan_elements(record.cross_id, number, plan, self.edition)
        if self.edition == 2013:
            self.request("Set", [*stages, told])
            return
        command = element("SetPlanParam", [("Oper", 2 if number in record.plans else 1)])
        command.append(told)
        ET.SubElement(command, "StageParamList").extend(stages)
        self.request("Set", [command])

    def run(self, record: CrossingRecord, number: int) -> None:
        """Let the plan of this number run.

        Raises:
            Refused, EngineFailed, BadInput: As `request`.
        """
        control = record.plans[number].control
        self.request("Set", [running_element(record.cross_id, number, control, self.edition)])

    def close(self) -> None:
        """Log out and hang up."""
        try:
            self.request("Logout", [])
        finally:
            self._line.close()

    def _next(self) -> Message:
        while True:
            packets, self._rest = parts(self._rest)
            if packets:
                self._rest = b"".join(packets[1:]) + self._rest
                message = read_message(packets[0], name=self._line.name)
                if message.kind != "PUSH":
                    return message
                continue
            self._rest += self._line.receive()

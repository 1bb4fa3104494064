"""Coordinated dispatch: an incident's tasks for several agencies, who takes them, and what becomes of the orders."""

from __future__ import annotations

from models.emergency.incidents.assignment import Assignment, assign
from models.emergency.incidents.board import Board, Order
from models.emergency.incidents.evacuation import Evacuation, evacuate
from models.emergency.incidents.shuttle import RULES, Bus, Rule, Shuttled, Stop, Trip, last_way, shuttle
from models.emergency.incidents.task import Task, incidents, tasks_of

__all__ = [
    "RULES",
    "Assignment",
    "Board",
    "Bus",
    "Evacuation",
    "Order",
    "Rule",
    "Shuttled",
    "Stop",
    "Task",
    "Trip",
    "assign",
    "evacuate",
    "incidents",
    "last_way",
    "shuttle",
    "tasks_of",
]

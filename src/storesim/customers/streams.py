"""Keyed randomness: equal keys give equal numbers, in every variant, in every process."""

from dataclasses import dataclass
from enum import IntEnum
from zlib import crc32

import numpy as np


class Purpose(IntEnum):
    """What a stream of uniforms decides. A new decision takes a new number; numbers are never reused."""

    VISITS = 1
    ARRIVAL = 2
    SEGMENT = 3
    MISSION = 4
    SPEED = 5
    HABIT = 6
    KNOWLEDGE = 7
    DOOR = 8
    SERVICE = 9
    PATIENCE = 10
    CATEGORIES = 11
    SLACK = 12
    ORDER = 13
    """One stream a step of the walk; the subject is the step's number."""
    PRODUCT = 14
    """One stream a product: a row of uniforms for each customer."""
    WANDER = 15
    """One stream a step of the walk: whether to make a detour before it, and through where."""
    GUIDE = 16
    """Whether a customer follows a signed route."""
    SWITCH = 17
    """One stream a product that has substitutes."""
    COUPON = 18
    """One stream a product: whether a customer follows a coupon for it."""
    PATH = 19
    """Which recorded trip a customer walks."""
    TASTE = 20
    """One stream a taste: how much a customer is drawn to its products."""
    GROUP = 40
    """Whether a customer comes with others."""
    MEMBER = 41
    """Which segment a member of a panel is of."""
    VISIT = 42
    """Whether a member comes on a day."""
    LAPSE = 43
    """Whether a member comes back after it."""
    REFER = 44
    """Whether a member brings in another."""
    EMPTY = 45
    """One stream a product: what a customer does who finds none of it."""
    COUNTER_SERVICE = 46
    """One stream a counter: how long service takes."""
    COUNTER_TAKES = 47
    """One stream a counter: whether a customer who was served takes what was asked for."""
    ADVICE = 48
    """Whether a customer takes advice."""
    SHRINK = 49
    """One stream a product: when units of it are lost."""
    INTERVENTION = 50
    """Whether a customer needs help at self-service."""
    PAYMENT = 51
    """How a customer pays."""
    FORESIGHT = 52
    """Whether a customer looks ahead before joining a line."""
    SCAN = 53
    """Whether a customer scans and pays by telephone."""
    COLLECT = 54
    """Whether a customer fetches an order."""


@dataclass(frozen=True)
class Streams:
    """The random numbers of one replication of an experiment."""

    seed: int
    replication: int

    def generator(self, purpose: Purpose, subject: str = "") -> np.random.Generator:
        """Return a fresh generator; equal arguments give equal numbers in every variant."""
        key = (self.replication, int(purpose), crc32(subject.encode()))
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key)))

    def uniforms(self, purpose: Purpose, customers: int, subject: str = "") -> np.ndarray:
        """Return one uniform a customer, in draw order; more customers leave the first ones alone."""
        return self.generator(purpose, subject).random(customers)

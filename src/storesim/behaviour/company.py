"""Customers in groups and with trolleys: they walk at another pace, stand longer, and take more room."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from storesim.customers.population import Floats, Population
from storesim.inputs.operations import Groups, Operations, Trolleys


@dataclass(frozen=True, eq=False)
class Company:
    """Who and what a customer who decides and pays has along; shapes (customers,)."""

    persons: NDArray[np.int16]
    """Whose room the customer takes: the group, and what the trolley takes."""
    dwell: Floats
    """Factor on the time at a shelf."""


def accompanied(population: Population, operations: Operations) -> tuple[Population, Company | None]:
    """Return the customers at the pace that they walk in this store, and their company; None: everybody comes alone.

    A group decides as one customer and shares a basket; only its pace, its time at a shelf and its room differ. All
    factors are the user's: none is published for a shop.
    """
    groups, trolleys = operations.groups, operations.trolleys
    if groups is None and trolleys is None:
        return population, None
    pace, dwell = np.ones(len(population)), np.ones(len(population))
    persons = np.ones(len(population), dtype=np.int16)
    if groups:
        together = _together(population, groups)
        pace[together] *= groups.pace
        dwell[together] *= groups.dwell
        persons[together] = groups.size
    if trolleys:
        pushing = _pushing(population, trolleys)
        pace[pushing] *= trolleys.pace
        persons[pushing] += trolleys.persons
    return replace(population, speed_m_s=population.speed_m_s * pace), Company(persons, dwell)


def _together(population: Population, groups: Groups) -> NDArray[np.bool_]:
    if population.u_group is None:
        raise ValueError("the population was drawn for variants without groups")
    return np.asarray(population.u_group < groups.share)


def _pushing(population: Population, trolleys: Trolleys) -> NDArray[np.bool_]:
    return np.asarray(np.diff(population.needs.first) >= trolleys.from_items)

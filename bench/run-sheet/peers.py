#!/usr/bin/env python3
"""Other solvers on run sheet instances: one thread, so many seconds each.

Prints a line of JSON per instance and peer: the route's nodes, its objective by
this script's own addition, the milliseconds from before the model is built, and
how the value fell. The benchmark checks the routes again.
"""

import argparse
import json
import sys
import time
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

# Before anything is timed.
import numpy
import vroom as vroom_api
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from pyvrp import Model
from pyvrp.stop import MaxRuntime

# From this second on, a due time is none.
NEVER_DUE = 10_000_000
# What a second of lateness counts, in seconds of travel.
LATENESS = 10
HARD_WINDOWS = "its time windows are hard, and here an order may be late"


def value(instance, route):
    """The objective of a route that can be driven; an error for another."""
    matrix, n = instance["matrix"], instance["n"]
    if sorted(route) != list(range(1, 2 * n + 1)):
        raise ValueError(f"not every stop once: {route}")
    capacity = instance.get("capacity", n)
    clock = load = late = travel = 0
    here, on_board = 0, set()
    for node in route:
        pickup = node % 2 == 1
        if pickup:
            on_board.add(node + 1)
        elif node not in on_board:
            raise ValueError(f"{node} before its pickup")
        load += demand(instance, node)
        if load > capacity:
            raise ValueError(f"more than {capacity} on board at {node}")
        travel += matrix[here][node]
        begin = max(clock + matrix[here][node], at(instance, "ready", node, 0))
        late += max(0, begin - at(instance, "due", node, NEVER_DUE))
        clock = begin + at(instance, "service", node, 0)
        here = node
    if not instance["open"]:
        travel += matrix[here][0]
    return travel + (LATENESS * late if soft(instance) else 0)


def soft(instance):
    """Whether lateness counts."""
    return "due" in instance


def at(instance, key, node, default):
    """What a list of the instance says of a node."""
    return instance[key][node] if key in instance else default


def demand(instance, node):
    """What the load changes by at a node."""
    pickup = node if node % 2 else node - 1
    amount = instance["demand"][pickup] if "demand" in instance else 1
    return amount if node % 2 else -amount


def durations(instance):
    """The matrix; nothing leads back to the start when the route is open."""
    back = 0 if instance["open"] else 1
    return [[row[0] * back, *row[1:]] for row in instance["matrix"]]


def or_tools(instance, seconds, began):
    """Guided local search from a parallel insertion, as its guide for pickups and
    deliveries advises; soft upper bounds for due times."""
    matrix, n = durations(instance), instance["n"]
    manager = pywrapcp.RoutingIndexManager(2 * n + 1, 1, 0)
    routing = pywrapcp.RoutingModel(manager)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(matrix))
    spent = [[travel + at(instance, "service", node, 0) for travel in row] for node, row in enumerate(matrix)]
    routing.AddDimension(routing.RegisterTransitMatrix(spent), NEVER_DUE, 2 * NEVER_DUE, True, "time")
    clock = routing.GetDimensionOrDie("time")
    if "capacity" in instance:
        loads = [0, *(demand(instance, node) for node in range(1, 2 * n + 1))]
        routing.AddDimension(routing.RegisterUnaryTransitVector(loads), 0, instance["capacity"], True, "load")
    for pickup in range(1, 2 * n, 2):
        first, then = manager.NodeToIndex(pickup), manager.NodeToIndex(pickup + 1)
        routing.AddPickupAndDelivery(first, then)
        routing.solver().Add(routing.VehicleVar(first) == routing.VehicleVar(then))
        routing.solver().Add(clock.CumulVar(first) <= clock.CumulVar(then))
        clock.CumulVar(first).SetMin(at(instance, "ready", pickup, 0))
        if at(instance, "due", pickup + 1, NEVER_DUE) < NEVER_DUE:
            clock.SetCumulVarSoftUpperBound(then, instance["due"][pickup + 1], LATENESS)
    curve = []

    def better():
        cost = routing.CostVar().Max()
        if not curve or cost < curve[-1][1]:
            curve.append((milliseconds(began), cost))

    routing.AddAtSolutionCallback(better)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(round(seconds * 1000))
    solution = routing.SolveWithParameters(search)
    if solution is None:
        return None, curve
    route, index = [], solution.Value(routing.NextVar(routing.Start(0)))
    while not routing.IsEnd(index):
        route.append(manager.IndexToNode(index))
        index = solution.Value(routing.NextVar(index))
    return route, curve


def pyvrp(instance, seconds, began):
    """Shipments, which 0.14 has: a pickup before its delivery on the same route."""
    matrix = durations(instance)
    model = Model()
    locations = [model.add_location(x=0, y=0, name=str(node)) for node in range(len(matrix))]
    depot = model.add_depot(locations[0])
    model.add_vehicle_type(1, start_depot=depot, end_depot=depot)
    for pickup in range(1, len(matrix), 2):
        model.add_shipment(locations[pickup], locations[pickup + 1])
    for here, row in enumerate(matrix):
        for there, travel in enumerate(row):
            if here != there:
                model.add_edge(locations[here], locations[there], distance=travel)
    built = milliseconds(began)
    result = model.solve(MaxRuntime(seconds), seed=0, display=False)
    curve, clock = [], built
    for runtime, datum in zip(result.stats.runtimes, result.stats.data):
        clock += runtime * 1000
        if datum.best_feas and (not curve or datum.best_cost < curve[-1][1]):
            curve.append((clock, datum.best_cost))
    if not result.is_feasible():
        return None, curve
    (only,) = result.best.routes()
    stops = (stop.activity if hasattr(stop, "activity") else stop for stop in only)
    return [2 * stop.idx + (1 if stop.is_pickup() else 2) for stop in stops if stop.is_shipment()], curve


def vroom(instance, seconds, began):
    """Its most thorough exploration; it ends by itself."""
    matrix = durations(instance)
    model = vroom_api.Input()
    model.set_durations_matrix("car", numpy.array(matrix, dtype=numpy.uint32))
    model.add_vehicle(vroom_api.Vehicle(0, start=0, end=None if instance["open"] else 0))
    for pickup in range(1, len(matrix), 2):
        first, then = (vroom_api.ShipmentStep(node, location=node) for node in (pickup, pickup + 1))
        model.add_shipment(first, then)
    solution = model.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
    steps = solution.routes[["type", "id"]].itertuples(index=False)
    return [int(step.id) for step in steps if step.type in ("pickup", "delivery")], []


PEERS = {
    "OR-Tools": (or_tools, "ortools", True),
    "PyVRP": (pyvrp, "pyvrp", False),
    "VROOM": (vroom, "pyvroom", False),
}


def milliseconds(began):
    """Since then."""
    return (time.perf_counter() - began) * 1000


def attempt(instance, peer, seconds):
    """A peer on an instance: a line of the output."""
    solve, package, knows_soft = PEERS[peer]
    line = {"peer": peer, "version": version(package), "route": None, "value": None, "ms": 0.0, "curve": []}
    if soft(instance) and not knows_soft:
        return line | {"reason": HARD_WINDOWS}
    began = time.perf_counter()
    route, curve = solve(instance, seconds, began)
    line["ms"] = milliseconds(began)
    if route is None:
        return line | {"reason": "it found no route in time"}
    cost = value(instance, route)
    # What the peer counts must be what we count.
    if curve and curve[-1][1] != cost:
        raise ValueError(f"{peer} on {instance['name']}: it says {curve[-1][1]}, its route costs {cost}")
    return line | {"route": route, "value": cost, "curve": curve or [(line["ms"], cost)], "reason": None}


def main():
    """Reads the instances that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with a folder of instances per set")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each peer on each instance")
    parser.add_argument("instances", nargs="+", help="set/name")
    arguments = parser.parse_args()
    for name in arguments.instances:
        instance = json.loads((arguments.data / f"{name}.json").read_text())
        for peer in PEERS:
            line = attempt(instance, peer, arguments.seconds)
            line |= {"set": name.split("/")[0], "name": instance["name"]}
            print(json.dumps(line))
            sys.stdout.flush()


if __name__ == "__main__":
    main()

//! Times that no route can beat.

use crate::{
    clockwork::Clockwork,
    instance::{StopId, delivery, pickup},
};

/// Floyd and Warshall's shortest ways, service on the way included.
pub(crate) fn shortest(clockwork: &Clockwork) -> Vec<i64> {
    let instance = clockwork.instance;
    let stops = instance.stops();
    let visited: Vec<StopId> = clockwork.visited().collect();
    let mut shortest = vec![0; stops * stops];
    for &from in &visited {
        for &to in &visited {
            shortest[from * stops + to] = instance.travel(Some(from), to);
        }
    }
    for &by in &visited {
        for &from in &visited {
            let to_by = shortest[from * stops + by] + clockwork.service(by);
            for &to in &visited {
                let way = to_by + shortest[by * stops + to];
                let known = &mut shortest[from * stops + to];
                *known = way.min(*known);
            }
        }
    }
    shortest
}

/// By number of stops: the sum of the least travel to each and the service at all
/// but one, smallest first.
pub(crate) fn soonest(clockwork: &Clockwork) -> Vec<i64> {
    let instance = clockwork.instance;
    let visited: Vec<StopId> = clockwork.visited().collect();
    let to = |&to: &StopId| {
        let froms = visited
            .iter()
            .filter(|&&from| from != to)
            .map(|&from| instance.travel(Some(from), to));
        froms.min().unwrap_or(0)
    };
    let mut travel: Vec<i64> = visited.iter().map(to).collect();
    let mut service: Vec<i64> = visited.iter().map(|&stop| clockwork.service(stop)).collect();
    travel.sort_unstable();
    service.sort_unstable();
    let mut sums = vec![0];
    let mut sum = 0;
    for stop in 0..visited.len() {
        sum += travel[stop] + if stop == 0 { 0 } else { service[stop - 1] };
        sums.push(sum);
    }
    sums
}

/// Up to so many stops the shortest ways between all of them take 3 ms at most.
const ALL_WAYS: usize = 128;

/// What every route costs at least: travel and service by so many seconds of travel
/// at least, and each order's lateness as if the rider did it first.
pub(crate) fn least_cost(clockwork: &Clockwork, travel: i64) -> i64 {
    let instance = clockwork.instance;
    let first = first_arrivals(clockwork);
    let ways = ways_to_deliver(clockwork);
    let service: i64 = clockwork.visited().map(|stop| clockwork.service(stop)).sum();
    let late = |order: usize| {
        let mut arrival = first[delivery(order)];
        let mut cost = 0;
        if !instance.on_board[order] {
            let begin = clockwork.begin(pickup(order), first[pickup(order)]);
            cost = clockwork.lateness_cost(pickup(order), begin);
            arrival = begin + clockwork.service(pickup(order)) + ways[order];
        }
        cost + clockwork.lateness_cost(delivery(order), clockwork.begin(delivery(order), arrival))
    };
    clockwork.plain(travel, travel + service) + (0..instance.orders()).map(late).sum::<i64>()
}

/// When the rider can be at each stop at the earliest, by any other stops: Dijkstra's
/// shortest ways.
fn first_arrivals(clockwork: &Clockwork) -> Vec<i64> {
    let instance = clockwork.instance;
    let mut open: Vec<StopId> = clockwork.visited().collect();
    let mut first = vec![clockwork.start().time; instance.stops()];
    for &stop in &open {
        first[stop] += instance.travel(None, stop);
    }
    while let Some(nearest) = (0..open.len()).min_by_key(|&at| first[open[at]]) {
        let by = open.swap_remove(nearest);
        let leave = first[by] + clockwork.service(by);
        for &to in &open {
            first[to] = first[to].min(leave + instance.travel(Some(by), to));
        }
    }
    first
}

/// By order: at least so many seconds from the end of its pickup to its delivery. Of
/// many stops only the first and the last arc of a way are looked at.
fn ways_to_deliver(clockwork: &Clockwork) -> Vec<i64> {
    let instance = clockwork.instance;
    let stops = instance.stops();
    if stops <= ALL_WAYS {
        let shortest = shortest(clockwork);
        let way = |order: usize| shortest[pickup(order) * stops + delivery(order)];
        return (0..instance.orders()).map(way).collect();
    }
    let way = |order: usize| {
        let (from, to) = (pickup(order), delivery(order));
        let others = || clockwork.visited().filter(|&by| by != from && by != to);
        let out = others().map(|by| instance.travel(Some(from), by) + clockwork.service(by));
        let into = others().map(|by| instance.travel(Some(by), to));
        let by_others = out.min().zip(into.min()).map(|(out, into)| out + into);
        let straight = instance.travel(Some(from), to);
        by_others.map_or(straight, |way| way.min(straight))
    };
    (0..instance.orders()).map(way).collect()
}

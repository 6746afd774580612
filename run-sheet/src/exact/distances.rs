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

/// What every route costs at least: travel and service by so many seconds of travel
/// at least, and each order's lateness as if the rider did it first.
pub(crate) fn least_cost(clockwork: &Clockwork, travel: i64) -> i64 {
    let instance = clockwork.instance;
    let stops = instance.stops();
    let shortest = shortest(clockwork);
    let service: i64 = clockwork.visited().map(|stop| clockwork.service(stop)).sum();
    let first = |to: StopId| {
        let by = |by: StopId| instance.travel(None, by) + clockwork.service(by) + shortest[by * stops + to];
        let ways = clockwork.visited().filter(|&stop| stop != to).map(by);
        clockwork.start().time + ways.chain([instance.travel(None, to)]).min().unwrap_or(0)
    };
    let late = |order: usize| {
        let mut arrival = first(delivery(order));
        let mut cost = 0;
        if !instance.on_board[order] {
            let begin = clockwork.begin(pickup(order), first(pickup(order)));
            cost = clockwork.lateness_cost(pickup(order), begin);
            let way = shortest[pickup(order) * stops + delivery(order)];
            arrival = begin + clockwork.service(pickup(order)) + way;
        }
        cost + clockwork.lateness_cost(delivery(order), clockwork.begin(delivery(order), arrival))
    };
    clockwork.plain(travel, travel + service) + (0..instance.orders()).map(late).sum::<i64>()
}

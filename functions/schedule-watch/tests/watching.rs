//! The rules of watching, on real tables and a clock that jumps.

mod support;
mod watching {
    pub mod channels;
    pub mod in_time;
    pub mod incidents;
    pub mod later;
    pub mod looks;
    pub mod outages;
    pub mod replays;
    pub mod silence;
}

/// Each of these on MariaDB too; what is not here has no SQL of its own.
macro_rules! on_both {
    ($($module:ident::$name:ident),* $(,)?) => {
        mod mariadb {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                crate::watching::$module::$name(crate::support::world::World::mariadb().await).await;
            })*
        }
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                crate::watching::$module::$name(crate::support::world::World::sqlite().await).await;
            })*
        }
    };
}

on_both! {
    looks::a_healthy_slot_ends_at_the_first_look,
    incidents::a_blocked_publisher_is_an_alert_within_six_seconds_and_a_replay,
    incidents::one_incident_is_told_once_and_replayed_at_each_wake,
    incidents::the_end_is_told_once_with_how_it_was,
    incidents::an_event_that_comes_twice_alerts_once,
    replays::no_replay_is_asked_for_while_one_is_under_way,
    later::each_instant_that_opens_takes_one_look,
    later::lessons_within_the_slot_that_stay_closed_are_an_alert_within_six_seconds,
    silence::a_publisher_that_fell_silent_is_an_incident_until_it_reports,
}

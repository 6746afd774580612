//! What the store promises, on MariaDB and on SQLite alike.

mod firing;
mod incidents;
mod linking;
mod runs;
mod tables;
mod watching;
mod world;

/// Each of these on each database.
macro_rules! on_both {
    ($($module:ident::$name:ident),* $(,)?) => {
        mod mariadb {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                crate::$module::$name(crate::world::World::mariadb().await).await;
            })*
        }
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                crate::$module::$name(crate::world::World::sqlite().await).await;
            })*
        }
    };
}

on_both! {
    tables::migrating_twice_changes_nothing,
    tables::older_tables_are_brought_up_to_date,
    tables::a_migration_that_broke_off_is_refused,
    tables::an_empty_database_is_refused_with_what_to_do,
    tables::readers_see_a_lesson_open_at_its_instant_whoever_publishes,
    tables::the_clock_is_never_ahead_of_the_databases_own,
    runs::a_trigger_has_one_run,
    runs::one_holder_at_a_time,
    runs::a_lease_that_expired_is_taken_with_a_new_term,
    runs::a_lost_lease_cannot_be_renewed,
    runs::only_the_newest_term_records,
    runs::a_run_that_is_done_stays_done,
    runs::the_earliest_live_slot_is_known,
    runs::runs_that_nobody_ended_are_found,
    firing::opens_what_is_due_once_and_writes_down_by_whom,
    firing::never_before_its_instant,
    firing::moved_and_cancelled_lessons_are_left_alone,
    firing::an_old_term_opens_nothing,
    firing::instants_are_counted,
    firing::what_is_due_comes_in_order_of_instant_and_id,
    firing::what_is_overdue_comes_oldest_first_and_not_all_at_once,
    firing::unguarded_workers_update_every_row_each,
    firing::every_row_once_however_many_workers_fire,
    linking::lessons_that_nobody_decided_on_are_moved,
    linking::lessons_of_a_centre_come_in_order_and_page_by_page,
    linking::times_that_are_no_instants_stop_no_other,
    linking::linked_lessons_of_a_slot_are_found,
    linking::new_lessons_are_those_that_were_never_linked,
    linking::the_newest_lesson_counts_as_seen_after_ten_minutes,
    linking::a_centres_settings_are_remembered,
    incidents::one_incident_is_open_at_a_time,
    incidents::a_publisher_that_planned_is_remembered_by_its_slot,
    incidents::each_channel_is_told_once,
    incidents::an_audit_tells_how_lessons_fared,
    watching::the_next_instant_is_that_of_a_lesson_that_has_not_opened,
    watching::a_replay_is_under_way_from_its_lease_to_its_end,
}

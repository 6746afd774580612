use lessons::database::Database;
use lessons::error::StoreError;
use lessons::migrate;

use crate::world::{World, ms};

pub async fn migrating_twice_changes_nothing(mut world: World) {
    let again = migrate::run(world.store.connection()).await.expect("migrated");
    assert_eq!(again.from, again.to);
    migrate::check(world.store.connection())
        .await
        .expect("up to date");
}

/// What an earlier version left.
pub async fn older_tables_are_brought_up_to_date(mut world: World) {
    world.execute("DROP TABLE auto_publish_mark", &[]).await;
    world
        .execute("DELETE FROM _sqlx_migrations WHERE version > 1", &[])
        .await;
    let error = migrate::check(world.store.connection()).await.expect_err("old");
    assert!(error.to_string().contains("version 1"), "{error}");
    let migrated = migrate::run(world.store.connection()).await.expect("migrated");
    assert_eq!((migrated.from, migrated.to), (1, 2));
    migrate::check(world.store.connection())
        .await
        .expect("up to date");
}

pub async fn a_migration_that_broke_off_is_refused(mut world: World) {
    world
        .execute("UPDATE _sqlx_migrations SET success = 0 WHERE version = 2", &[])
        .await;
    let error = migrate::check(world.store.connection())
        .await
        .expect_err("broken");
    assert!(error.to_string().contains("migration 2 broke off"), "{error}");
}

pub async fn an_empty_database_is_refused_with_what_to_do(mut world: World) {
    world.execute("DROP TABLE _sqlx_migrations", &[]).await;
    let error = migrate::check(world.store.connection()).await.expect_err("empty");
    let text = error.to_string();
    assert!(matches!(error, StoreError::Schema(_)), "{text}");
    assert!(text.contains("punctual migrate --database-url"), "{text}");
    // Also where a statement meets it first.
    world.execute("DROP VIEW open_lesson", &[]).await;
    world.execute("DROP TABLE lesson", &[]).await;
    let error = world.store.connection().rows("SELECT id FROM lesson", &[]).await;
    assert!(matches!(error, Err(StoreError::Schema(_))), "{error:?}");
}

pub async fn readers_see_a_lesson_open_at_its_instant_whoever_publishes(mut world: World) {
    let now = world.now().await;
    let past = world.lesson(Some(now - ms(1))).await;
    world.lesson(Some(now + ms(60_000))).await;
    world.lesson(None).await;
    let cancelled = world.lesson(Some(now - ms(1))).await;
    world
        .execute("UPDATE lesson SET status = 2 WHERE id = ?", &[cancelled.into()])
        .await;
    assert_eq!(world.number("SELECT COUNT(*) FROM open_lesson").await, 1);
    assert_eq!(world.number("SELECT MAX(id) FROM open_lesson").await, past);
}

pub async fn the_clock_is_never_ahead_of_the_databases_own(mut world: World) {
    let before = jiff::Timestamp::now() - ms(1);
    let now = world.now().await;
    assert!(before <= now && now <= jiff::Timestamp::now(), "{before} {now}");
}

#[tokio::test]
async fn a_url_that_is_none_is_named_and_its_password_is_not_shown() {
    for url in [
        "postgres://u:secret@h/d",
        "mysql://u:secret@h",
        "secret",
        "mysql://u:secret@h:port/d",
    ] {
        let error = Database::from_url(url).expect_err(url).to_string();
        assert!(
            error.starts_with("environment variable DATABASE_URL: "),
            "{error}"
        );
        assert!(!error.contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_an_error_that_may_pass() {
    let url = format!("mysql://u:p@127.0.0.1:{}/d", testkit::free_port());
    let database = Database::from_url(&url).expect("a URL");
    let error = database.connect().await.expect_err("nobody listens");
    assert!(error.is_transient(), "{error}");
    let database = Database::from_url("sqlite:/nowhere/at/all.db").expect("a URL");
    assert!(database.connect().await.is_err());
}

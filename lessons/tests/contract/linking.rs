use jiff::Timestamp;
use lessons::store::{Linking, Store as _, Whom};
use lessons::time::Slot;

use crate::world::{World, at, second_of};

const OPENS: &str = "2031-01-06T10:30:00Z";

fn week() -> Slot {
    Slot {
        begin: at("2031-01-13T00:00:00Z"),
        end: at("2031-01-20T00:00:00Z"),
    }
}

fn linking(whom: Whom) -> Linking {
    Linking {
        center: 1,
        whom,
        starts: week(),
        publish_at: at(OPENS),
        later_than: at("2031-01-01T00:00:00Z"),
    }
}

fn text(instant: &str) -> String {
    lessons::time::to_text(at(instant))
}

pub async fn a_setting_gives_its_lessons_their_instant(mut world: World) {
    let inside: Timestamp = at("2031-01-15T09:00:00Z");
    let yoga = world.lesson_of(1, "yoga", inside, None).await;
    let boxing = world.lesson_of(1, "boxing", week().begin, None).await;
    let others = [
        world.lesson_of(2, "yoga", inside, None).await,
        world.lesson_of(1, "yoga", week().end, None).await,
        world.lesson_of(1, "Yoga", inside, None).await,
    ];
    world
        .execute("UPDATE lesson SET status = 2 WHERE class_kind = 'Yoga'", &[])
        .await;
    let changed = world.store.link(&linking(Whom::Kind("yoga".to_owned()))).await;
    assert_eq!(changed.expect("linked"), 1);
    let changed = world
        .store
        .link(&linking(Whom::AllBut(vec!["yoga".to_owned()])))
        .await;
    assert_eq!(changed.expect("linked"), 1);
    for id in [yoga, boxing] {
        assert_eq!(world.text("publish_at", id).await, text(OPENS));
    }
    for id in others {
        assert_eq!(world.text("publish_at", id).await, "-");
    }
    let again = world.store.link(&linking(Whom::AllBut(Vec::new()))).await;
    assert_eq!(again.expect("linked"), 0);
}

pub async fn what_a_person_set_is_left_alone(mut world: World) {
    let own = at("2031-01-07T08:00:00Z");
    let set = world.lesson_of(1, "yoga", week().begin, Some(own)).await;
    let moved = world.lesson_of(1, "yoga", week().begin, None).await;
    let taken_away = world.lesson_of(1, "yoga", week().begin, None).await;
    let everything = linking(Whom::AllBut(Vec::new()));
    assert_eq!(world.store.link(&everything).await.expect("linked"), 2);
    world
        .execute(
            "UPDATE lesson SET publish_at = ? WHERE id = ?",
            &[own.into(), moved.into()],
        )
        .await;
    world
        .execute(
            "UPDATE lesson SET publish_at = NULL WHERE id = ?",
            &[taken_away.into()],
        )
        .await;
    let later = Linking {
        publish_at: at("2031-01-08T10:30:00Z"),
        ..everything
    };
    assert_eq!(world.store.link(&later).await.expect("linked"), 0);
    let nothing = world
        .store
        .unlink(1, &Whom::AllBut(Vec::new()), later.later_than)
        .await;
    assert_eq!(nothing.expect("unlinked"), 0);
    for id in [set, moved] {
        assert_eq!(world.text("publish_at", id).await, lessons::time::to_text(own));
    }
    assert_eq!(world.text("publish_at", taken_away).await, "-");
}

pub async fn a_changed_setting_moves_what_is_not_open(mut world: World) {
    let scheduled = world.lesson_of(1, "yoga", week().begin, None).await;
    let open = world.lesson_of(1, "yoga", week().begin, None).await;
    world
        .store
        .link(&linking(Whom::AllBut(Vec::new())))
        .await
        .expect("linked");
    world
        .execute("UPDATE lesson SET status = 1 WHERE id = ?", &[open.into()])
        .await;
    let moved = Linking {
        publish_at: at("2031-01-07T10:30:00Z"),
        ..linking(Whom::AllBut(Vec::new()))
    };
    // What is due by then is not put off.
    let too_late = Linking {
        later_than: at(OPENS),
        ..moved.clone()
    };
    assert_eq!(world.store.link(&too_late).await.expect("linked"), 0);
    assert_eq!(world.store.link(&moved).await.expect("linked"), 1);
    assert_eq!(
        world.text("publish_at", scheduled).await,
        text("2031-01-07T10:30:00Z")
    );
    assert_eq!(world.text("publish_at", open).await, text(OPENS));
}

pub async fn what_no_setting_covers_loses_its_instant(mut world: World) {
    let yoga = world.lesson_of(1, "yoga", week().begin, None).await;
    let boxing = world.lesson_of(1, "boxing", week().begin, None).await;
    world
        .store
        .link(&linking(Whom::AllBut(Vec::new())))
        .await
        .expect("linked");
    let but_boxing = Whom::AllBut(vec!["boxing".to_owned()]);
    let now = at("2031-01-02T00:00:00Z");
    assert_eq!(
        world.store.unlink(1, &but_boxing, now).await.expect("unlinked"),
        1
    );
    assert_eq!(world.text("publish_at", yoga).await, "-");
    assert_eq!(world.text("publish_at", boxing).await, text(OPENS));
    // It is as if it had never been linked.
    assert_eq!(
        world
            .store
            .link(&linking(Whom::AllBut(Vec::new())))
            .await
            .expect("linked"),
        1
    );
}

pub async fn single_lessons_are_moved_if_nobody_moved_them(mut world: World) {
    let auto = world.lesson_of(1, "yoga", week().begin, None).await;
    let manual = world.lesson_of(1, "yoga", week().begin, Some(at(OPENS))).await;
    world
        .store
        .link(&linking(Whom::AllBut(Vec::new())))
        .await
        .expect("linked");
    let linked = world.store.linked(second_of(at(OPENS))).await.expect("lessons");
    assert_eq!(linked.len(), 1);
    let found = &linked[0];
    assert_eq!(
        (found.id, found.center, found.class_kind.as_str()),
        (auto, 1, "yoga")
    );
    assert_eq!((found.starts_at, found.publish_at), (week().begin, at(OPENS)));
    let to = at("2031-01-07T10:30:00Z");
    let moved = world.store.relink(&[auto, manual], at(OPENS), Some(to)).await;
    assert_eq!(moved.expect("moved"), 1);
    assert_eq!(world.text("publish_at", auto).await, text("2031-01-07T10:30:00Z"));
    assert_eq!(
        world.store.relink(&[auto], at(OPENS), None).await.expect("moved"),
        0
    );
    assert_eq!(world.store.relink(&[auto], to, None).await.expect("moved"), 1);
    assert_eq!(world.text("publish_at", auto).await, "-");
}

pub async fn what_was_seen_is_remembered(mut world: World) {
    assert_eq!(world.store.seen().await.expect("seen"), Default::default());
    let first = world.lesson_of(1, "yoga", week().begin, None).await;
    let last = world.lesson_of(2, "yoga", at("2031-01-14T00:00:00Z"), None).await;
    assert_eq!(world.store.added(0).await.expect("added").1, last);
    assert_eq!(world.store.added(first).await.expect("added"), (vec![2], last));
    assert_eq!(world.store.added(last).await.expect("added"), (vec![], last));
    for digest in ["old", "new"] {
        world.store.mark_seen(7, digest, 0).await.expect("marked");
    }
    world.store.mark_seen(0, "", last).await.expect("marked");
    let seen = world.store.seen().await.expect("seen");
    assert_eq!(seen.settings.get(&7).map(String::as_str), Some("new"));
    assert_eq!((seen.settings.len(), seen.lesson), (1, Some(last)));
    let span = world
        .store
        .span(1, at("2031-01-01T00:00:00Z"))
        .await
        .expect("a span");
    assert_eq!(span, Some((week().begin, week().begin)));
    assert_eq!(world.store.span(1, week().begin).await.expect("a span"), None);
}

//! The time-series store: who is found, what is read back, and what clones share.

use wheel_of_misfortune::observe::series::{Labels, MatchOp, Matcher, STALE, SeriesId, SeriesStore, is_stale};

fn store() -> (SeriesStore, Vec<SeriesId>) {
    let mut store = SeriesStore::new();
    let ids = [("up", "api", "0"), ("up", "api", "1"), ("up", "db", "0"), ("http_requests_total", "api", "0")]
        .map(|(name, job, instance)| store.series(Labels::metric(name, [("job", job), ("instance", instance)])))
        .to_vec();
    (store, ids)
}

fn matcher(name: &str, op: MatchOp, value: &str) -> Matcher {
    Matcher::new(name, op, value).unwrap()
}

fn all(store: &SeriesStore, id: SeriesId) -> Vec<(i64, f64)> {
    store.samples(id, i64::MIN, i64::MAX).collect()
}

#[test]
fn labels_are_sorted_unique_and_never_empty() {
    let labels = Labels::new([("b", "1"), ("a", "2"), ("b", "3"), ("c", "")]);
    assert_eq!(labels.iter().collect::<Vec<_>>(), [("a", "2"), ("b", "3")]);
    assert_eq!(labels, Labels::new([("a", "2"), ("b", "3")]));
    assert_eq!((labels.get("b"), labels.get("c")), (Some("3"), None));
    assert!(Labels::new([("a", "1")]) < Labels::new([("a", "2")]));
    assert_eq!(Labels::metric("up", [("job", "a\"b")]).to_string(), "up{job=\"a\\\"b\"}");
    assert_eq!(Labels::default().to_string(), "{}");
    assert_eq!(labels.with("a", "").to_string(), "{b=\"3\"}");
    assert_eq!(serde_json::to_string(&labels).unwrap(), r#"{"a":"2","b":"3"}"#);
}

#[test]
fn select_takes_all_matchers_and_absent_labels_as_empty() {
    let (mut store, ids) = store();
    let lone = store.series(Labels::new([("zone", "a\nb")]));
    let found = |matchers: &[Matcher]| store.select(matchers);
    use MatchOp::{Equal, NotEqual, NotRegex, Regex};
    let up = matcher("__name__", Equal, "up");
    assert_eq!(found(std::slice::from_ref(&up)), [ids[0], ids[2], ids[1]]);
    assert_eq!(found(&[up.clone(), matcher("job", NotEqual, "api")]), [ids[2]]);
    assert_eq!(found(&[up.clone(), matcher("job", Regex, "a.i|x")]), ids[..2]);
    // Anchored at both ends, also with an alternative in it.
    assert_eq!(found(&[matcher("job", Regex, "ap|pi")]), []);
    assert_eq!(found(&[matcher("job", NotRegex, "api|db")]), [lone]);
    assert_eq!(found(&[matcher("job", Equal, "")]), [lone]);
    assert_eq!(found(&[matcher("job", NotEqual, ""), matcher("instance", Equal, "1")]), [ids[1]]);
    // A dot matches a line end.
    assert_eq!(found(&[matcher("zone", Regex, "a.b")]), [lone]);
    assert_eq!(found(&[matcher("zone", Equal, "b")]), []);
    // By labels, not by age: the name "http_requests_total" is the smaller.
    assert_eq!(found(&[matcher("job", Regex, ".+")]), [ids[3], ids[0], ids[2], ids[1]]);
    assert_eq!(found(&[]).len(), 5);
    assert!(Matcher::new("a", Regex, "(").is_err());
    assert_eq!(store.values("job").collect::<Vec<_>>(), ["api", "db"]);
    assert_eq!(store.names().collect::<Vec<_>>(), ["__name__", "instance", "job", "zone"]);
}

#[test]
fn only_later_samples_are_appended() {
    let (mut store, ids) = store();
    assert_eq!(store.series(store.labels(ids[1]).clone()), ids[1], "the same labels are the same series");
    assert!(store.append(ids[0], 1000, 1.0));
    assert!(!store.append(ids[0], 1000, 2.0), "a second one at the same time");
    assert!(!store.append(ids[0], 999, 2.0), "an older one");
    assert!(!store.append(SeriesId(99), 1000, 2.0), "an unknown series");
    assert!(store.append(ids[0], 1001, 3.0));
    assert_eq!(all(&store, ids[0]), [(1000, 1.0), (1001, 3.0)]);
    assert_eq!((store.len(), store.sample_count()), (4, 2));
    assert!(store.labels(SeriesId(99)).is_empty());
}

#[test]
fn a_series_ends_with_a_marker_that_is_not_any_nan() {
    let (mut store, ids) = store();
    assert!(store.append(ids[0], 1, f64::NAN));
    assert!(store.mark_stale(ids[0], 2));
    let values: Vec<bool> = all(&store, ids[0]).iter().map(|(_, v)| is_stale(*v)).collect();
    assert_eq!(values, [false, true]);
    assert_eq!(STALE.to_bits(), 0x7ff0_0000_0000_0002);
    assert!(store.last(ids[0]).is_some_and(|(t, v)| t == 2 && is_stale(v)));
}

#[test]
fn samples_are_read_by_time_across_chunks() {
    let (mut store, ids) = store();
    for n in 0..1000 {
        assert!(store.append(ids[0], n * 10, n as f64));
    }
    let expected: Vec<(i64, f64)> = (0..1000).map(|n| (n * 10, n as f64)).collect();
    // Every window against the plain list, with ends on samples, between them and outside.
    for after in [-100, -1, 0, 5, 630, 640, 645, 1270, 9990, 20_000] {
        for upto in [-50, 0, 9, 640, 1280, 1285, 9989, 9990, 30_000] {
            let plain: Vec<_> = expected.iter().filter(|(t, _)| *t > after && *t <= upto).copied().collect();
            assert_eq!(store.samples(ids[0], after, upto).collect::<Vec<_>>(), plain, "{after}..{upto}");
            assert_eq!(store.latest(ids[0], after, upto), plain.last().copied(), "latest {after}..{upto}");
        }
    }
    assert_eq!(store.last(ids[0]), Some((9990, 999.0)));
    assert_eq!(store.samples(ids[1], i64::MIN, i64::MAX).count(), 0);
}

#[test]
fn a_clone_is_another_store() {
    let (mut store, ids) = store();
    for n in 0..200 {
        store.append(ids[0], n, n as f64);
    }
    let before = store.clone();
    assert!(store.append(ids[0], 200, 200.0));
    store.series(Labels::metric("new", [("a", "b")]));
    assert_eq!((before.len(), before.sample_count(), before.last(ids[0])), (4, 200, Some((199, 199.0))));
    assert_eq!((store.len(), store.sample_count(), store.last(ids[0])), (5, 201, Some((200, 200.0))));
    let mut other = before.clone();
    assert!(other.append(ids[0], 500, 0.0));
    assert_eq!(all(&store, ids[0]).len(), 201);
    assert_eq!(all(&other, ids[0]).last(), Some(&(500, 0.0)));
}

#[test]
fn old_samples_go_in_chunks_and_the_newest_chunk_stays() {
    let (mut store, ids) = store();
    for n in 0..1000 {
        store.append(ids[0], n, 1.0);
        store.append(ids[1], n, 1.0);
    }
    let before = store.clone();
    store.drop_before(500);
    let kept = all(&store, ids[0]);
    assert!(kept.first().is_some_and(|(t, _)| *t <= 500 && *t > 400), "{:?}", kept.first());
    assert_eq!(kept.last(), Some(&(999, 1.0)));
    assert_eq!(store.sample_count(), 2 * kept.len() as u64);
    store.drop_before(i64::MAX);
    assert!(all(&store, ids[0]).len() <= 64);
    assert_eq!(store.last(ids[0]), Some((999, 1.0)));
    assert!(!store.append(ids[0], 999, 1.0), "what is dropped cannot come back");
    assert_eq!(before.sample_count(), 2000, "a clone keeps its own");
    assert_eq!(all(&before, ids[0]).len(), 1000);
}

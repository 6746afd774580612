//! A route's path, as API Gateway writes it and as matchit does.

/// The names in `/a/{id}/{rest+}`: `id`, `rest`.
pub(super) fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        Some(name.trim_end_matches('+'))
    })
}

/// The path in matchit's words, with positions for names: two routes may call
/// the same segment differently.
pub(super) fn pattern(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    for (position, segment) in path.split('/').enumerate() {
        if position > 0 {
            pattern.push('/');
        }
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) if name.ends_with('+') => pattern.push_str(&format!("{{*p{position}}}")),
            Some(_) => pattern.push_str(&format!("{{p{position}}}")),
            None => pattern.push_str(segment),
        }
    }
    pattern
}

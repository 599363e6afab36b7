//! The published schema, in the SQL of each kind of database.

/// The schema for `sqlite`, `postgresql` or `mysql`: every table and column with its meaning.
pub fn text(server: &str) -> Option<&'static str> {
    match server {
        "sqlite" => Some(include_str!("../../schemas/campus.sql")),
        "postgresql" => Some(include_str!("../../schemas/campus.postgresql.sql")),
        "mysql" => Some(include_str!("../../schemas/campus.mysql.sql")),
        _ => None,
    }
}

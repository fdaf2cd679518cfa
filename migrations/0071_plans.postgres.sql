-- SQLite is given figures of the sizes of things; PostgreSQL gathers its own, and is asked to begin with it.
analyze comment;

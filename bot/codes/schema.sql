CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    system TEXT NOT NULL,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    effective TEXT NOT NULL,
    counts TEXT NOT NULL
);
CREATE TABLE releases (
    id INTEGER PRIMARY KEY,
    system TEXT NOT NULL,
    name TEXT NOT NULL,
    effective TEXT NOT NULL,
    until TEXT,
    files TEXT NOT NULL,
    notes_from TEXT NOT NULL,
    codes INTEGER NOT NULL,
    headers INTEGER NOT NULL,
    modifiers INTEGER NOT NULL,
    UNIQUE (system, effective)
);
-- A version of an entry each. Ids are the order of the search index: systems in bands, the likeliest first.
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    system TEXT NOT NULL,
    key TEXT NOT NULL,
    size INTEGER NOT NULL, -- characters of the key, so that short codes come first cheaply
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    level TEXT NOT NULL,
    parent TEXT,
    position INTEGER NOT NULL, -- place in the order of the tabular list
    since TEXT,
    until TEXT,
    gone INTEGER NOT NULL, -- whether no release tells the last day, and until is the latest it can be
    release INTEGER NOT NULL REFERENCES releases (id),
    standard TEXT, -- of a header: the key of the code taken when nothing more is said
    sevenths TEXT NOT NULL,
    facts TEXT NOT NULL
);
CREATE TABLE notes (
    entry INTEGER NOT NULL REFERENCES entries (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (entry, position)
) WITHOUT ROWID;
CREATE TABLE definitions (
    section TEXT NOT NULL,
    axis INTEGER NOT NULL,
    title TEXT NOT NULL,
    definition TEXT NOT NULL,
    explanation TEXT NOT NULL,
    includes TEXT NOT NULL,
    PRIMARY KEY (section, axis, title)
) WITHOUT ROWID;

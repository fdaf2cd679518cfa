-- What readers say of a comment without words: helpful (counted, public) and
-- thanks (between the two of them). One of a kind per person and comment.

create table reaction (
    comment uuid not null references comment (id),
    kind text not null,
    person uuid not null references person (id),
    site uuid not null references site (id),
    created_at bigint not null,
    primary key (comment, kind, person)
);
create index reaction_person on reaction (person);

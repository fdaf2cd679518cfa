-- A session that is good on one blog's pages alone, for deciding there: see docs/adr/0026.
alter table session add column site uuid references site (id); -- null: the admin's own pages, and every site

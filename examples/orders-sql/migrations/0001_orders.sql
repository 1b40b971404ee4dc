-- One row is one order. SQLite takes these types by their names.
CREATE TABLE orders (
	id        uuid        PRIMARY KEY, -- version 7: later orders have greater ids
	version   integer     NOT NULL,
	created   timestamptz NOT NULL,
	status    text        NOT NULL CHECK (status IN ('open', 'paid', 'shipped', 'cancelled')),
	customer  text        NOT NULL,
	reference text,
	items     jsonb       NOT NULL,
	cents     bigint      NOT NULL, -- the price of all items
	note      text        NOT NULL,
	UNIQUE (customer, reference)
);

CREATE INDEX orders_of_customer ON orders (customer, id);

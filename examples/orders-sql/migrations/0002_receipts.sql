-- An order cannot be deleted while it has a receipt.
CREATE TABLE receipts (
	order_id   uuid  PRIMARY KEY REFERENCES orders (id),
	media_type text  NOT NULL,
	content    bytea NOT NULL
);

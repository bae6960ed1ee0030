"""What admins of a server read: `panel`, `forms`, `values`, `answers`, `effects`, `usage`, `transfer`."""

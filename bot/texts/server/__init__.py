"""What admins of a server read: `panel`, `forms`, `values`, `answers`, `usage`, `transfer`."""

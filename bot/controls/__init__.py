"""What people do to a result: buttons and reactions. Each only finds out who does what to which job."""

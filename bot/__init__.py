"""The Discord side: events in, answers out. Rendering and posting happen in `worker`."""

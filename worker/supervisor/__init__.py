"""`python -m worker`: one engine, its slots and a poster, kept alive together and ended in order.

Where to look:
    host        several cards: a worker for each, one poster for all
    main        settings, signals, the order of the end
    child       one process: start, restart with backoff, its output
    metrics     what all parts count, in one place for Prometheus
    heartbeat   once a second: tell Redis what can be drawn, reap
"""

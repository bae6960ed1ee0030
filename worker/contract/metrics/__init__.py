"""Metrics of bot and workers: what is counted, where it is kept, how Prometheus reads it.

    table      every metric: name, kind, labels, and which values a label may have
    counts     where something is counted, as those see it who count
    board      the metrics of one process, and their text
    lines      a metric's change as one line, for processes that end before anybody asks them
    serve      `GET /metrics` at an address

No label ever holds what a person or a server can choose: `board` lets pass what `table` names, and the ids of models in
the operator's catalogue.
"""

"""What import-linter's contracts do not say: that no file of bot or worker needs itself, by whatever way."""

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest


@pytest.mark.parametrize("room", ["bot", "worker"])
def test_no_file_imports_itself_by_way_of_others(room: str) -> None:
    """Imports within functions and for type checkers count: who reads a file has to read those, too."""
    graph = grimp.build_graph(room, exclude_type_checking_imports=False, cache_dir=None)
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        pytest.fail(" ← ".join(error.args[1]))

"""Questions stay within what the bus takes."""

from jade_common.client.asking import batched


def test_batches_keep_order_count_and_size():
    lines = [{"id": number, "x": "y" * 100} for number in range(250)]
    by_count = list(batched(lines, 100, 1_000_000))
    by_size = list(batched(lines, 100, 1_200))
    assert [len(batch) for batch in by_count] == [100, 100, 50]
    assert all(1 <= len(batch) <= 10 for batch in by_size)
    assert [line for batch in by_size for line in batch] == lines
    assert [len(batch) for batch in batched(lines[:3], 100, 10)] == [1, 1, 1]
    assert list(batched([], 100, 10)) == []

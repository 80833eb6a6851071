"""Turns of threads at the interpreter: how many compute at a time, who is next, and who waits for nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest

from agents.llm.turns import FIRST_GAP_S, GROUP, MAX_GAP_S, Turns

_WAIT_S = 10


def _started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_no_more_threads_than_turns_compute_at_a_time() -> None:
    turns, lock = Turns(2, starts=12), threading.Lock()
    at_work: set[int] = set()
    most: list[int] = []

    def work() -> None:
        for _ in range(50):
            with turns.taken():
                with lock:
                    at_work.add(threading.get_ident())
                    most.append(len(at_work))
                with turns.given_up(), lock:
                    at_work.discard(threading.get_ident())
                with lock:
                    at_work.add(threading.get_ident())
                    most.append(len(at_work))
                    at_work.discard(threading.get_ident())

    for thread in [_started(work) for _ in range(12)]:
        thread.join(_WAIT_S)
        assert not thread.is_alive()

    assert len(most) == 12 * 50 * 2
    assert max(most) <= 2


def test_thread_that_waits_for_something_lets_another_one_compute() -> None:
    turns, has_computed = Turns(1, starts=9), threading.Event()

    def compute() -> None:
        with turns.taken():
            has_computed.set()

    with turns.taken():
        other = _started(compute)
        assert not has_computed.wait(0.1)
        with turns.given_up():
            assert has_computed.wait(_WAIT_S)
    other.join(_WAIT_S)
    assert not other.is_alive()


def test_work_in_progress_goes_before_new_work() -> None:
    turns, order = Turns(1, starts=9), list[str]()
    may_return, is_waiting = threading.Event(), threading.Event()

    def in_progress() -> None:
        with turns.taken():
            with turns.given_up():
                is_waiting.set()
                may_return.wait(_WAIT_S)
            order.append("in progress")

    def new() -> None:
        with turns.taken():
            order.append("new")

    first = _started(in_progress)
    assert is_waiting.wait(_WAIT_S)
    with turns.taken():
        second = _started(new)
        _until(lambda: len(turns._starting) == 1)
        may_return.set()
        _until(lambda: len(turns._returning) == 1)
    for thread in (first, second):
        thread.join(_WAIT_S)

    assert order == ["in progress", "new"]


def test_few_threads_start_at_a_time() -> None:
    """The others have not claimed their jobs yet: another process may take them."""
    turns, lock, may_go_on = Turns(4, starts=2), threading.Lock(), threading.Event()
    claimed, calling = list[int](), list[int]()

    def run(number: int) -> None:
        with turns.starting():
            with lock:
                claimed.append(number)
            if number < 2:
                may_go_on.wait(_WAIT_S)
            with turns.taken(), turns.given_up(), lock:
                calling.append(number)

    first = [_started(partial(run, number)) for number in range(2)]
    _until(lambda: len(claimed) == 2)
    others = [_started(partial(run, number)) for number in range(2, 8)]
    threading.Event().wait(0.1)
    assert len(claimed) == 2
    may_go_on.set()
    for thread in (*first, *others):
        thread.join(_WAIT_S)

    assert sorted(claimed) == sorted(calling) == list(range(8))


def test_place_is_free_again_once_a_thread_waits_for_its_model() -> None:
    turns, is_starting = Turns(1, starts=1), threading.Event()

    def start() -> None:
        with turns.starting():
            is_starting.set()

    with turns.starting(), turns.taken():
        other = _started(start)
        assert not is_starting.wait(0.1)
        with turns.given_up():
            assert is_starting.wait(_WAIT_S)
    other.join(_WAIT_S)
    assert turns._places.acquire(blocking=False)


def test_groups_of_starts_are_as_far_apart_as_their_jobs_take_of_the_processor() -> None:
    now, cpu_s = [100.0], [5.0]
    turns = Turns(1, starts=9, clock=lambda: now[0], cpu_clock=lambda: cpu_s[0])

    def waits_of_three_groups() -> list[float]:
        waits = [turns._wait_s() for _ in range(3 * GROUP)]
        assert [waits[0]] * GROUP + [waits[GROUP]] * GROUP + [waits[-1]] * GROUP == waits
        return waits[::GROUP]

    assert waits_of_three_groups() == pytest.approx([0, GROUP * FIRST_GAP_S, 2 * GROUP * FIRST_GAP_S])

    # A second in which 200 jobs were finished, and took 0.8 s of the processor.
    for _ in range(199):
        turns._count_finished()
    now[0], cpu_s[0] = 101.0, 5.8
    turns._count_finished()
    assert waits_of_three_groups() == pytest.approx([0, GROUP * 0.004, 2 * GROUP * 0.004])

    # One job in a second that the upkeep filled.
    now[0], cpu_s[0] = 102.0, 6.3
    turns._count_finished()
    assert waits_of_three_groups() == pytest.approx([0, GROUP * MAX_GAP_S, 2 * GROUP * MAX_GAP_S])


def test_turn_is_given_back_after_an_error() -> None:
    turns = Turns(1, starts=9)

    for _ in range(3):
        try:
            with turns.taken(), turns.given_up():
                raise ValueError
        except ValueError:
            pass

    assert turns._free == 1


def test_thread_without_a_turn_gives_none_up() -> None:
    turns = Turns(1, starts=9)

    with turns.given_up():
        assert turns._free == 1


def _until(is_true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(_WAIT_S * 1000):
        if is_true():
            return
        pause.wait(0.001)
    raise AssertionError("It did not happen.")

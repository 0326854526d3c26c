"""Several builds that ask for the same at the same time."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future

import pytest

from nissc1.publish.sharing import Sharing
from nissc1.publish.tasks import Executed, Task


class Slow:
    """Workers whose tasks end when the test says so."""

    size = 3

    def __init__(self):
        self.asked = []

    def submit(self, task):
        self.asked.append((task, Future()))
        return self.asked[-1][1]

    def press(self, call):
        made = Future()
        made.set_result(call(None))
        return made


def task(name="first", **parameters):
    return Task(name, "source", parameters or None, {"NISSC1_COMMIT": "abc"})


@pytest.fixture
def slow():
    return Slow()


def test_the_same_task_is_begun_once_and_everybody_gets_its_result(slow):
    sharing = Sharing(slow)
    futures = [sharing.submit(task()) for _ in range(3)]
    made = Executed("{}", {})
    slow.asked[0][1].set_result(made)
    assert len(slow.asked) == 1
    assert [future.result(0) for future in futures] == [made] * 3


def test_another_notebook_or_another_value_is_another_task(slow):
    sharing = Sharing(slow)
    for each in (task(), task("second"), task(conf_level=0.9), task(conf_level=0.8)):
        sharing.submit(each)
    assert len(slow.asked) == 4


def test_what_has_ended_is_begun_anew_when_it_is_asked_for_again(slow):
    sharing = Sharing(slow)
    sharing.submit(task())
    slow.asked[0][1].set_result(Executed("{}", {}))
    sharing.submit(task())
    assert len(slow.asked) == 2


def test_who_gives_up_takes_the_result_from_nobody_else(slow):
    sharing = Sharing(slow)
    given_up, waiting = sharing.submit(task()), sharing.submit(task())
    assert given_up.cancel()
    slow.asked[0][1].set_result(Executed("{}", {}))
    assert waiting.result(0) == Executed("{}", {})
    assert given_up.cancelled()


def test_a_fault_and_a_loss_reach_everybody(slow):
    sharing = Sharing(slow)
    futures = [sharing.submit(task()), sharing.submit(task())]
    slow.asked[0][1].set_exception(ValueError("why"))
    assert [str(future.exception(0)) for future in futures] == ["why", "why"]
    lost = sharing.submit(task())
    slow.asked[1][1].cancel()
    slow.asked[1][1].set_running_or_notify_cancel()
    assert isinstance(lost.exception(0), CancelledError)


def test_books_and_the_number_of_places_are_those_of_the_workers(slow):
    sharing = Sharing(slow)
    assert sharing.size == 3
    assert sharing.press(lambda nursery: nursery).result(0) is None

"""What a run left is given back to the system, also where something that stays lies between."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from tests.cli_runner import ROOT

#: Fills the heap with blocks of some size, lets all but a few go, and prints the mebibytes in use at each step.
PROGRAM = """
import os, sys
from ingest.heap import give_back, stay_small
from tests.processes import memory

def used():
    return memory(os.getpid()) // 2**20

class Loop:
    def __init__(self, blocks):
        self.blocks, self.self = blocks, self

size = int(sys.argv[1])
stay_small()
before = used()
loop = Loop([bytes([count % 256]) * size for count in range(64 * 1024 * 1024 // size)])
most = used()
stays = loop.blocks[::200]
del loop
give_back()
print(before, most, used())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="malloc_trim is glibc's")
@pytest.mark.parametrize("size", [1000, 40_000, 1_000_000])
def test_what_is_free_goes_back_to_the_system(size: int) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, str(size)],
        env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    before, most, after = map(int, done.stdout.split())

    assert most - before > 55
    assert after - before < 8

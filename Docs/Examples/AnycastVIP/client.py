"""Keeps 40 connections to 192.0.2.10 and opens others one after another; SIGUSR1 makes it say what became of them so far.

Every connection sends a line each 100 ms and expects it back from the server that it began with. Written on SIGUSR1:
KEPT BROKEN SHORT FAILED GAP, connections that are kept and that broke, short ones that went well and that failed, and
the longest time in milliseconds without an answer, all since the last time; and once at the beginning.
"""

import asyncio
import signal
import time

ADDRESS = ("192.0.2.10", 80)
counts = {"kept": 0, "broken": 0, "short": 0, "failed": 0, "gap": 0.0}


async def say(reader, writer, text):
    start = time.monotonic()
    writer.write(text.encode() + b"\n")
    answer = await asyncio.wait_for(reader.readline(), 10)
    counts["gap"] = max(counts["gap"], time.monotonic() - start)
    name, _, rest = answer.decode().strip().partition(" ")
    if rest != text:
        raise ConnectionError(f"answered {answer!r}")
    return name


async def keep(number):
    writer = None
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(*ADDRESS), 10)
        counts["kept"] += 1
        first = await say(reader, writer, f"{number} 0")
        for turn in range(1, 100_000):
            await asyncio.sleep(0.1)
            if await say(reader, writer, f"{number} {turn}") != first:
                raise ConnectionError("another server")
    except (OSError, asyncio.TimeoutError):
        counts["broken"] += 1
        counts["kept"] -= 1 if writer else 0
    finally:
        if writer:
            writer.close()


async def open_others():
    while True:
        start = time.monotonic()
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_connection(*ADDRESS), 10)
            counts["gap"] = max(counts["gap"], time.monotonic() - start)
            await say(reader, writer, "hello")
            writer.close()
            counts["short"] += 1
        except (OSError, asyncio.TimeoutError):
            counts["failed"] += 1
        await asyncio.sleep(0.03)


def tell():
    print(*(counts[name] for name in ("kept", "broken", "short", "failed")), round(counts["gap"] * 1000), flush=True)
    counts.update(broken=0, short=0, failed=0, gap=0.0)


async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, tell)
    tell()
    await asyncio.gather(open_others(), *(keep(number) for number in range(40)))


asyncio.run(main())

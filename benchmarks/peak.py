"""Run a command and write its seconds and its peak of resident memory in MB to a file.

The kernel counts the memory of the process that starts a command as the command's own: so this
process is small, and imports nothing.
"""

import os
import signal
import sys
import time

file, *command = sys.argv[1:]
began = time.perf_counter()
pid = os.posix_spawn(command[0], command, os.environ)
# the command ends, and with it this process; Ctrl-C has reached it already
signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
signal.signal(signal.SIGINT, lambda *_: None)
_, status, usage = os.wait4(pid, 0)
with open(file, "w", encoding="ascii") as out:  # noqa: PTH123 - pathlib is large
    print(time.perf_counter() - began, usage.ru_maxrss / 1024, file=out)
sys.exit(os.waitstatus_to_exitcode(status) & 255)

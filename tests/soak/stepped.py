"""The server command, by a clock that is off: `SOAK_CLOCK=-5 python -m tests.soak.stepped` runs five seconds behind."""

import os
import sys
import time

import time_machine
from gunicorn.app.wsgiapp import run

if __name__ == "__main__":
    sys.argv = ["gunicorn", "config.wsgi"]
    time_machine.travel(time.time() + float(os.environ["SOAK_CLOCK"]), tick=True).start()
    run()

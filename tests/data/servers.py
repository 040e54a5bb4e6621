"""A dispatcher or a worker of a `tf.data.service`, as a process; says its address and serves."""

import sys
import time

from mmfusion.data.service import dispatcher, worker

if __name__ == "__main__":
    server = worker(sys.argv[1]) if len(sys.argv) > 1 else dispatcher()
    address = "" if len(sys.argv) > 1 else server.target.removeprefix("grpc://")
    sys.stdout.write(f"ready {address}\n")
    sys.stdout.flush()
    time.sleep(600)

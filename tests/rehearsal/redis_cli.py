"""Stands in for redis-cli, which the wheel of Valkey lacks: ``redis-cli ping`` with the password in REDISCLI_AUTH."""

import os
import socket
import sys


def main() -> None:
    """Print what the server on REDIS_PORT answers."""
    with socket.create_connection(("127.0.0.1", int(os.environ["REDIS_PORT"])), timeout=3) as connection:
        connection.sendall(f"AUTH {os.environ['REDISCLI_AUTH']}\r\n{sys.argv[1].upper()}\r\n".encode())
        answer = b""
        while answer.count(b"\r\n") < len(sys.argv):
            answer += connection.recv(100) or sys.exit("the server hung up")
    sys.stdout.write(answer.decode().splitlines()[-1].lstrip("+") + "\n")


if __name__ == "__main__":
    main()

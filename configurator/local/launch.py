"""Become a program that cannot outlive its parent: ``launch.py PARENT SIGNAL IDENTITY PROGRAM ARGUMENT…``.

PARENT is the process to die with, SIGNAL what the kernel sends when it dies.  IDENTITY is
``same``, ``unmapped`` (root shown as nobody, or by ``unmapped:UID`` as another, inside a user namespace of its
own: PostgreSQL refuses to run as root) or ``uid:gid``.  Run as a file with ``python -I -S``: it needs the standard
library only.
"""

import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534


def die_with(parent: int, signal: int) -> None:
    """Let the kernel send ``signal`` to this process when ``parent`` ends; exit when it has ended already."""
    # macOS has no such call: there the runner stops its children itself, in its signal handlers.
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def unmap(shown: int) -> None:
    """Move into a new user namespace where root's own files belong to ``shown``; OSError where that is forbidden."""
    uid, gid = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{shown} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{shown} {gid} 1")


def become(identity: str) -> None:
    if identity.startswith("unmapped"):
        unmap(int(identity.partition(":")[2] or NOBODY))
    elif identity != "same":
        uid, gid = map(int, identity.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def main(parent: str, signal: str, identity: str, *argv: str) -> None:
    """Take on the identity, tie the life to the parent (a change of identity would untie it), and exec."""
    become(identity)
    die_with(int(parent), int(signal))
    os.execv(argv[0], argv)  # noqa: S606  no shell is wanted


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(f"{sys.argv[4]}: {error}")

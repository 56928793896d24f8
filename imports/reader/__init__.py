"""The reader of files: a program of its own, run in a child process with limits, since a file may be hostile.

It imports nothing of the project but this package, gets no environment, and writes what it reads as lines of JSON.
"""

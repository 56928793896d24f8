"""Bring in: servers, queues and addresses from files, looked at row by row before anything is written.

Rows are judged by the forms of the screens and written by their services, so that no rule exists twice. The services'
events are collected and recorded last, from the rows of the dry run, which they have to agree with. Servers, which are
few and have secrets, go through form and service one by one, and are taken back in the dry run.
"""

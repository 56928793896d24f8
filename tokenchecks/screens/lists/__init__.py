"""The lists of servers and addresses by what their checks found."""

"""`make rehearse`: what docker-compose.yml and the Dockerfile say, as processes on this machine."""

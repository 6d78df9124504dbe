"""`python -m executor`."""

from .cli import main

main()

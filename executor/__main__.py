"""`python -m executor`, for where the command is not on the PATH."""

from .cli.main import main

main()

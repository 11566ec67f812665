"""`python -m bookonce`."""

from bookonce.cli import main

main()

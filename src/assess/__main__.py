"""`python -m assess`: the command line."""

from assess.cli import main

if __name__ == "__main__":
    main()

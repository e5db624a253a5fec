"""One file a command: its arguments and its `run`, which returns the exit status or raises WasmbuildError."""

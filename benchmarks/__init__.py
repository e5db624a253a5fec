"""What wasmbuild promises about its own cost, measured beside others in one run: `python -m benchmarks`."""

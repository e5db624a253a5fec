/* Nothing of Python's is asked for. */

int missing_data = 7;

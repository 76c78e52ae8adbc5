"""How many will eat: forecasts of covers with their intervals, what the kitchen says beforehand, how many to cook."""

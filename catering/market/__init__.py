"""Who sells what to the kitchens, at which price, under which label and in which quantity."""

"""The outbox: letters that leave by mail once what they tell is kept, each with its retries."""

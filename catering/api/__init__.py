"""The one door to the data: the GraphQL schema, its context, its limits and the address that serves it."""

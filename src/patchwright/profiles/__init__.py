"""Ready resources: four documented update endpoints, each a value made of declarations."""

"""Pure decisions about problems: states, trees of whys, the weight of a failure, a fishbone as a picture."""

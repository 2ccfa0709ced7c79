"""The store as customers meet it: floor, store graph, walking distances, habits, exposure."""

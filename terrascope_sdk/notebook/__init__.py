"""Views for notebooks: chains, maps and masks to look at, touch, correct and teach with."""

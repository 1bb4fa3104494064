"""What water does to roads, paths and doors: depths and speeds along lines, limits by class, a flood on the clock."""

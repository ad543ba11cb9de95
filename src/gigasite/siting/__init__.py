"""Where sites are: GeoDataFrames in, plain tables out."""

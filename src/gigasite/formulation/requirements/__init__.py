"""What a plan has to satisfy; one file each, written on the shared sums."""

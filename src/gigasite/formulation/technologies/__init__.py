"""What supplies, stores, carries or sheds power; one file each."""
